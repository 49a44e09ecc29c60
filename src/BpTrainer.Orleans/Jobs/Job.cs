using Orleans;

namespace BpTrainer.Orleans.Jobs;

/// <summary>
/// A part of some work that one machine does by itself. It says all that is needed, and doing it twice does no harm: when a worker is lost,
/// another does its jobs again.
/// </summary>
[GenerateSerializer, Immutable]
internal abstract record Job
{
    /// <summary>The files to read, by their paths on the worker.</summary>
    [Id(0)]
    public required string[] Files { get; init; }

    /// <summary>What the job is, for messages, such as <c>trial 3, fold 1</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Does the job on the calling thread.</summary>
    /// <param name="report">Is given figures of the progress.</param>
    /// <param name="cancellationToken">Ends the job with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The figures of the result.</returns>
    public abstract double[] Run(Action<double[]> report, CancellationToken cancellationToken);

    /// <summary>Why the job cannot be done on this machine, though it may be on another; null if it can.</summary>
    public virtual string? FindHindrance() =>
        Files.FirstOrDefault(file => !File.Exists(file)) is { } missing ? $"it has no file '{missing}'." : null;

    /// <summary>Does the job on the calling thread, and tells of everything that happens.</summary>
    public void Run(Action<JobEvent> tell, CancellationToken cancellationToken)
    {
        try
        {
            if (FindHindrance() is { } hindrance)
            {
                tell(new(JobEventKind.Refused, [], hindrance));
                return;
            }

            double[] figures = Run(progress => tell(new(JobEventKind.Progress, progress)), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            tell(new(JobEventKind.Done, figures));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            tell(new(JobEventKind.Failed, [], error.Message));
        }
    }
}

/// <summary>What has happened to a job.</summary>
internal enum JobEventKind
{
    /// <summary>It goes on.</summary>
    Progress,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>It cannot be done: every machine would say the same.</summary>
    Failed,

    /// <summary>It cannot be done on this machine.</summary>
    Refused,
}

/// <summary>Something that has happened to a job.</summary>
/// <param name="Kind">What.</param>
/// <param name="Figures">The figures of the progress or the result, as the kind of job defines them.</param>
/// <param name="Reason">Why it failed or was refused.</param>
[GenerateSerializer, Immutable]
internal sealed record JobEvent(JobEventKind Kind, double[] Figures, string Reason = "");

/// <summary>A job that is over.</summary>
/// <param name="Figures">The result; empty for a job that failed.</param>
/// <param name="Failure">Why it failed; null if it did not.</param>
/// <param name="Worker">The name of the worker that did it; null for this machine.</param>
internal sealed record JobResult(double[] Figures, string? Failure, string? Worker);
