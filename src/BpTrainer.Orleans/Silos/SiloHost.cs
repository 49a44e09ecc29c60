using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;

namespace BpTrainer.Orleans.Silos;

/// <summary>The Orleans silo of this program, from its start to its end.</summary>
internal sealed class SiloHost : IAsyncDisposable
{
    /// <summary>
    /// A silo that does not answer so many probes, one a second, is dead: work that it had goes on elsewhere after two to four seconds.
    /// </summary>
    private const int MissedProbes = 3;
    private static readonly TimeSpan s_probePeriod = TimeSpan.FromSeconds(1);

    /// <summary>How often a silo reads who is there; a worker so finds out that the program it belonged to has been started anew.</summary>
    private static readonly TimeSpan s_membershipPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_connectPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(5);

    private readonly IHost _host;
    private readonly SiloEnd _end;

    private SiloHost(IHost host, SiloEnd end) => (_host, _end) = (host, end);

    public IServiceProvider Services => _host.Services;

    /// <summary>Completes with the reason when the silo cannot go on.</summary>
    public Task<string> Ended => _end.Reason;

    /// <summary>Starts a silo, which is then a member of the cluster.</summary>
    public static async Task<SiloHost> StartAsync(BpClusterOptions options, SiloRole role, CancellationToken cancellationToken)
    {
        var end = new SiloEnd();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.AddSingleton<IFatalErrorHandler>(end);
        builder.Services.AddSingleton(options);
        builder.UseOrleans(silo => Configure(silo, options, role));
        IHost host = builder.Build();
        var started = new SiloHost(host, end);
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            return started;
        }
        catch
        {
            await started.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until the program at an address listens.</summary>
    public static async Task WaitForAsync(IPEndPoint program, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var client = new TcpClient(program.AddressFamily);
                await client.ConnectAsync(program, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(s_connectPeriod, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Leaves the cluster; a silo that cannot, since the others are gone, ends all the same.</summary>
    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(_end.Reason.IsCompleted ? TimeSpan.Zero : s_stopTimeout);
        try
        {
            await _host.StopAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or OrleansException or AggregateException)
        {
            // It did not stop in order; what it holds is released below.
        }

        await ((IAsyncDisposable)_host).DisposeAsync().ConfigureAwait(false);
    }

    private static void Configure(ISiloBuilder silo, BpClusterOptions options, SiloRole role)
    {
        silo.UseDevelopmentClustering(options.Primary);
        silo.ConfigureEndpoints(options.Address, options.Port, gatewayPort: 0);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterName, options.ClusterName));
        silo.Configure<SiloOptions>(named => named.SiloName = SiloName.Of(role, options.DisplayName));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = s_probePeriod;
            membership.NumMissedProbesLimit = MissedProbes;
            membership.NumVotesForDeathDeclaration = 1;
            membership.TableRefreshTimeout = s_membershipPeriod;
        });
        silo.Services.AddSerializer(serializer => serializer.AddAssembly(typeof(SiloHost).Assembly));
        options.Configure?.Invoke(silo);
    }

    /// <summary>A silo inside a program: signals of the console are the program's business.</summary>
    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
