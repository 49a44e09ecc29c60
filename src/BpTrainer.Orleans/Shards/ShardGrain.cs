using BpTrainer.ML;
using Orleans;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace BpTrainer.Orleans.Shards;

/// <summary>
/// Keeps the <see cref="ClusterWorker"/> for a range of shards on one machine. Orleans may make a grain anew at any time: it then says that
/// it has no plan, and is given it again.
/// </summary>
internal interface IShardGrain : IGrainWithStringKey
{
    /// <summary>Gives it its shards and the plan.</summary>
    /// <param name="worker">The machine that is meant.</param>
    /// <param name="firstShard">The first of its shards.</param>
    /// <param name="shards">How many it has.</param>
    /// <param name="plan">The plan.</param>
    [ResponseTimeout(ShardReply.Timeout)]
    Task<ShardReply> Begin(SiloAddress worker, int firstShard, int shards, [Immutable] byte[] plan);

    /// <summary>Has it do a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Ends the task.</param>
    [ResponseTimeout(ShardReply.Timeout)]
    Task<ShardReply> Compute([Immutable] byte[] task, CancellationToken cancellationToken);

    /// <summary>Lets go of the rows.</summary>
    [OneWay]
    Task End();
}

/// <summary>How a grain replies.</summary>
internal enum ShardReplyKind
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>The grain is new and has no plan, or is not on the machine that was meant.</summary>
    Unknown,

    /// <summary>It cannot be done on this machine.</summary>
    Refused,

    /// <summary>It cannot be done.</summary>
    Failed,
}

/// <summary>A reply of a grain.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Answer">The answer to a task; bytes, since numbers one by one take several times as long to send.</param>
/// <param name="Reason">Why it was refused or failed.</param>
[GenerateSerializer, Immutable]
internal sealed record ShardReply(ShardReplyKind Kind, byte[] Answer, string Reason = "")
{
    /// <summary>Reading files may take long, and the loss of a machine is noticed without a timeout.</summary>
    public const string Timeout = "1.00:00:00";
}

[RandomPlacement]
internal sealed class ShardGrain(ILocalSiloDetails silo) : Grain, IShardGrain
{
    private ClusterWorker? _worker;

    public Task<ShardReply> Begin(SiloAddress worker, int firstShard, int shards, byte[] plan)
    {
        if (!worker.Equals(silo.SiloAddress))
        {
            DeactivateOnIdle();
            return Task.FromResult(new ShardReply(ShardReplyKind.Unknown, []));
        }

        ClusterWorker mine = _worker ??= new ClusterWorker(firstShard, shards);
        return RunAsync(() =>
        {
            mine.Begin(plan);
            return [];
        });
    }

    public Task<ShardReply> Compute(byte[] task, CancellationToken cancellationToken) =>
        _worker is { } mine
            ? RunAsync(() => mine.Compute(task, cancellationToken))
            : Task.FromResult(new ShardReply(ShardReplyKind.Unknown, []));

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _worker?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Works on a thread of its own: those of Orleans must stay free for the ones who ask whether this silo is alive.</summary>
    private static Task<ShardReply> RunAsync(Func<byte[]> work) => Task.Factory.StartNew(
        () =>
        {
            try
            {
                return new ShardReply(ShardReplyKind.Done, work());
            }
            catch (Exception error) when (FindHindrance(error) is { } hindrance)
            {
                return new ShardReply(ShardReplyKind.Refused, [], hindrance.Message);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                return new ShardReply(ShardReplyKind.Failed, [], error.Message);
            }
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What another machine may have: a file that can be read, or the instructions. Null for other errors.</summary>
    private static Exception? FindHindrance(Exception? error)
    {
        while (error is not (null or IOException or UnauthorizedAccessException or PlatformNotSupportedException))
        {
            error = error.InnerException;
        }

        return error;
    }
}
