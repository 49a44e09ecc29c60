using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using BpTrainer.Orleans;

namespace BpTrainer.Examples.Cluster;

/// <summary>Starts a worker, which runs until Ctrl-C.</summary>
internal static class WorkerCommand
{
    private static readonly Option<string?> s_primary = new("--primary")
    {
        Description = "Where the program that hands out the work listens. Not with --redis.",
        HelpName = "ADDRESS:PORT",
    };
    private static readonly Option<string?> s_name = new("--name") { Description = "The name of the worker in messages." };
    private static readonly Option<int?> s_jobs =
        new("--jobs") { Description = "How many folds or files to work on at a time. Without it: one a processor." };
    private static readonly Option<string?> s_version =
        new("--program-version") { Description = "What must be the same in all programs. Without it: the version of BpTrainer." };
    private static readonly Option<bool> s_untilInputEnds =
        new("--until-input-ends") { Description = "End when the standard input ends, and so with the program that started the worker." };

    public static Command Create(TextWriter error)
    {
        var command =
            new Command("worker", "Does the work of others until Ctrl-C.") { s_primary, s_name, s_jobs, s_version, s_untilInputEnds };
        Membership membership = Membership.AddTo(command, port: 11112);
        command.SetAction(parsed => Run(
            Options(parsed, membership, TextWriter.Synchronized(error)), parsed.GetValue(s_untilInputEnds)));
        return command;
    }

    private static BpClusterOptions Options(ParseResult parsed, Membership membership, TextWriter error)
    {
        BpClusterOptions options = membership.Options(parsed, error);
        string? primary = parsed.GetValue(s_primary);
        if ((primary is null) == (options.Configure is null))
        {
            throw new UserError("Give either --primary ADDRESS:PORT or --redis HOST:PORT, so that the worker finds its work.");
        }

        return options with
        {
            Primary = primary is null ? null
                : IPEndPoint.TryParse(primary, out IPEndPoint? program) && program.Port > 0 ? program
                : throw new UserError($"--primary is '{primary}', but must be an IP address and a port, such as 192.168.1.10:11111."),
            Name = parsed.GetValue(s_name),
            MaximumJobs = parsed.GetValue(s_jobs) ?? options.MaximumJobs,
            Version = parsed.GetValue(s_version) ?? options.Version,
        };
    }

    private static int Run(BpClusterOptions options, bool untilInputEnds)
    {
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        if (untilInputEnds)
        {
            Task.Run(() =>
            {
                Console.In.ReadToEnd();
                stop.Cancel();
            });
        }

        BpWorker.RunAsync(options, stop.Token).GetAwaiter().GetResult();
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
