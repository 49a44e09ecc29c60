using Orleans;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace BpTrainer.Orleans.Silos;

/// <summary>
/// The workers of the cluster that compute as this program does. A worker is asked once what it is; one of another kind is refused by name.
/// </summary>
internal sealed class WorkerList(
    IClusterMembershipService membership, IGrainFactory grains, BpClusterOptions options, Task<string> siloEnd) : IDisposable
{
    /// <summary>
    /// How long a worker that failed to answer gets no work: until then, the others have found out whether it is alive.
    /// </summary>
    private static readonly TimeSpan s_suspicion = TimeSpan.FromSeconds(6);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<SiloAddress, Worker> _accepted = [];
    private readonly Dictionary<SiloAddress, string> _refused = [];
    private readonly Dictionary<SiloAddress, DateTime> _suspectUntil = [];

    /// <summary>Why workers that are there get no work.</summary>
    public string[] Refusals
    {
        get
        {
            lock (_refused)
            {
                return [.. _refused.Where(refusal => IsThere(refusal.Key)).Select(refusal => refusal.Value)];
            }
        }
    }

    /// <summary>What to throw when work has waited too long.</summary>
    public static TimeoutException NobodyThere(TimeSpan timeout, string work, string[] refusals) => new(
        FormattableString.Invariant($"No worker was there for {timeout.TotalSeconds} s to do {work}. ")
        + (refusals is [] ? "None has come." : string.Join(' ', refusals)));

    /// <summary>The workers that are there and answer, by name.</summary>
    /// <exception cref="InvalidOperationException">This program is no longer a member of the cluster.</exception>
    public async Task<Worker[]> FindAsync(CancellationToken cancellationToken)
    {
        if (siloEnd.IsCompleted)
        {
            throw new InvalidOperationException(
                $"This program is no longer a member of the cluster: {await siloEnd.ConfigureAwait(false)}");
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            SiloAddress[] there = [.. membership.CurrentSnapshot.Members.Keys.Where(IsThere)];
            foreach (SiloAddress gone in _accepted.Keys.Except(there).ToArray())
            {
                options.Log?.Invoke($"Worker '{_accepted[gone].Name}' is gone.");
                _accepted.Remove(gone);
            }

            foreach (SiloAddress silo in there.Where(silo => !_accepted.ContainsKey(silo) && !IsRefused(silo) && !IsSuspect(silo)))
            {
                await MeetAsync(silo).ConfigureAwait(false);
            }

            return [.. _accepted.Values.Where(worker => !IsSuspect(worker.Address)).OrderBy(worker => worker.Name, StringComparer.Ordinal)];
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives a worker that did not answer no work for a while.</summary>
    public void Suspect(Worker worker, Exception reason)
    {
        lock (_suspectUntil)
        {
            _suspectUntil[worker.Address] = DateTime.UtcNow + s_suspicion;
        }

        options.Log?.Invoke($"Worker '{worker.Name}' does not answer; others do its work. {reason.GetType().Name}: {reason.Message}");
    }

    public void Dispose() => _turn.Dispose();

    private async Task MeetAsync(SiloAddress silo)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        Worker worker;
        try
        {
            worker = await grains.GetGrain<IWorkerGrain>(Guid.NewGuid().ToString("N")).Describe().ConfigureAwait(false);
        }
        catch (Exception error) when (Worker.IsLoss(error))
        {
            // It has just come or is just going: the next round asks again.
            return;
        }

        if (!worker.Address.Equals(silo))
        {
            // It has just come, and grains are not yet placed on it.
            return;
        }

        if (DifferenceOf(worker) is { } difference)
        {
            string refusal = $"Worker '{worker.Name}' is refused: {difference}";
            lock (_refused)
            {
                _refused[silo] = refusal;
            }

            options.Log?.Invoke(refusal);
        }
        else
        {
            _accepted[silo] = worker;
            options.Log?.Invoke($"Worker '{worker.Name}' has come.");
        }
    }

    /// <summary>In what a worker differs from this program; null if it computes the same.</summary>
    private string? DifferenceOf(Worker worker) =>
        worker.Version != options.Version
            ? $"its version is {worker.Version}, but must be {options.Version}, that of this program."
        : worker.Kernel != BuildVersion.Kernel
            ? $"it computes with {worker.Kernel}, but this program with {BuildVersion.Kernel}, which would give other bits: start all with "
                + $"the same {Kernels.Kernel.EnvironmentVariable}."
        : null;

    private bool IsThere(SiloAddress silo) =>
        membership.CurrentSnapshot.Members.TryGetValue(silo, out ClusterMember? member)
        && member.Status == SiloStatus.Active && SiloName.IsWorker(member.Name);

    private bool IsRefused(SiloAddress silo)
    {
        lock (_refused)
        {
            return _refused.ContainsKey(silo);
        }
    }

    private bool IsSuspect(SiloAddress silo)
    {
        lock (_suspectUntil)
        {
            return _suspectUntil.TryGetValue(silo, out DateTime until) && DateTime.UtcNow < until;
        }
    }
}
