using BpTrainer.ML;
using BpTrainer.Orleans.Jobs;
using BpTrainer.Orleans.Shards;
using BpTrainer.Orleans.Silos;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace BpTrainer.Orleans;

/// <summary>
/// A cluster of machines as the user's program sees it: the program is a member itself, finds the workers and gives them work.
/// </summary>
/// <remarks>
/// The program hands out work and does none. When a worker is lost, others do its work again, and the results are the same, bit for bit;
/// when the program ends, its work ends too, and the workers wait for the next one. A worker of another version, or one that computes with
/// other instructions, is refused by name.
/// </remarks>
public sealed class BpCluster : ITrainingCluster, IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);

    private readonly SiloHost _silo;
    private readonly BpClusterOptions _options;
    private readonly IGrainFactory _grains;
    private readonly WorkerList _workers;

    private BpCluster(SiloHost silo, BpClusterOptions options)
    {
        (_silo, _options) = (silo, options);
        _grains = silo.Services.GetRequiredService<IGrainFactory>();
        _workers = new WorkerList(silo.Services.GetRequiredService<IClusterMembershipService>(), _grains, options, silo.Ended);
        Jobs = new ClusterJobs(_workers, _grains, options);
    }

    /// <summary>Does jobs on the workers.</summary>
    internal IJobRunner Jobs { get; }

    /// <summary>The names of the workers that are there, in their order.</summary>
    public IReadOnlyList<string> Workers => Array.ConvertAll(FindWorkers(CancellationToken.None), worker => worker.Name);

    /// <summary>Why workers that are there are refused, a sentence each.</summary>
    public IReadOnlyList<string> Refusals => _workers.Refusals;

    /// <summary>Makes this program a member of a cluster.</summary>
    /// <param name="options">Where it listens, and what else there is to set.</param>
    /// <returns>The cluster. Disposing of it leaves the cluster, which takes a few seconds at most.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The silo does not start, for example because the port is taken.</exception>
    public static BpCluster Start(BpClusterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        try
        {
            return new BpCluster(Task.Run(() => SiloHost.StartAsync(options, SiloRole.Program, CancellationToken.None)).Result, options);
        }
        catch (AggregateException error)
        {
            Exception cause = error.GetBaseException();
            throw new InvalidOperationException(
                FormattableString.Invariant($"No silo starts at {options.Address}:{options.Port}: {cause.Message}"), cause);
        }
    }

    /// <inheritdoc/>
    IClusterTraining ITrainingCluster.Start(int shards, CancellationToken cancellationToken) =>
        new ClusterTraining(_workers, _grains, _options, shards);

    /// <summary>Waits until so many workers are there. Work waits for its first worker by itself.</summary>
    /// <param name="count">The number of workers.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <exception cref="TimeoutException">There are fewer; the message names those that are refused.</exception>
    public void WaitForWorkers(int count, TimeSpan timeout)
    {
        using var cancellation = new CancellationTokenSource(timeout);
        try
        {
            while (FindWorkers(cancellation.Token).Length < count)
            {
                Task.Delay(s_period, cancellation.Token).GetAwaiter().GetResult();
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(FormattableString.Invariant(
                $"After {timeout.TotalSeconds} s there are {Workers.Count} of {count} workers. ") + string.Join(' ', Refusals));
        }
    }

    /// <summary>Leaves the cluster.</summary>
    public void Dispose()
    {
        Task.Run(async () => await _silo.DisposeAsync().ConfigureAwait(false)).Wait();
        _workers.Dispose();
    }

    private Worker[] FindWorkers(CancellationToken cancellationToken) =>
        Task.Run(() => _workers.FindAsync(cancellationToken), cancellationToken).GetAwaiter().GetResult();
}
