using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace BpTrainer.Orleans.Silos;

/// <summary>A worker that can be given work.</summary>
/// <param name="Address">Where it is; a worker that was started anew has another one.</param>
/// <param name="Name">Its name in messages.</param>
/// <param name="Version">The <see cref="BpClusterOptions.Version"/> of its program.</param>
/// <param name="Kernel">Its <see cref="BuildVersion.Kernel"/>.</param>
/// <param name="MaximumJobs">How many jobs it takes at a time.</param>
[GenerateSerializer, Immutable]
internal sealed record Worker(SiloAddress Address, string Name, string Version, string Kernel, int MaximumJobs)
{
    /// <summary>Asks for the grains that are created by the calls of this method's caller to be placed on this worker.</summary>
    public void PlaceHere() => RequestContext.Set(IPlacementDirector.PlacementHintKey, Address);

    /// <summary>
    /// Whether a call failed because the worker that it went to is gone or is going, which cancels what it was doing.
    /// </summary>
    public static bool IsLoss(Exception error) =>
        error is OrleansException or EnumerationAbortedException or TimeoutException or OperationCanceledException or IOException;
}

/// <summary>
/// Tells what a worker is. Its key is new for every call: a grain that once came to another worker than it was meant for would stay there.
/// </summary>
internal interface IWorkerGrain : IGrainWithStringKey
{
    [ResponseTimeout("00:00:05")]
    Task<Worker> Describe();
}

[RandomPlacement]
internal sealed class WorkerGrain(BpClusterOptions options, ILocalSiloDetails silo) : Grain, IWorkerGrain
{
    public Task<Worker> Describe()
    {
        DeactivateOnIdle();
        return Task.FromResult(
            new Worker(silo.SiloAddress, options.DisplayName, options.Version, BuildVersion.Kernel, options.MaximumJobs));
    }
}
