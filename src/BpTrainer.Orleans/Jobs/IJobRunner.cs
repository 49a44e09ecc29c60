using System.Collections.Concurrent;

namespace BpTrainer.Orleans.Jobs;

/// <summary>Does jobs, several at a time.</summary>
internal interface IJobRunner
{
    /// <summary>Does the jobs.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="onProgress">Is told which job has progressed how far, and who does it; one call at a time.</param>
    /// <param name="onResult">Is told which job is over; one call at a time.</param>
    /// <param name="cancellationToken">Ends all jobs.</param>
    /// <returns>The results, in the order of the jobs.</returns>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    Task<JobResult[]> RunAsync(
        IReadOnlyList<Job> jobs, Action<int, double[], string?>? onProgress, Action<int, JobResult>? onResult,
        CancellationToken cancellationToken);

    /// <summary>Does the jobs while the caller waits.</summary>
    /// <inheritdoc cref="RunAsync"/>
    JobResult[] Run(
        IReadOnlyList<Job> jobs, Action<int, double[], string?>? onProgress, Action<int, JobResult>? onResult,
        CancellationToken cancellationToken) =>
        Task.Run(() => RunAsync(jobs, onProgress, onResult, cancellationToken), CancellationToken.None).GetAwaiter().GetResult();
}

/// <summary>Does jobs on this machine, as many at a time as there are processors.</summary>
internal sealed class LocalJobs : IJobRunner
{
    public Task<JobResult[]> RunAsync(
        IReadOnlyList<Job> jobs, Action<int, double[], string?>? onProgress, Action<int, JobResult>? onResult,
        CancellationToken cancellationToken) => Task.Run(
            () =>
            {
                var turn = new Lock();
                var results = new JobResult[jobs.Count];
                var parallel = new ParallelOptions
                {
                    MaxDegreeOfParallelism = Environment.ProcessorCount,
                    CancellationToken = cancellationToken,
                };
                Parallel.ForEach(
                    Partitioner.Create(Enumerable.Range(0, jobs.Count), EnumerablePartitionerOptions.NoBuffering), parallel, Run);
                return results;

                void Run(int number) => jobs[number].Run(
                    happened =>
                    {
                        lock (turn)
                        {
                            if (happened.Kind == JobEventKind.Progress)
                            {
                                onProgress?.Invoke(number, happened.Figures, null);
                                return;
                            }

                            string? failure = happened.Kind == JobEventKind.Refused
                                ? $"This machine cannot do it: {happened.Reason}"
                                : happened.Kind == JobEventKind.Failed ? happened.Reason : null;
                            results[number] = new JobResult(happened.Figures, failure, Worker: null);
                            onResult?.Invoke(number, results[number]);
                        }
                    },
                    cancellationToken);
            },
            cancellationToken);
}
