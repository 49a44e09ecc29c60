using BpTrainer.Orleans.Silos;

namespace BpTrainer.Orleans;

/// <summary>A program that does the work of others until it is stopped.</summary>
public static class BpWorker
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Takes part in a cluster. A worker waits for the user's program, and when that has ended, for the next one; it may come and go at any
    /// time.
    /// </summary>
    /// <param name="options">Where the worker listens, and where the user's program does.</param>
    /// <param name="cancellationToken">Ends the worker; what it is doing is done by others.</param>
    /// <returns>A task that completes when the worker has left the cluster.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or nothing says where the others are.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken.</exception>
    public static async Task RunAsync(BpClusterOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (options.Primary is null && options.Configure is null)
        {
            throw new ArgumentException(
                $"{nameof(options.Primary)} is null, and {nameof(options.Configure)} sets no other way to find the user's program.",
                nameof(options));
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await TakePartAsync(options, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static async Task TakePartAsync(BpClusterOptions options, CancellationToken cancellationToken)
    {
        if (options.Primary is { } primary)
        {
            await SiloHost.WaitForAsync(primary, cancellationToken).ConfigureAwait(false);
        }

        SiloHost silo;
        try
        {
            silo = await SiloHost.StartAsync(options, SiloRole.Worker, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (Worker.IsLoss(error) && !cancellationToken.IsCancellationRequested)
        {
            // The user's program has just ended, or is just starting.
            options.Log?.Invoke($"Not in the cluster: {error.Message}");
            await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
            return;
        }

        await using (silo.ConfigureAwait(false))
        {
            options.Log?.Invoke($"Worker '{options.DisplayName}' is in the cluster.");
            string reason = await silo.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
            options.Log?.Invoke($"Out of the cluster: {reason}");
        }
    }
}
