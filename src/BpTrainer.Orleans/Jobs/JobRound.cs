using System.Diagnostics;
using BpTrainer.Orleans.Silos;
using Orleans.Runtime;

namespace BpTrainer.Orleans.Jobs;

/// <summary>A worker's try at a job.</summary>
/// <param name="Number">The number of the job.</param>
/// <param name="Worker">Who tries.</param>
/// <param name="Last">What happened last; null or progress when the worker was lost.</param>
/// <param name="Loss">How the loss of the worker showed; null if it was not lost.</param>
internal sealed record JobAttempt(int Number, Worker Worker, JobEvent? Last, Exception? Loss);

/// <summary>Which jobs wait, who works on the others, and what came of those that are over.</summary>
internal sealed class JobRound(IReadOnlyList<Job> jobs)
{
    /// <summary>A job that has lost so many workers is more likely to be the reason than a victim.</summary>
    private const int MostLosses = 5;

    private readonly LinkedList<int> _waiting = new(Enumerable.Range(0, jobs.Count));
    private readonly JobResult?[] _results = new JobResult?[jobs.Count];
    private readonly int[] _losses = new int[jobs.Count];
    private readonly Dictionary<SiloAddress, int> _busy = [];
    private readonly Dictionary<SiloAddress, string> _refusals = [];
    private readonly Stopwatch _idle = new();
    private int _left = jobs.Count;

    public bool IsOver => _left == 0;

    public JobResult[] Results => [.. _results.Select(result => result!)];

    /// <summary>The next job, and the worker with the most free hands; null when no job waits or no hand is free.</summary>
    public (int Number, Worker Worker)? Next(IEnumerable<Worker> workers)
    {
        Worker? worker = workers.Where(worker => !_refusals.ContainsKey(worker.Address)).MaxBy(FreeHands);
        if (_waiting.First is not { } next || worker is null || FreeHands(worker) == 0)
        {
            return null;
        }

        _waiting.RemoveFirst();
        _busy[worker.Address] = _busy.GetValueOrDefault(worker.Address) + 1;
        return (next.Value, worker);
    }

    /// <summary>Throws when jobs have waited too long without anybody who can do them.</summary>
    public void CheckIdle(TimeSpan timeout, IEnumerable<string> refusals)
    {
        if (_busy.Values.Any(count => count > 0))
        {
            _idle.Reset();
            return;
        }

        _idle.Start();
        if (_idle.Elapsed > timeout)
        {
            throw WorkerList.NobodyThere(timeout, jobs[_waiting.First!.Value].Name, [.. refusals, .. _refusals.Values]);
        }
    }

    /// <summary>Notes what came of a try.</summary>
    /// <param name="attempt">The try, which is over.</param>
    /// <param name="result">The result of the job, if it is over too.</param>
    /// <returns>Why the worker gets no more of these jobs; null if it does, or if that is known.</returns>
    /// <exception cref="InvalidOperationException">The job has lost too many workers.</exception>
    public string? Settle(JobAttempt attempt, out JobResult? result)
    {
        (int number, Worker worker, JobEvent? last, Exception? loss) = attempt;
        _busy[worker.Address]--;
        result = last?.Kind switch
        {
            JobEventKind.Done => new JobResult(last.Figures, Failure: null, worker.Name),
            JobEventKind.Failed => new JobResult([], last.Reason, worker.Name),
            _ => null,
        };
        if (result is not null)
        {
            _results[number] = result;
            _left--;
            return null;
        }

        _waiting.AddFirst(number);
        if (last?.Kind == JobEventKind.Refused)
        {
            string refusal = $"Worker '{worker.Name}' is refused for {jobs[number].Name}: {last.Reason}";
            return _refusals.TryAdd(worker.Address, refusal) ? refusal : null;
        }

        return ++_losses[number] < MostLosses ? null : throw new InvalidOperationException(
            $"{jobs[number].Name} has lost {MostLosses} workers, the last of them '{worker.Name}': {loss?.Message}", loss);
    }

    private int FreeHands(Worker worker) => worker.MaximumJobs - _busy.GetValueOrDefault(worker.Address);
}
