using System.Net;
using BpTrainer.Orleans.Silos;
using Orleans.Hosting;

namespace BpTrainer.Orleans;

/// <summary>The options of a program that takes part in a cluster: the user's own, or a worker.</summary>
public sealed record BpClusterOptions
{
    /// <summary>
    /// The address that this program listens at and is reached at; never that of all network cards. Default: loopback, so that only
    /// programs of this machine can take part.
    /// </summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port that this program listens at, from 1 to 65,535. Default: 11111.</summary>
    public int Port { get; init; } = 11111;

    /// <summary>
    /// Where the user's program listens; a worker needs it, unless <see cref="Configure"/> sets another way to find the others. Default:
    /// none, which makes this program the one that the others meet at.
    /// </summary>
    public IPEndPoint? Primary { get; init; }

    /// <summary>The name of the cluster; programs with other names do not meet. Default: bptrainer.</summary>
    public string ClusterName { get; init; } = "bptrainer";

    /// <summary>The name of this program in messages. Default: that of the machine, and the port.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// What must be the same in all programs, so that all compute the same: workers with another version are refused. Give the version of
    /// your own program where recipes of its own take part. Default: the version of BpTrainer, with a hash of its builds.
    /// </summary>
    public string Version { get; init; } = BuildVersion.Text;

    /// <summary>
    /// How many folds and files a worker works on at a time, at least 1; each takes one thread. Default: the number of processors.
    /// </summary>
    public int MaximumJobs { get; init; } = Environment.ProcessorCount;

    /// <summary>How long work waits while there is no worker to do it, above 0. Default: one minute.</summary>
    public TimeSpan WorkerTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Changes the Orleans silo before it starts, to find the others by Redis, to log, or to encrypt. It comes last, so it may change what
    /// the other options have set. Default: nothing.
    /// </summary>
    public Action<ISiloBuilder>? Configure { get; init; }

    /// <summary>
    /// Is told of workers that come, are refused or are lost, a line each. It may be called on any thread. Default: nobody.
    /// </summary>
    public Action<string>? Log { get; init; }

    internal string DisplayName => Name ?? FormattableString.Invariant($"{Environment.MachineName}:{Port}");

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Address);
        ArgumentException.ThrowIfNullOrEmpty(ClusterName);
        ArgumentException.ThrowIfNullOrEmpty(Version);
        CheckRange(
            !Address.Equals(IPAddress.Any) && !Address.Equals(IPAddress.IPv6Any), nameof(Address), Address,
            "the address of one network card");
        CheckRange(Port is >= 1 and <= ushort.MaxValue, nameof(Port), Port, "from 1 to 65535");
        CheckRange(MaximumJobs >= 1, nameof(MaximumJobs), MaximumJobs, "at least 1");
        CheckRange(WorkerTimeout > TimeSpan.Zero, nameof(WorkerTimeout), WorkerTimeout, "above 0");
    }

    private static void CheckRange(bool isInside, string option, object value, string range)
    {
        if (!isInside)
        {
            throw new ArgumentOutOfRangeException(option, FormattableString.Invariant($"{option} is {value}, but must be {range}."));
        }
    }
}
