using System.Diagnostics;
using System.Runtime;
using System.Text.Json.Nodes;
using BpTrainer.ML;
using Microsoft.ML;

namespace BpTrainer.Benchmarks;

/// <summary>Times the first <c>Fit</c> of a process, most of which is compilation, for trainers in turns.</summary>
/// <remarks>
/// A line for each trainer, with medians over the rounds: trainer, rows, features; create_ms of the estimator; fit_ms of <c>Fit</c> alone,
/// and cpu_ms, the time of all processors in it, which other programs disturb less; methods that were compiled in it, compile_ms on all
/// threads together, which may be more than passed by the clock, and caller_compile_ms on the thread that calls; second_fit_ms, the same
/// work again in the same process, with little left to compile. best_fit_ms and best_cpu_ms are the least. The context and the rows are
/// made before.
/// </remarks>
internal static class ColdFit
{
    private const int Seed = 1;

    /// <summary>What takes turns: this trainer's presets, two peers, and one of the simplest trainers of ML.NET as a floor.</summary>
    private static readonly (string Name, Func<MLContext, IEstimator<ITransformer>> Create)[] s_trainers =
    [
        ("classic", context => Ours(context, Preset.Classic)),
        ("fast", context => Ours(context, Preset.Fast)),
        ("default", context => Ours(context, Preset.Default)),
        ("light_gbm", context => context.Regression.Trainers.LightGbm()),
        ("fast_tree", context => context.Regression.Trainers.FastTree()),
        ("online_gradient_descent", context => context.Regression.Trainers.OnlineGradientDescent()),
    ];

    /// <summary>The names of the trainers.</summary>
    public static IReadOnlyList<string> Trainers { get; } = [.. s_trainers.Select(trainer => trainer.Name)];

    /// <summary>Starts a process for each trainer in each round.</summary>
    public static IEnumerable<JsonObject> Measure(IReadOnlyList<string> trainers, int rows, int features, int rounds)
    {
        var lines = trainers.ToDictionary(trainer => trainer, _ => new List<JsonObject>());
        for (int round = 0; round < rounds; round++)
        {
            foreach (string trainer in trainers)
            {
                lines[trainer].Add(ChildProcess.Line("cold-fit", trainer, "--rows", $"{rows}", "--features", $"{features}"));
            }
        }

        return trainers.Select(trainer => Median(trainer, rows, features, lines[trainer]));
    }

    /// <summary>What a process of <see cref="Measure"/> does: fits twice, and tells what it took.</summary>
    public static JsonObject FitTwice(string trainer, int rows, int features)
    {
        var context = new MLContext(Seed);
        float[] inputs = SyntheticData.Inputs(rows, features, Seed);
        float[] numbers = SyntheticData.Numbers(inputs, features, 1, Seed);
        IDataView view = Rows.View(context, Rows.Cut(inputs, features, row => numbers[row], _ => 0), features);
        Func<MLContext, IEstimator<ITransformer>> create = s_trainers.Single(known => known.Name == trainer).Create;

        long start = Stopwatch.GetTimestamp();
        IEstimator<ITransformer> estimator = create(context);
        TimeSpan created = Stopwatch.GetElapsedTime(start);
        long methods = JitInfo.GetCompiledMethodCount();
        TimeSpan compiling = JitInfo.GetCompilationTime();
        TimeSpan callerCompiling = JitInfo.GetCompilationTime(currentThread: true);
        TimeSpan busy = Environment.CpuUsage.TotalTime;
        start = Stopwatch.GetTimestamp();
        estimator.Fit(view);
        TimeSpan fitted = Stopwatch.GetElapsedTime(start);
        busy = Environment.CpuUsage.TotalTime - busy;
        methods = JitInfo.GetCompiledMethodCount() - methods;
        compiling = JitInfo.GetCompilationTime() - compiling;
        callerCompiling = JitInfo.GetCompilationTime(currentThread: true) - callerCompiling;
        start = Stopwatch.GetTimestamp();
        estimator.Fit(view);
        return new JsonObject
        {
            ["create_ms"] = created.TotalMilliseconds,
            ["fit_ms"] = fitted.TotalMilliseconds,
            ["cpu_ms"] = busy.TotalMilliseconds,
            ["methods"] = (double)methods,
            ["compile_ms"] = compiling.TotalMilliseconds,
            ["caller_compile_ms"] = callerCompiling.TotalMilliseconds,
            ["second_fit_ms"] = Stopwatch.GetElapsedTime(start).TotalMilliseconds,
        };
    }

    private static IEstimator<ITransformer> Ours(MLContext context, Preset preset) =>
        context.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(preset));

    private static JsonObject Median(string trainer, int rows, int features, List<JsonObject> lines)
    {
        var median = new JsonObject { ["trainer"] = trainer, ["rows"] = rows, ["features"] = features };
        foreach ((string field, _) in lines[0])
        {
            double[] values = [.. lines.Select(line => (double)line[field]!).Order()];
            median[field] = Math.Round(values[values.Length / 2], 1);
        }

        foreach (string field in new[] { "fit_ms", "cpu_ms" })
        {
            median[$"best_{field}"] = Math.Round(lines.Min(line => (double)line[field]!), 1);
        }

        return median;
    }
}
