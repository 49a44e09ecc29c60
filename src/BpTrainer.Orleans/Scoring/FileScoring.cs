using BpTrainer.Orleans.Jobs;
using BpTrainer.Orleans.Scoring;

namespace BpTrainer.Orleans;

/// <summary>
/// Scores files: every file is read by one machine, which writes another file. The same call runs on this machine or on a cluster and
/// writes the same bytes.
/// </summary>
/// <remarks>
/// An output file is whole or not there, and an old one is replaced at the end; a file whose worker was lost is scored again by another. A
/// worker that was killed may leave a draft beside the output file, which goes when the file is next written, a minute later or more.
/// </remarks>
public sealed record FileScoring
{
    /// <summary>What reads the files.</summary>
    public required IDataLoader<IMultiStreamSource> Loader { get; init; }

    /// <summary>What scores the rows: a fitted pipeline.</summary>
    public required ITransformer Model { get; init; }

    /// <summary>The files to read and those to write, at least one, by their paths on the workers.</summary>
    public required IReadOnlyList<ScoredFile> Files { get; init; }

    /// <summary>The columns to write, at least one. Default: Score.</summary>
    public IReadOnlyList<string> Columns { get; init; } = ["Score"];

    /// <summary>Scores the files.</summary>
    /// <param name="cluster">Where it is done; null for this machine.</param>
    /// <param name="onFile">Is told of every file that is written, and the name of the worker; one call at a time, on any thread.</param>
    /// <param name="cancellationToken">Ends the scoring; files that are written stay.</param>
    /// <exception cref="ArgumentException">There is no file or no column, or two files would be written to the same path.</exception>
    /// <exception cref="InvalidOperationException">Files could not be scored, although all others are; the message says which and
    /// why.</exception>
    /// <exception cref="OperationCanceledException">The scoring was cancelled.</exception>
    /// <exception cref="TimeoutException">No worker was there for the <see cref="BpClusterOptions.WorkerTimeout"/> that could do the work;
    /// the message names those that were refused.</exception>
    public void Run(
        BpCluster? cluster = null, Action<ScoredFile, string?>? onFile = null, CancellationToken cancellationToken = default)
    {
        Check();
        byte[] model = LoaderZip.Save(Loader, Model);
        ScoreJob[] jobs =
        [
            .. Files.Select(file => new ScoreJob { Files = [file.Input], Output = file.Output, Model = model, Columns = [.. Columns] }),
        ];
        IJobRunner runner = cluster?.Jobs ?? new LocalJobs();
        JobResult[] results = runner.Run(
            jobs,
            onProgress: null,
            (number, result) =>
            {
                if (result.Failure is null)
                {
                    onFile?.Invoke(Files[number], result.Worker);
                }
            },
            cancellationToken);
        string[] failures =
        [
            .. results.Zip(Files, (result, file) => result.Failure is null ? null : $"'{file.Input}': {result.Failure}").OfType<string>(),
        ];
        if (failures.Length > 0)
        {
            throw new InvalidOperationException(
                $"{failures.Length} of {Files.Count} files could not be scored. {string.Join(' ', failures)}");
        }
    }

    private void Check()
    {
        if (Files.Count == 0)
        {
            throw new ArgumentException($"{nameof(Files)} is empty; there is nothing to score.", nameof(Files));
        }

        if (Columns.Count == 0)
        {
            throw new ArgumentException($"{nameof(Columns)} is empty; there is nothing to write.", nameof(Columns));
        }

        if (Files.GroupBy(file => Path.GetFullPath(file.Output)).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            throw new ArgumentException($"{nameof(Files)} has {same.Count()} files whose output is '{same.Key}'.", nameof(Files));
        }
    }
}

/// <summary>A file to score.</summary>
/// <param name="Input">The path of the file to read.</param>
/// <param name="Output">
/// The path of the file to write, in a folder that is there: text with a header, separated by commas if it ends with .csv, else by tabs.
/// </param>
public sealed record ScoredFile(string Input, string Output);
