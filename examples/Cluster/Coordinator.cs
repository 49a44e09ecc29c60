using System.CommandLine;
using BpTrainer.Orleans;

namespace BpTrainer.Examples.Cluster;

/// <summary>The options of a command that hands out work, and the cluster that they describe.</summary>
internal sealed class Coordinator
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Option<int> _workers = new("--workers")
    {
        Description = "The number of workers to wait for; more may come later. 0: work on this machine alone.",
        DefaultValueFactory = _ => 0,
    };
    private readonly Membership _membership;

    private Coordinator(Command command)
    {
        command.Add(_workers);
        _membership = Membership.AddTo(command, port: 11111);
    }

    /// <summary>Adds the options to a command.</summary>
    public static Coordinator AddTo(Command command) => new(command);

    /// <summary>The cluster with its workers; null for this machine alone.</summary>
    public BpCluster? Start(ParseResult parsed, TextWriter error)
    {
        int workers = parsed.GetValue(_workers);
        BpClusterOptions options = _membership.Options(parsed, TextWriter.Synchronized(error));
        if (workers < 0)
        {
            throw new UserError($"--workers is {workers}, but must be at least 0.");
        }

        if (workers == 0)
        {
            return null;
        }

        var cluster = BpCluster.Start(options);
        try
        {
            cluster.WaitForWorkers(workers, s_patience);
            return cluster;
        }
        catch (TimeoutException e)
        {
            cluster.Dispose();
            throw new UserError(e.Message);
        }
    }
}
