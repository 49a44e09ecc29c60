using System.Runtime.InteropServices;
using BpTrainer.Files;

namespace BpTrainer.ML.Training;

/// <summary>
/// Replaces missing features by their means. Behind the features, the network has an input for each that was missing in a training row,
/// which is 1 where it is missing and 0 elsewhere.
/// </summary>
/// <param name="means">The mean of every feature over the training rows that have it, in their weights; 0 if none has it.</param>
/// <param name="indicatedFeatures">The features with such an input, in ascending order.</param>
internal sealed class MeanImputation(float[] means, int[] indicatedFeatures)
{
    public IReadOnlyList<float> Means => means;

    public IReadOnlyList<int> IndicatedFeatures => indicatedFeatures;

    public int Features => means.Length;

    public int Inputs => means.Length + indicatedFeatures.Length;

    /// <summary>
    /// Finds the means and the features that need an indicator in one pass over the training rows, before the validation part is chosen,
    /// whose features therefore count too.
    /// </summary>
    public static MeanImputation Survey(WarningList warnings, RowSource source, CancellationToken cancellationToken)
    {
        var row = new float[source.Features];
        var means = new double[row.Length];
        var weights = new double[row.Length];
        var missing = new long[row.Length];
        long rows = 0, incomplete = 0;
        using var reader = new RowReader(source, allowsMissing: true);
        for (; reader.MoveNext(); rows++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            reader.Features.CopyTo(row);
            incomplete += row.AsSpan().Contains(float.NaN) ? 1 : 0;
            for (int c = 0; c < row.Length; c++)
            {
                if (float.IsNaN(row[c]))
                {
                    missing[c]++;
                }
                else
                {
                    // m ← m + w/s·(x − m) with the sum s of the weights of the rows that have the feature (West, Communications of the ACM
                    // 22, 1979).
                    weights[c] += reader.Weight;
                    means[c] += reader.Weight / weights[c] * (row[c] - means[c]);
                }
            }
        }

        // What is missing in every row tells no row from another.
        int[] indicated = [.. Enumerable.Range(0, row.Length).Where(c => missing[c] > 0 && missing[c] < rows)];
        warnings.Channel.Info(
            $"{incomplete} of {rows} rows of the training data lack features, which are replaced by their means; " +
            $"indicators tell where {indicated.Length} of the {row.Length} features are missing.");
        int[] empty = [.. Enumerable.Range(0, row.Length).Where(c => rows > 0 && missing[c] == rows)];
        if (empty.Length > 0)
        {
            warnings.Add(
                "EmptyFeatures",
                $"No row of the training data has a value of the feature {ColumnNames.List(source.FeatureNames, empty)}, which stays 0: " +
                "leave it out, since the network cannot learn what a value of it means.");
        }

        return new MeanImputation(Array.ConvertAll(means, mean => (float)mean), indicated);
    }

    /// <summary>Turns a row of features, with room for the other inputs, into inputs.</summary>
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
                throw reader.Damaged($"the features that are indicated are not some of the {means.Length}, in ascending order");
            }
        }

        return new MeanImputation(means, indicated);
    }
}
