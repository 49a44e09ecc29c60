using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BpTrainer.Orleans.Silos;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;

namespace BpTrainer.Orleans.Jobs;

/// <summary>Does one job on a worker. Its key is new for every attempt.</summary>
internal interface IJobGrain : IGrainWithStringKey
{
    /// <summary>
    /// Does the job and streams what happens: a call would time out, and its caller would learn late that the worker is lost.
    /// </summary>
    IAsyncEnumerable<JobEvent> Run(Job job, SiloAddress worker, CancellationToken cancellationToken);
}

[RandomPlacement]
internal sealed class JobGrain(ILocalSiloDetails silo, IHostApplicationLifetime lifetime) : Grain, IJobGrain
{
    public async IAsyncEnumerable<JobEvent> Run(
        Job job, SiloAddress worker, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!worker.Equals(silo.SiloAddress))
        {
            // It was meant for a worker that is gone: the end without a result says so.
            yield break;
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, lifetime.ApplicationStopping);
        Channel<JobEvent> events = Channel.CreateUnbounded<JobEvent>();

        // A thread of its own: the scheduler of grains must stay free for those who ask whether this silo is alive.
        Task work = Task.Factory.StartNew(
            () => Work(job, events.Writer, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (JobEvent happened in events.Reader.ReadAllAsync(cancellationToken))
            {
                yield return happened;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await work;
            DeactivateOnIdle();
        }
    }

    private static void Work(Job job, ChannelWriter<JobEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            job.Run(happened => events.TryWrite(happened), cancellationToken);
            events.Complete();
        }
        catch (OperationCanceledException cancelled)
        {
            events.Complete(cancelled);
        }
    }
}
