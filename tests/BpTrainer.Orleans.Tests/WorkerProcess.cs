using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BpTrainer.Orleans.Tests;

/// <summary>A worker in a process of its own. It is killed at the end of the test, or before.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="name">Its name in messages.</param>
    /// <param name="primary">The port of the program that hands out the work.</param>
    /// <param name="folder">The working directory, from which relative paths of files count.</param>
    /// <param name="arguments">More arguments.</param>
    public WorkerProcess(string name, int primary, string folder, params string[] arguments)
    {
        Name = name;
        string dotnet = Environment.ProcessPath is string path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        string[] command =
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "Cluster.dll"), "worker", "--name", name, "--jobs", "2", "--until-input-ends",
            "--port", FreePort().ToString(CultureInfo.InvariantCulture),
            "--primary", FormattableString.Invariant($"127.0.0.1:{primary}"),
            .. arguments,
        ];
        _process = Process.Start(new ProcessStartInfo(dotnet, command)
        {
            WorkingDirectory = folder,

            // It ends when this process does, whatever happens.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

        // Nobody reads what it says, but a full pipe would stop it.
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public bool IsAlive => !_process.HasExited;

    /// <summary>A port that nobody listens at.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Ends the process at once, as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
