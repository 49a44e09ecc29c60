using BpTrainer.Files;
using BpTrainer.Kernels;
using BpTrainer.ML.Training;

namespace BpTrainer.ML.Shards;

/// <summary>
/// The part of a training on files that the workers need: how the files of each shard are read, and the plan of the engine as soon as there
/// is a network.
/// </summary>
internal sealed record FilePlan
{
    // *** Format: a ChecksummedBlock with the magic "BPFP". ***
    // byte[]   how rows are read: a block with the magic "BPFR", behind its length
    // byte[]   plan of the engine, behind its length, which is 0 when there is none yet
    private static readonly ChecksummedBlock s_block = new("BPFP", "plan of a training on files");

    // byte[]   loader and steps as Model.Save writes them, behind their length
    // text     label column, feature column, weight column or nothing, group column or nothing
    // the task, as LearningTask saves it
    // byte     1 if missing features are imputed; then byte 1 if it is known how, and the imputation, as it saves itself
    // double   validation fraction; int32 seed; int32 kernel; int64 most bytes of the rows of a worker, or -1
    // int32    number of shards; for each its training files and its validation files: int32 how many, and their names
    private static readonly ChecksummedBlock s_rows = new("BPFR", "plan of the rows of files");

    private byte[] _trainingBytes = [];

    /// <summary>The loader and the steps before the trainer, as <c>Model.Save</c> writes them.</summary>
    public required byte[] Pipeline { get; init; }

    public required string LabelColumn { get; init; }

    public required string FeatureColumn { get; init; }

    public string? WeightColumn { get; init; }

    /// <summary>The column whose rows of the same value stay together; null for none.</summary>
    public string? GroupColumn { get; init; }

    public required LearningTask Task { get; init; }

    public bool Imputes { get; init; }

    /// <summary>The replacements of missing features; null as long as they are not known.</summary>
    public MeanImputation? Imputation { get; init; }

    public double ValidationFraction { get; init; }

    public int Seed { get; init; }

    public KernelKind Kernel { get; init; } = Kernels.Kernel.Default;

    public long? MaximumMemory { get; init; }

    /// <summary>The training files of each shard.</summary>
    public required string[][] Files { get; init; }

    /// <summary>The validation files of each shard.</summary>
    public required string[][] ValidationFiles { get; init; }

    public int Shards => Files.Length;

    /// <summary>The plan of the engine.</summary>
    /// <exception cref="InvalidOperationException">There is no network yet.</exception>
    public ShardPlan<float> Training() => _trainingBytes.Length > 0
        ? ShardPlan<float>.FromBytes(_trainingBytes)
        : throw new InvalidOperationException("The plan has no network yet, so it cannot be used for training.");

    public FilePlan With(ShardPlan<float> training) => this with { _trainingBytes = training.ToBytes() };

    /// <summary>Whether the rows of both plans are the same.</summary>
    public bool ReadsLike(FilePlan? other) => other is not null && RowBytes().AsSpan().SequenceEqual(other.RowBytes());

    public void CheckShards(int first, int count)
    {
        if (first > Shards - count)
        {
            throw new ArgumentException(
                $"The worker has the shards {first} to {first + count - 1}, but the plan has only {Shards} shards.", nameof(first));
        }
    }

    /// <summary>Throws if this machine would compute with other instructions, which give other bits.</summary>
    public void CheckKernel()
    {
        if (Kernel != Kernels.Kernel.Default)
        {
            throw new PlatformNotSupportedException(
                $"The machine that trains computes with the kernel {Kernel}, but this one with {Kernels.Kernel.Default}, which gives other "
                + $"bits. Set {Kernels.Kernel.EnvironmentVariable} to the same on all machines, to one that all support.");
        }
    }

    public byte[] ToBytes()
    {
        byte[] rows = RowBytes();
        using var stream = new MemoryStream();
        s_block.Write(stream, writer =>
        {
            Write(writer, rows);
            Write(writer, _trainingBytes);
        });
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are not a plan, or a damaged plan, or one of another version.</exception>
    public static FilePlan FromBytes(byte[] bytes) => s_block.Read(new MemoryStream(bytes, writable: false), reader =>
    {
        byte[] rows = reader.ReadArray<byte>("bytes of a plan");
        byte[] training = reader.ReadArray<byte>("bytes of a network");
        return s_rows.Read(new MemoryStream(rows, writable: false), ReadRows) with { _trainingBytes = training };
    });

    private byte[] RowBytes()
    {
        using var stream = new MemoryStream();
        s_rows.Write(stream, WriteRows);
        return stream.ToArray();
    }

    private void WriteRows(BinaryWriter writer)
    {
        Write(writer, Pipeline);
        writer.Write(LabelColumn);
        writer.Write(FeatureColumn);
        writer.Write(WeightColumn ?? "");
        writer.Write(GroupColumn ?? "");
        Task.Save(writer);
        writer.Write(Imputes);
        writer.Write(Imputation is not null);
        Imputation?.Save(writer);
        writer.Write(ValidationFraction);
        writer.Write(Seed);
        writer.Write((int)Kernel);
        writer.Write(MaximumMemory ?? -1);
        writer.Write(Shards);
        for (int s = 0; s < Shards; s++)
        {
            Write(writer, Files[s]);
            Write(writer, ValidationFiles[s]);
        }
    }

    private static FilePlan ReadRows(BlockReader reader)
    {
        byte[] pipeline = reader.ReadArray<byte>("bytes of a pipeline");
        string label = reader.ReadText(), feature = reader.ReadText(), weight = reader.ReadText(), group = reader.ReadText();
        LearningTask task = LearningTask.Load(reader);
        bool imputes = reader.ReadBoolean("sign of an imputation");
        MeanImputation? imputation = reader.ReadBoolean("sign of means") ? MeanImputation.Load(reader) : null;
        double fraction = reader.Read("validation fraction", 0.0, 1.0);
        int seed = reader.Read<int>();
        var kernel = (KernelKind)reader.Read("kernel", 0, (int)KernelKind.Vector512);
        long memory = reader.Read("number of bytes", -1L, long.MaxValue);
        int shards = reader.ReadCount("shards", 1, 2 * sizeof(int));
        var files = new string[shards][];
        var validation = new string[shards][];
        for (int s = 0; s < shards; s++)
        {
            files[s] = ReadNames(reader);
            validation[s] = ReadNames(reader);
        }

        return new FilePlan
        {
            Pipeline = pipeline,
            LabelColumn = label,
            FeatureColumn = feature,
            WeightColumn = weight.Length == 0 ? null : weight,
            GroupColumn = group.Length == 0 ? null : group,
            Task = task,
            Imputes = imputes,
            Imputation = imputation,
            ValidationFraction = fraction,
            Seed = seed,
            Kernel = kernel,
            MaximumMemory = memory < 0 ? null : memory,
            Files = files,
            ValidationFiles = validation,
        };
    }

    private static string[] ReadNames(BlockReader reader)
    {
        var names = new string[reader.ReadCount("files", 0, bytesOfEach: 1)];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = reader.ReadText();
        }

        return names;
    }

    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static void Write(BinaryWriter writer, string[] names)
    {
        writer.Write(names.Length);
        foreach (string name in names)
        {
            writer.Write(name);
        }
    }
}
