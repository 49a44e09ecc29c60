using System.CommandLine;
using System.Net;
using BpTrainer.Orleans;
using Microsoft.Extensions.Hosting;

namespace BpTrainer.Examples.Cluster;

/// <summary>The options of a command that say how its program takes part in the cluster.</summary>
internal sealed class Membership
{
    private readonly Option<string> _address = new("--address")
    {
        Description = "The address of this machine that the others reach it at.",
        DefaultValueFactory = _ => "127.0.0.1",
    };
    private readonly Option<int> _port;
    private readonly Option<string?> _redis = new("--redis")
    {
        Description = "The Redis server at which the programs meet. Without it, they meet at the program that hands out the work.",
        HelpName = "HOST:PORT",
    };

    private Membership(int port) =>
        _port = new("--port") { Description = "The port that this program listens at.", DefaultValueFactory = _ => port };

    /// <summary>Adds the options to a command.</summary>
    public static Membership AddTo(Command command, int port)
    {
        var membership = new Membership(port);
        command.Add(membership._address);
        command.Add(membership._port);
        command.Add(membership._redis);
        return membership;
    }

    /// <summary>The options of the cluster.</summary>
    public BpClusterOptions Options(ParseResult parsed, TextWriter log)
    {
        string? redis = parsed.GetValue(_redis);
        return new BpClusterOptions
        {
            Address = IPAddress.TryParse(parsed.GetValue(_address), out IPAddress? address)
                ? address
                : throw new UserError($"--address is '{parsed.GetValue(_address)}', but must be an IP address."),
            Port = parsed.GetValue(_port),
            Configure = redis is null ? null : silo => silo.UseRedisClustering(redis),
            Log = log.WriteLine,
        };
    }
}
