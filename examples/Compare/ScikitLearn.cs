using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace BpTrainer.Examples.Compare;

/// <summary>
/// A Python process that trains scikit-learn's networks. It runs scikit_learn.py, which the build copies to the program's folder, and
/// starts when it is first used.
/// </summary>
/// <param name="interpreters">The Python interpreters to look for; the first one that has scikit-learn is used.</param>
internal sealed class ScikitLearn(IReadOnlyList<string> interpreters) : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private readonly Lazy<Process?> _process = new(() => interpreters.Select(Start).FirstOrDefault(process => process is not null));

    /// <summary>Looks for Python on the path, and then for the system's Python.</summary>
    public ScikitLearn()
        : this(["python3", "python", "/usr/bin/python3"])
    {
    }

    /// <summary>Whether there is a Python with scikit-learn.</summary>
    public bool IsInstalled => _process.Value is not null;

    /// <summary>Trains and predicts.</summary>
    /// <exception cref="InvalidOperationException">Training failed.</exception>
    public ScikitLearnAnswer Ask(ScikitLearnRequest request)
    {
        Process process = _process.Value!;
        process.StandardInput.WriteLine(JsonSerializer.Serialize(request, s_json));
        process.StandardInput.Flush();
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("Python has ended.");
        ScikitLearnAnswer answer = JsonSerializer.Deserialize<ScikitLearnAnswer>(line, s_json)!;
        return answer.Error is { } error ? throw new InvalidOperationException(error) : answer;
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        if (_process is { IsValueCreated: true, Value: { } process })
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private static Process? Start(string interpreter)
    {
        var start = new ProcessStartInfo(interpreter, [Path.Combine(AppContext.BaseDirectory, "scikit_learn.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            Process process = Process.Start(start)!;
            if (process.StandardOutput.ReadLine() is not null)
                return process;
            process.Dispose();
        }
        catch (Win32Exception)
        {
            // This interpreter does not exist.
        }
        return null;
    }
}

/// <summary>A request to train.</summary>
/// <param name="File">The rows, a <see cref="SplitFile"/>.</param>
/// <param name="Task">regression, binary or multiclass.</param>
/// <param name="Momentum">Whether to train by momentum with an adaptive rate instead of the defaults.</param>
/// <param name="Seed">The seed.</param>
internal sealed record ScikitLearnRequest(string File, string Task, bool Momentum, int Seed);

/// <summary>The result of a request.</summary>
/// <param name="Predictions">One number for each row of the test part, or the probabilities of the classes for each row.</param>
/// <param name="FitSeconds">The time of the training alone.</param>
/// <param name="RowsPerSecond">The number of rows scored per second.</param>
/// <param name="Error">Why there is no result, or null.</param>
internal sealed record ScikitLearnAnswer(float[] Predictions, double FitSeconds, double RowsPerSecond, string? Error);
