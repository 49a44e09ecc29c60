using System.Diagnostics;
using BpTrainer.ML;
using BpTrainer.Orleans.Silos;
using Orleans;
using Orleans.Runtime;

namespace BpTrainer.Orleans.Shards;

/// <summary>
/// A training whose shards are on the workers of a cluster. They are cut into as many ranges as there are workers at the start. The range
/// of a worker that is lost moves to another one, which reads its files; a worker that comes later takes a range from one that has several.
/// </summary>
internal sealed class ClusterTraining(WorkerList workers, IGrainFactory grains, BpClusterOptions options, int shards) : IClusterTraining
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<SiloAddress, string> _refusals = [];
    private ShardRange[] _ranges = [];
    private byte[] _plan = [];
    private int _planNumber;

    public void Begin(byte[] plan, CancellationToken cancellationToken)
    {
        _plan = plan;
        _planNumber++;
        AskAll(task: null, cancellationToken);
    }

    public IReadOnlyList<byte[]> Compute(byte[] task, CancellationToken cancellationToken) => AskAll(task, cancellationToken);

    public void Dispose()
    {
        foreach (ShardRange range in _ranges)
        {
            _ = range.Grain?.End();
        }

        _ranges = [];
    }

    private byte[][] AskAll(byte[]? task, CancellationToken cancellationToken) =>
        Task.Run(() => AskAllAsync(task, cancellationToken), CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Has every range do a task, or only take the plan; asks again where a worker is lost.</summary>
    private async Task<byte[][]> AskAllAsync(byte[]? task, CancellationToken cancellationToken)
    {
        byte[]?[] answers = [];
        do
        {
            await PlaceAsync(cancellationToken).ConfigureAwait(false);
            Array.Resize(ref answers, _ranges.Length);
            int[] open = [.. Enumerable.Range(0, answers.Length).Where(range => answers[range] is null)];
            Task<byte[]?>[] calls = Array.ConvertAll(open, range => AskAsync(_ranges[range], task, cancellationToken));
            byte[]?[] replies = await Task.WhenAll(calls).ConfigureAwait(false);
            for (int i = 0; i < open.Length; i++)
            {
                answers[open[i]] = replies[i];
            }
        }
        while (answers.Contains(null));
        return answers!;
    }

    /// <summary>Asks one range.</summary>
    /// <returns>The answer; null when its worker is lost or refused, and another must be asked.</returns>
    private async Task<byte[]?> AskAsync(ShardRange range, byte[]? task, CancellationToken cancellationToken)
    {
        Worker worker = range.Worker!;
        try
        {
            ShardReply reply = await CallAsync(range, task, cancellationToken).ConfigureAwait(false);
            if (reply.Kind == ShardReplyKind.Failed)
            {
                throw new InvalidOperationException($"Worker '{worker.Name}': {reply.Reason}");
            }

            if (reply.Kind == ShardReplyKind.Done)
            {
                return reply.Answer;
            }

            if (reply.Kind == ShardReplyKind.Refused)
            {
                Refuse(worker, reply.Reason);
            }
        }
        catch (Exception loss) when (Worker.IsLoss(loss) && !cancellationToken.IsCancellationRequested)
        {
            workers.Suspect(worker, loss);
        }

        range.Free();
        return null;
    }

    private async Task<ShardReply> CallAsync(ShardRange range, byte[]? task, CancellationToken cancellationToken)
    {
        var reply = new ShardReply(ShardReplyKind.Done, []);
        range.Worker!.PlaceHere();
        if (range.Plan != _planNumber)
        {
            reply = await range.Grain!.Begin(range.Worker.Address, range.First, range.Count, _plan).ConfigureAwait(false);
            range.Plan = _planNumber;
        }

        return task is null || reply.Kind != ShardReplyKind.Done
            ? reply
            : await range.Grain!.Compute(task, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until there are workers, and gives them the ranges that nobody has.</summary>
    private async Task PlaceAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        Worker[] present = await FindAsync(cancellationToken).ConfigureAwait(false);
        while (present.Length == 0)
        {
            if (Stopwatch.GetElapsedTime(start) > options.WorkerTimeout)
            {
                throw WorkerList.NobodyThere(
                    options.WorkerTimeout, "the shards of the training", [.. workers.Refusals, .. _refusals.Values]);
            }

            await Task.Delay(s_period, cancellationToken).ConfigureAwait(false);
            present = await FindAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_ranges.Length == 0)
        {
            _ranges = ShardRange.Cut(shards, Math.Min(shards, present.Length));
        }

        ShardRange.Place(_ranges, present, () => grains.GetGrain<IShardGrain>(Guid.NewGuid().ToString("N")));
    }

    private async Task<Worker[]> FindAsync(CancellationToken cancellationToken)
    {
        Worker[] present = await workers.FindAsync(cancellationToken).ConfigureAwait(false);
        return Array.FindAll(present, worker => !_refusals.ContainsKey(worker.Address));
    }

    private void Refuse(Worker worker, string reason)
    {
        string refusal = $"Worker '{worker.Name}' is refused for the training: {reason}";
        lock (_refusals)
        {
            if (_refusals.TryAdd(worker.Address, refusal))
            {
                options.Log?.Invoke(refusal);
            }
        }
    }
}
