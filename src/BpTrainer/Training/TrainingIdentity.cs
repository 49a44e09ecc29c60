using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BpTrainer.Data;

namespace BpTrainer.Training;

/// <summary>
/// Everything that must be the same so that a resumed training gives the same result, bit for bit: the network, the data, and the options
/// for learning.
/// </summary>
internal static class TrainingIdentity
{
    public static IReadOnlyList<(string Name, string Value)> Describe<T>(TrainingParts<T> parts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = parts.Network;
        TrainingOptions options = parts.Options;
        return
        [
            ("the number type", typeof(T).Name),
            ("the number of inputs of the network", Text(network.Inputs)),
            ("the list of its layers",
                string.Join(", ", network.Layouts.Select(l => Text($"{l.Outputs} {l.Spec.Activation} {l.Spec.Bias}")))),
            ("the scaling and encoding of its inputs and outputs", Digest(network)),
            (nameof(options.Loss), Text(options.Loss)),
            (nameof(options.Optimizer), Text(options.Optimizer.Describe)),
            (nameof(options.KeepOptimizerState), Text(options.KeepOptimizerState)),
            (nameof(options.Regularization), Text(options.Regularization)),
            (nameof(options.Schedule), Text(options.Schedule)),
            ("the length of the training, which the schedule depends on",
                options.Schedule.NeedsLength ? Text(options.LengthOn(parts.Rows)) : "any"),
            (nameof(options.Averaging), Text(options.Averaging)),
            (nameof(options.BatchSize), Text(parts.BatchSize)),
            (nameof(options.Shuffle), Text(options.Shuffle)),
            (nameof(options.Seed), Text(options.Seed)),
            (nameof(options.Kernel), Text(parts.Kernel)),
            ("the number of training rows", Text(parts.Rows)),
            .. parts.DescribeRows(),
        ];
    }

    /// <summary>The samples of a training on this machine.</summary>
    public static IEnumerable<(string Name, string Value)> DescribeRows<T>(TrainingRows<T> training, DataSet<T>? validation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [
            ("the number of training rows in memory", Text(training.Block.Rows)),
            ("the training data (SHA-256)", training.IsInMemory ? Digest(training.Block) : "streamed"),
            ("the number of validation rows", Text(validation?.Rows ?? 0)),
            ("the validation data (SHA-256)", validation is null ? "none" : Digest(validation)),
        ];

    /// <summary>Returns a value as text in the invariant culture, which records do not use by themselves.</summary>
    private static string Text(object? value) => Text(() => value?.ToString() ?? "none");

    private static string Text(Func<string> describe)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return describe();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static string Digest<T>(Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ColumnScaling? scaling in new[] { network.InputScaling, network.OutputScaling })
        {
            Append<double>(hash, [scaling?.Columns ?? 0]);
            Append(hash, scaling is null ? [] : scaling.Offsets);
            Append(hash, scaling is null ? [] : scaling.Scales);
            Append(hash, scaling is null ? [] : scaling.Lowest);
            Append(hash, scaling is null ? [] : scaling.Highest);
        }

        for (int c = 0; c < (network.InputEncoding?.Columns ?? 0); c++)
        {
            ReadOnlySpan<double> edges = network.InputEncoding!.EdgesOf(c);
            Append<double>(hash, [edges.Length]);
            Append(hash, edges);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static string Digest<T>(DataSet<T> data) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] samples = data.IsSparse ? data.SampleNumbers() : [];
        for (int row = 0; row < data.Rows; row++)
        {
            if (data.IsSparse)
            {
                (SparseMatrix<T> matrix, int index) = data.SparseRow(samples[row]);
                Append(hash, matrix.ColumnsOf(index));
                Append(hash, matrix.ValuesOf(index));
            }
            else
            {
                Append(hash, data.InputRow(row));
            }

            Append(hash, data.TargetRow(row));
            Append(hash, [data.Weight(row)]);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append<T>(IncrementalHash hash, ReadOnlySpan<T> values) where T : unmanaged =>
        hash.AppendData(MemoryMarshal.AsBytes(values));
}
