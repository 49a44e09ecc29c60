using BpTrainer.Orleans.Silos;
using Orleans;
using Orleans.Runtime;

namespace BpTrainer.Orleans.Jobs;

/// <summary>
/// Hands out jobs to the workers of a cluster. A job whose worker is lost goes to another one; a worker that comes late gets jobs too.
/// </summary>
internal sealed class ClusterJobs(WorkerList workers, IGrainFactory grains, BpClusterOptions options) : IJobRunner
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(200);

    public async Task<JobResult[]> RunAsync(
        IReadOnlyList<Job> jobs, Action<int, double[], string?>? onProgress, Action<int, JobResult>? onResult,
        CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var round = new JobRound(jobs);
        var turn = new Lock();
        List<Task<JobAttempt>> running = [];
        try
        {
            while (!round.IsOver)
            {
                Worker[] present = await workers.FindAsync(cancellationToken).ConfigureAwait(false);
                while (round.Next(present) is (int number, Worker worker))
                {
                    running.Add(TryAsync(jobs[number], number, worker, Report, stop.Token));
                }

                round.CheckIdle(options.WorkerTimeout, workers.Refusals);
                await Task.WhenAny([.. running, Task.Delay(s_period, cancellationToken)]).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                foreach (Task<JobAttempt> over in running.Where(attempt => attempt.IsCompleted).ToArray())
                {
                    running.Remove(over);
                    Settle(await over.ConfigureAwait(false));
                }
            }

            return round.Results;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        void Report(int number, JobEvent happened, Worker worker)
        {
            lock (turn)
            {
                onProgress?.Invoke(number, happened.Figures, worker.Name);
            }
        }

        void Settle(JobAttempt attempt)
        {
            if (attempt.Loss is { } loss)
            {
                workers.Suspect(attempt.Worker, loss);
            }

            string? refusal = round.Settle(attempt, out JobResult? result);
            if (refusal is not null)
            {
                options.Log?.Invoke(refusal);
            }

            if (result is not null)
            {
                lock (turn)
                {
                    onResult?.Invoke(attempt.Number, result);
                }
            }
        }
    }

    private async Task<JobAttempt> TryAsync(
        Job job, int number, Worker worker, Action<int, JobEvent, Worker> report, CancellationToken cancellationToken)
    {
        JobEvent? last = null;
        try
        {
            worker.PlaceHere();
            IJobGrain grain = grains.GetGrain<IJobGrain>(Guid.NewGuid().ToString("N"));
            await foreach (JobEvent happened in grain.Run(job, worker.Address, cancellationToken).ConfigureAwait(false))
            {
                last = happened;
                if (happened.Kind == JobEventKind.Progress)
                {
                    report(number, happened, worker);
                }
            }

            Exception? loss = last is null or { Kind: JobEventKind.Progress }
                ? new OrleansException("It ended before the job did.")
                : null;
            return new JobAttempt(number, worker, last, loss);
        }
        catch (Exception loss) when (Worker.IsLoss(loss) && !cancellationToken.IsCancellationRequested)
        {
            return new JobAttempt(number, worker, last, loss);
        }
    }
}
