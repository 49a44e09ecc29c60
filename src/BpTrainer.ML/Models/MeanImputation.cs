using System.Runtime.InteropServices;
using BpTrainer.Files;

namespace BpTrainer.ML;

/// <summary>
/// What a network gets in place of features that are missing: the mean of the feature, and behind the features an input for each of them that
/// was missing in a training row, which is 1 where it is missing and 0 elsewhere.
/// </summary>
/// <remarks>
/// The mean alone would hide that a value is missing, which may itself say something (Rubin, Inference and missing data, Biometrika 63, 1976).
/// </remarks>
public sealed class MeanImputation
{
    private readonly float[] _means;
    private readonly int[] _indicatedFeatures;

    /// <param name="means">The mean of every feature.</param>
    /// <param name="indicatedFeatures">The features with an input that says whether they are missing, in ascending order.</param>
    internal MeanImputation(float[] means, int[] indicatedFeatures)
    {
        _means = means;
        _indicatedFeatures = indicatedFeatures;
    }

    /// <summary>
    /// What stands for every feature where it is missing: its mean over the training rows that have it, in their weights; 0 if none has it.
    /// </summary>
    public IReadOnlyList<float> Means => _means;

    /// <summary>The indices of the features that were missing in a training row, ascending. Input <c>Means.Count + i</c> of the network says whether feature <c>IndicatedFeatures[i]</c> is missing.</summary>
    public IReadOnlyList<int> IndicatedFeatures => _indicatedFeatures;

    /// <summary>The number of features.</summary>
    internal int Features => _means.Length;

    /// <summary>The number of inputs of the network.</summary>
    internal int Inputs => _means.Length + _indicatedFeatures.Length;

    /// <summary>Makes inputs of a row in place.</summary>
    /// <param name="row"><see cref="Features"/> features, and room for the other inputs.</param>
    internal void Complete(Span<float> row)
    {
        for (int i = 0; i < _indicatedFeatures.Length; i++)
        {
            row[_means.Length + i] = float.IsNaN(row[_indicatedFeatures[i]]) ? 1 : 0;
        }

        for (int c = 0; c < _means.Length; c++)
        {
            row[c] = float.IsNaN(row[c]) ? _means[c] : row[c];
        }
    }

    /// <summary>Makes inputs of rows.</summary>
    /// <param name="features">rows × <see cref="Features"/>, row after row.</param>
    /// <param name="inputs">Receives rows × <see cref="Inputs"/>.</param>
    internal void Apply(ReadOnlySpan<float> features, Span<float> inputs)
    {
        for (; !features.IsEmpty; features = features[Features..], inputs = inputs[Inputs..])
        {
            features[..Features].CopyTo(inputs);
            Complete(inputs[..Inputs]);
        }
    }

    // *** Binary format ***
    // int: number of features
    // float[]: means
    // int: number of features that have an indicator
    // int[]: their indices

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_means.Length);
        writer.Write(MemoryMarshal.AsBytes(_means.AsSpan()));
        writer.Write(_indicatedFeatures.Length);
        writer.Write(MemoryMarshal.AsBytes(_indicatedFeatures.AsSpan()));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It makes no sense.</exception>
    internal static MeanImputation Load(BlockReader reader)
    {
        var means = new float[reader.ReadCount("means", 0, sizeof(float))];
        reader.ReadFinite<float>("mean", means);
        int[] indicated = reader.ReadArray<int>("indicated features");
        for (int i = 0; i < indicated.Length; i++)
        {
            if (indicated[i] < (i == 0 ? 0 : indicated[i - 1] + 1) || indicated[i] >= means.Length)
            {
                throw reader.Damaged($"the features that are indicated are not some of the {means.Length}, in ascending order");
            }
        }

        return new MeanImputation(means, indicated);
    }
}
