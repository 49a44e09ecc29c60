using System.Buffers.Binary;
using BpTrainer.Data;
using BpTrainer.Files;
using BpTrainer.Losses;
using BpTrainer.Shards;

namespace BpTrainer;

/// <summary>
/// The part of a training on shards that its workers need: the shape of the network, the options that determine gradients and losses, and
/// the sizes of all shards. See <see cref="IShardedRows{T}"/>.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class ShardPlan<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // *** Format: a ChecksummedBlock with the magic "BPSP". ***
    // the network, as it saves itself; the loss, as LossFile has it
    // int32    batch size of the options; int32 seed; byte 1 if shuffled; byte 1 if losses are measured on the training rows too
    // double   dropout rate of the inputs; int32 number of those of hidden layers; double[] these rates
    // int32    kernel; int32 number of threads of the options
    // int32    number of shards; for each: int32 training rows, double weight or NaN, the same of validation rows, byte 1 if sparse
    private static readonly ChecksummedBlock s_block = new("BPSP", "plan of a training on shards");

    /// <summary>The bytes of a shard.</summary>
    private const int SizeBytes = (2 * sizeof(int)) + (2 * sizeof(double)) + 1;

    private readonly byte[] _bytes;

    internal ShardPlan(Network<T> network, TrainingOptions options, IReadOnlyList<ShardSize> sizes)
        : this(network.Clone(), options, options.MeasuresTrainingSet, [.. sizes])
    {
    }

    private ShardPlan(Network<T> network, TrainingOptions options, bool measuresTrainingRows, ShardSize[] sizes)
    {
        Network = network;
        Options = options;
        MeasuresTrainingRows = measuresTrainingRows;
        Sizes = sizes;
        CheckSizes(sizes);
        TrainingRows = sizes.Sum(size => (long)size.TrainingRows);
        ValidationRows = sizes.Sum(size => (long)size.ValidationRows);
        TrainingScale = Scale(TrainingRows, sizes.Select(size => size.TrainingWeight));
        ValidationScale = Scale(ValidationRows, sizes.Where(size => size.ValidationRows > 0).Select(size => size.ValidationWeight));
        _bytes = Write();
        Id = BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan()[^sizeof(ulong)..]);
    }

    /// <summary>The number of shards.</summary>
    public int Shards => Sizes.Length;

    internal Network<T> Network { get; }

    /// <summary>Options with the values that workers need; others are not used.</summary>
    internal TrainingOptions Options { get; }

    internal bool MeasuresTrainingRows { get; }

    internal ShardSize[] Sizes { get; }

    internal long TrainingRows { get; }

    internal long ValidationRows { get; }

    /// <summary>The factor that makes the weights of all training rows average to 1.</summary>
    internal T TrainingScale { get; }

    internal T ValidationScale { get; }

    /// <summary>A part of the checksum, which identifies the plan in tasks and answers.</summary>
    internal ulong Id { get; }

    internal long BatchSize => Options.BatchSizeOn(TrainingRows);

    /// <summary>Whether inputs are stored without their zeros.</summary>
    internal bool IsSparse =>
        Array.TrueForAll(Sizes, size => size.IsSparse) && Options.TakesSparse(Network.InputScaling, Network.InputEncoding);

    /// <summary>Converts the plan to bytes that <see cref="FromBytes"/> can read.</summary>
    /// <returns>The bytes, with a checksum.</returns>
    public byte[] ToBytes() => [.. _bytes];

    /// <summary>Reads a plan.</summary>
    /// <param name="bytes">The result of <see cref="ToBytes"/>.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a plan, or a damaged plan, or one of another version or number
    /// type.</exception>
    public static ShardPlan<T> FromBytes(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return s_block.Read(new MemoryStream(bytes, writable: false), Read);
    }

    private static T Scale(long rows, IEnumerable<double?> weights) =>
        weights.FirstOrDefault() is null ? T.One : RowWeights.Scale<T>(rows, ShardTree.Sum(weights.Select(weight => weight!.Value)));

    /// <summary>Throws if the sizes are not consistent.</summary>
    private static void CheckSizes(ShardSize[] sizes)
    {
        Guard.Require(sizes.Length > 0, "There are no shards; there must be one or more.", "rows");
        for (int s = 0; s < sizes.Length; s++)
        {
            ShardSize size = sizes[s];
            Guard.Require(
                size is { TrainingRows: >= 1, ValidationRows: >= 0 },
                $"Shard {s} has {size.TrainingRows} rows to learn and {size.ValidationRows} to validate on; "
                + "there must be 1 or more to learn.",
                "rows");
            CheckWeight(size.TrainingWeight, sizes[0].TrainingWeight is not null, s, "rows to learn");
            if (size.ValidationRows > 0)
            {
                bool areWeighted = Array.Find(sizes, other => other.ValidationRows > 0).ValidationWeight is not null;
                CheckWeight(size.ValidationWeight, areWeighted, s, "rows to validate on");
            }
        }
    }

    private static void CheckWeight(double? weight, bool areWeighted, int shard, string rows)
    {
        Guard.Require(
            weight is not null == areWeighted,
            $"The {rows} of shard {shard} have {(areWeighted ? "no " : "")}weights, but those of earlier shards have "
            + $"{(areWeighted ? "some" : "none")}; give weights to all or to none.",
            "rows");
        Guard.Require(
            weight is null || (weight > 0 && double.IsFinite(weight.Value)),
            $"The weights of the {rows} of shard {shard} add up to {weight}; the sum must be above 0 and finite.", "rows");
    }

    private byte[] Write()
    {
        using var stream = new MemoryStream();
        s_block.Write(stream, writer =>
        {
            writer.Flush();
            Network.Save(writer.BaseStream);
            LossFile.Write(writer, Options.Loss);
            writer.Write(Options.BatchSize);
            writer.Write(Options.Seed);
            writer.Write(Options.Shuffle);
            writer.Write(MeasuresTrainingRows);
            writer.Write(Options.Regularization.InputDropout);
            writer.Write(Options.Regularization.HiddenDropout.Count);
            foreach (double rate in Options.Regularization.HiddenDropout)
            {
                writer.Write(rate);
            }

            writer.Write((int)Options.KernelInUse);
            writer.Write(Options.NumberOfThreads);
            writer.Write(Sizes.Length);
            foreach (ShardSize size in Sizes)
            {
                writer.Write(size.TrainingRows);
                writer.Write(size.TrainingWeight ?? double.NaN);
                writer.Write(size.ValidationRows);
                writer.Write(size.ValidationWeight ?? double.NaN);
                writer.Write(size.IsSparse);
            }
        });
        return stream.ToArray();
    }

    private static ShardPlan<T> Read(BlockReader reader)
    {
        Network<T> network = Network<T>.Load(reader.Rest);
        Loss loss = LossFile.Read(reader);
        int batchSize = reader.Read("batch size", 1, int.MaxValue);
        int seed = reader.Read<int>();
        bool isShuffled = reader.ReadBoolean("sign of a shuffle");
        bool measures = reader.ReadBoolean("sign of a measured loss");
        double inputDropout = reader.Read("dropout rate", 0.0, 1.0);
        double[] hiddenDropout = reader.ReadArray<double>("dropout rates");
        var kernel = (KernelKind)reader.Read("kernel", 0, (int)KernelKind.Vector512);
        int threads = reader.Read("number of threads", 0, int.MaxValue);
        var sizes = new ShardSize[reader.ReadCount("shards", 1, SizeBytes)];
        for (int s = 0; s < sizes.Length; s++)
        {
            int training = reader.Read<int>();
            double? trainingWeight = WeightOrNull(reader.Read<double>());
            int validation = reader.Read<int>();
            double? validationWeight = WeightOrNull(reader.Read<double>());
            sizes[s] = new ShardSize(training, trainingWeight, validation, validationWeight, reader.ReadBoolean("sign of sparse rows"));
        }

        var options = new TrainingOptions
        {
            Loss = loss,
            Optimizer = Optimizer.GradientDescent(),
            BatchSize = batchSize,
            Seed = seed,
            Shuffle = isShuffled,
            Regularization = new() { InputDropout = inputDropout, HiddenDropout = hiddenDropout },
            Kernel = kernel,
            NumberOfThreads = threads,
        };
        return reader.Make(() =>
        {
            NetworkTrainer<T>.Check(options, network.Layouts, network.OutputScaling);
            return new ShardPlan<T>(network, options, measures, sizes);
        });
    }

    private static double? WeightOrNull(double weight) => double.IsNaN(weight) ? null : weight;
}
