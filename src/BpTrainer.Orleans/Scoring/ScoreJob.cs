using BpTrainer.Files;
using BpTrainer.Orleans.Jobs;
using Orleans;

namespace BpTrainer.Orleans.Scoring;

/// <summary>Scores a file and writes another one, completely or not at all, so that it may be done again. Its result: no figures.</summary>
[GenerateSerializer, Immutable]
internal sealed record ScoreJob : Job
{
    /// <summary>The loader with the model, as ML.NET's zip.</summary>
    [Id(0)]
    public required byte[] Model { get; init; }

    /// <summary>The file to write, by its path on the worker.</summary>
    [Id(1)]
    public required string Output { get; init; }

    [Id(2)]
    public required string[] Columns { get; init; }

    public override string Name => $"file '{Files[0]}'";

    public override string? FindHindrance() =>
        base.FindHindrance() ?? (Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(Output)))
            ? null
            : $"it has no folder for '{Output}'.");

    public override double[] Run(Action<double[]> report, CancellationToken cancellationToken)
    {
        var mlContext = new MLContext();
        IDataView scored = LoaderZip.Load(mlContext, Model, Files);
        IDataView chosen = mlContext.Transforms.SelectColumns(Columns).Fit(scored).Transform(scored);
        AtomicFile.Write(Output, stream =>
        {
            using var stoppable = new StoppableStream(stream, cancellationToken);
            char separator = Path.GetExtension(Output).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? ',' : '\t';
            mlContext.Data.SaveAsText(chosen, stoppable, separator, headerRow: true, schema: false, forceDense: true);
        });
        return [];
    }
}
