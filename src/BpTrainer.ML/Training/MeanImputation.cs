using System.Runtime.InteropServices;
using BpTrainer.Files;

namespace BpTrainer.ML.Training;

/// <summary>
/// Replaces missing features by their means. After the features, the network has one indicator for each feature that was missing in a
/// training row; it is 1 where the feature is missing and 0 elsewhere.
/// </summary>
/// <param name="means">The weighted mean of every feature over the training rows that have it; 0 if no row has it.</param>
/// <param name="indicatedFeatures">The features that have an indicator, in ascending order.</param>
internal sealed class MeanImputation(float[] means, int[] indicatedFeatures)
{
    public IReadOnlyList<float> Means => means;

    public IReadOnlyList<int> IndicatedFeatures => indicatedFeatures;

    public int Features => means.Length;

    public int Inputs => means.Length + indicatedFeatures.Length;

    /// <summary>Converts a row of features, with room for the other inputs, to inputs.</summary>
    public void Complete(Span<float> row)
    {
        for (int i = 0; i < indicatedFeatures.Length; i++)
        {
            row[means.Length + i] = float.IsNaN(row[indicatedFeatures[i]]) ? 1 : 0;
        }

        for (int c = 0; c < means.Length; c++)
        {
            row[c] = float.IsNaN(row[c]) ? means[c] : row[c];
        }
    }

    /// <summary>Turns rows × <see cref="Features"/> into rows × <see cref="Inputs"/>.</summary>
    public void Apply(ReadOnlySpan<float> features, Span<float> inputs)
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

    public void Save(BinaryWriter writer)
    {
        writer.Write(means.Length);
        writer.Write(MemoryMarshal.AsBytes(means.AsSpan()));
        writer.Write(indicatedFeatures.Length);
        writer.Write(MemoryMarshal.AsBytes(indicatedFeatures.AsSpan()));
    }

    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    public static MeanImputation Load(BlockReader reader)
    {
        var means = new float[reader.ReadCount("means", 0, sizeof(float))];
        reader.ReadFinite<float>("mean", means);
        int[] indicated = reader.ReadArray<int>("indicated features");
        for (int i = 0; i < indicated.Length; i++)
        {
            if (indicated[i] < (i == 0 ? 0 : indicated[i - 1] + 1) || indicated[i] >= means.Length)
            {
                throw reader.Damaged($"the indicated features are not in ascending order or not among the {means.Length} features");
            }
        }

        return new MeanImputation(means, indicated);
    }
}
