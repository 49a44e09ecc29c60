using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BpTrainer;

/// <summary>What must be the same for a training to go on bit for bit: network, data, and the options that decide how it learns. When it ends may change.</summary>
internal static class TrainingIdentity
{
    public static void Exchange<T>(CheckpointState state, TrainingParts<T> parts, DataSet<T>? validation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = parts.Network;
        TrainingOptions options = parts.Options;
        state.RequireSame("the number type", typeof(T).Name);
        state.RequireSame("the number of inputs of the network", Text(network.Inputs));
        state.RequireSame("the list of its layers", string.Join(", ", network.Layouts.Select(l => Text($"{l.Outputs} {l.Spec.Activation} {l.Spec.Bias}"))));
        state.RequireSame("the scaling of its inputs and outputs", Digest(network));
        state.RequireSame(nameof(options.Loss), Text(options.Loss));
        state.RequireSame(nameof(options.UpdateRule), Text(options.UpdateRule.Describe));
        state.RequireSame(nameof(options.BiasRateFactor), Text(options.BiasRateFactor));
        state.RequireSame(nameof(options.Regularization), Text(options.Regularization));
        state.RequireSame(nameof(options.Dropout), Text(options.Dropout));
        state.RequireSame(nameof(options.LearningRate), Text(options.InitialRate));
        state.RequireSame(nameof(options.Schedule), Text(options.Schedule));
        state.RequireSame("the length of the training, which the schedule depends on", options.Schedule.NeedsLength ? Text(TrainingLength.Of(options, parts.Feed.Rows)) : "any");
        state.RequireSame(nameof(options.Averaging), Text(options.Averaging));
        state.RequireSame(nameof(options.BatchSize), Text(parts.BatchSize));
        state.RequireSame(nameof(options.Shuffle), Text(options.Shuffle));
        state.RequireSame(nameof(options.Seed), Text(options.Seed));
        state.RequireSame(nameof(options.Kernel), Text(parts.Kernel));
        state.RequireSame("the number of training rows", Text(parts.Feed.Rows));
        state.RequireSame("the number of training rows in memory", Text(parts.Feed.Block.Rows));
        state.RequireSame("the training data (SHA-256)", parts.Feed.IsHeld ? Digest(parts.Feed.Block) : "streamed");
        state.RequireSame("the number of validation rows", Text(validation?.Rows ?? 0));
        state.RequireSame("the validation data (SHA-256)", validation is null ? "none" : Digest(validation));
    }

    /// <summary>A value in words, in the invariant culture, which records do not keep to by themselves.</summary>
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
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static string Digest<T>(DataSet<T> data) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int row = 0; row < data.Rows; row++)
        {
            Append(hash, data.InputRow(row));
            Append(hash, data.TargetRow(row));
            Append(hash, [data.Weight(row)]);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append<T>(IncrementalHash hash, ReadOnlySpan<T> values) where T : unmanaged => hash.AppendData(MemoryMarshal.AsBytes(values));
}
