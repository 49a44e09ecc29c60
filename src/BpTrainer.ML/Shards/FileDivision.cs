using BpTrainer.ML.Training;

namespace BpTrainer.ML.Shards;

/// <summary>Divides files among shards, and checks the options.</summary>
internal sealed class FileDivision
{
    private readonly IHost _host;
    private readonly BackPropagationOptions _options;
    private readonly string[][] _files;
    private readonly string[][] _validationFiles;

    /// <exception cref="ArgumentException">There are fewer files than shards, or an option cannot be combined with shards.</exception>
    public FileDivision(
        IHost host, BackPropagationOptions options, IReadOnlyList<string> files, IReadOnlyList<string> validationFiles)
    {
        int shards = options.Shards;
        host.CheckUserArg(
            files.Count >= shards, nameof(options.Shards),
            $"{nameof(options.Shards)} is {shards}, but there are {files.Count} files; every shard needs one.");
        host.CheckUserArg(
            files.Concat(validationFiles).All(file => !string.IsNullOrWhiteSpace(file)), nameof(files), "There is a file without a name.");
        host.CheckUserArg(
            options.HiddenLayers.Trials is null, nameof(options.HiddenLayers),
            $"{nameof(options.HiddenLayers)} is {options.HiddenLayers}, but numbers of units are not tried on shards: give a number.");
        host.CheckUserArg(
            options.ValidationRows == ValidationRows.Random, nameof(options.ValidationRows),
            $"{nameof(options.ValidationRows)} is {options.ValidationRows}, but shards have no common order: it must be "
            + $"{ValidationRows.Random}, or give the last rows in validation files.");
        host.CheckUserArg(
            options.ValidationData is null, nameof(options.ValidationData),
            $"{nameof(options.ValidationData)} does not go with training on files: give validation files.");
        _host = host;
        _options = options;
        _files = Divide(files, shards);
        _validationFiles = Divide(validationFiles, shards);
        HasValidationFiles = validationFiles.Count > 0;
    }

    private bool HasValidationFiles { get; }

    /// <summary>Creates the plan for the workers, without an imputation.</summary>
    public FilePlan Plan(
        IDataLoader<IMultiStreamSource> loader, ITransformer? steps, RoleMappedSchema schema, LearningTask task, int seed, string? group)
    {
        using var pipeline = new MemoryStream();
        new ModelOperationsCatalog(_host).Save(steps, loader, pipeline);
        return new FilePlan
        {
            Pipeline = pipeline.ToArray(),
            LabelColumn = schema.Label!.Value.Name,
            FeatureColumn = schema.Feature!.Value.Name,
            WeightColumn = schema.Weight?.Name,
            GroupColumn = HasValidationFiles ? null : group,
            Task = task,
            ValidationFraction = HasValidationFiles ? 0 : _options.ValidationFraction,
            Seed = seed,
            MaximumMemory = _options.MaximumMemory,
            Files = _files,
            ValidationFiles = _validationFiles,
        };
    }

    /// <summary>Returns the files of each shard: for shard s of S, those from s·F/S up to (s + 1)·F/S of F.</summary>
    private static string[][] Divide(IReadOnlyList<string> files, int shards)
    {
        int First(int shard) => (int)((long)shard * files.Count / shards);
        return [.. Enumerable.Range(0, shards).Select(s => files.Skip(First(s)).Take(First(s + 1) - First(s)).ToArray())];
    }
}
