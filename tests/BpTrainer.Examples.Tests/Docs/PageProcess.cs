using System.Diagnostics;

namespace BpTrainer.Examples.Tests.Docs;

/// <summary>
/// A program of the documentation as a process of its own, in a folder that has the tables of examples/data.
/// </summary>
internal sealed class PageProcess : IDisposable
{
    private static readonly TimeSpan s_mostTime = TimeSpan.FromMinutes(3);

    private readonly string _assembly;
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    /// <summary>Compiles and starts a program.</summary>
    /// <param name="program">Its source.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">Its arguments.</param>
    public PageProcess(string program, TempFolder folder, params string[] arguments)
    {
        // Beside the assemblies of these tests, whose list of dependencies it shares.
        _assembly = Path.Combine(AppContext.BaseDirectory, $"page-{Guid.NewGuid():N}.dll");
        PageCompiler.Compile(_assembly, program);
        foreach (string table in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data"), "*.csv"))
        {
            File.Copy(table, folder.PathOf(Path.GetFileName(table)), overwrite: true);
        }

        string tests = Path.Combine(AppContext.BaseDirectory, typeof(PageProcess).Assembly.GetName().Name!);
        var start = new ProcessStartInfo(
            "dotnet",
            ["exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json", _assembly, .. arguments])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Whether the process is at work.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Waits for the end of the program, which must be a good one.</summary>
    /// <returns>What it printed.</returns>
    public string WaitForOutput()
    {
        Assert.True(_process.WaitForExit(s_mostTime), $"The program runs for more than {s_mostTime}.");
        Assert.True(_process.ExitCode == 0 && _errors.Result.Length == 0, $"Exit code {_process.ExitCode}\n{_output.Result}{_errors.Result}");
        return _output.Result;
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_assembly);
    }
}
