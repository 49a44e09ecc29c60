using BpTrainer.Ensembles;
using BpTrainer.ML.Training;
using BpTrainer.Numbers;
using BpTrainer.Shards;

namespace BpTrainer.ML.Shards;

/// <summary>The rows of the shards of a worker, which are read from their files when they are first needed.</summary>
internal sealed class FileShards(IHostEnvironment environment, FilePlan plan, int first, int count)
{
    private readonly List<(MemoryRows Rows, Shard<float> Shard, IReadOnlyList<(string Id, string Text)> Warnings)> _read = [];
    private readonly IHost _host = environment.Register(nameof(ClusterWorker));
    private IDataLoader<IMultiStreamSource>? _loader;
    private ITransformer? _steps;

    /// <summary>The bytes of the rows that have been read.</summary>
    private long _bytes;

    /// <summary>The shards, with the validation rows of the plan.</summary>
    /// <exception cref="InvalidOperationException">A shard has no usable rows, or the rows do not fit into memory.</exception>
    public IReadOnlyList<Shard<float>> Read(CancellationToken cancellationToken)
    {
        while (_read.Count < count)
        {
            int shard = first + _read.Count;
            using IChannel channel = _host.Start("Reading");
            var warnings = new WarningList(channel);
            MemoryRows? validation = plan.ValidationFiles[shard] is [_, ..] files
                ? Read(warnings, files, "validation", validation: null, cancellationToken)
                : null;
            MemoryRows rows = Read(warnings, plan.Files[shard], "training", validation, cancellationToken);
            int minimum = plan.Shards == 1 ? ValidationSplit.MinimumRows : 1;
            rows.HoldOut(plan.ValidationFraction, [EnsembleTrainer<float>.DrawSeeds(plan.Seed, shard + 1)[shard]], minimum);
            _bytes += rows.Bytes + (validation?.Bytes ?? 0);
            _read.Add((rows, new Shard<float>(rows.Samples, rows.Validation), warnings.All));
        }

        return [.. _read.Select(read => read.Shard)];
    }

    /// <summary>Answers a question about the rows.</summary>
    public byte[] Answer(ShardQuestion question, CancellationToken cancellationToken)
    {
        List<RowNode> nodes = [];
        for (int s = 0; s < count; s++)
        {
            ShardTree.Push(
                nodes, new RowNode(first + s, first + s + 1, Answer(question, s, cancellationToken)), plan.Shards,
                (left, right) => left.Add(right));
        }

        return new RowAnswer(question.Kind, plan.Shards, nodes).ToBytes();
    }

    private IRowFigures Answer(ShardQuestion question, int s, CancellationToken cancellationToken)
    {
        if (question.Kind == RowQuestion.Missing)
        {
            return MissingSurvey.Of(Source(plan.Files[first + s]), cancellationToken);
        }

        Read(cancellationToken);
        (MemoryRows rows, Shard<float> shard, IReadOnlyList<(string Id, string Text)> warnings) = _read[s];
        return question.Kind == RowQuestion.Survey
            ? ShardSurvey.Of(shard, rows, warnings)
            : SampledRows.Of(shard.Training, question.SampleRows[first + s]);
    }

    private MemoryRows Read(
        WarningList warnings, string[] files, string purpose, MemoryRows? validation, CancellationToken cancellationToken)
    {
        long most = Math.Min(plan.MaximumMemory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, MemorySize.Available);
        long memory = most - _bytes - (validation?.Bytes ?? 0);
        string names = WarningList.Names([.. files.Select(file => $"'{file}'")], most: 3);
        return MemoryRows.Read(warnings, Source(files), $"{purpose} ({names})", memory, cancellationToken, validation?.Samples)
            ?? throw warnings.Channel.Except(FormattableString.Invariant(
                $"The rows of {names} do not fit into the {memory} bytes that {nameof(BackPropagationOptions.MaximumMemory)} leaves; ")
                + "give more memory, or more machines.");
    }

    private RowSource Source(string[] files)
    {
        if (_loader is null)
        {
            using var stream = new MemoryStream(plan.Pipeline, writable: false);
            _steps = new ModelOperationsCatalog(_host).LoadWithDataLoader(stream, out IDataLoader<IMultiStreamSource> loader);
            _loader = loader;
        }

        IDataView view = _steps!.Transform(_loader.Load(new MultiFileSource(files)));
        var data = new RoleMappedData(view, plan.LabelColumn, plan.FeatureColumn, weight: plan.WeightColumn);
        return new RowSource(data, plan.Task)
        {
            Imputation = plan.Imputation,
            Group = plan.GroupColumn is { } group ? RowGroups.Find(_host, view.Schema, group) : null,
        };
    }
}
