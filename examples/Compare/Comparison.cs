using Microsoft.ML;

namespace BpTrainer.Examples.Compare;

/// <summary>Trains every contender on the same splits of one problem and measures it.</summary>
/// <exception cref="UserError">There are too few rows to split.</exception>
internal sealed class Comparison(Problem problem, CompareOptions options, IReadOnlyList<Contender> contenders)
{
    private readonly Split[] _splits =
        [.. Enumerable.Range(0, options.Splits).Select(s => Split.Of(problem, options.TestFraction, options.Seed, s))];

    /// <summary>The problem that the trainers are compared on.</summary>
    public Problem Problem => problem;

    /// <summary>How many times <see cref="Run"/> reports progress.</summary>
    public int Steps => _splits.Length * contenders.Count;

    /// <summary>Compares.</summary>
    /// <param name="onStep">Called with the split (from 1) and the trainer before each step.</param>
    /// <param name="onEpoch">Called after each epoch by trainers that report epochs. Default: none.</param>
    public IReadOnlyList<TrainerResult> Run(Action<int, string> onStep, Action<EpochProgress<float>>? onEpoch = null)
    {
        TrainerResult[] results =
            [.. contenders.Select(contender => new TrainerResult(contender.Name) { Settings = contender.Settings })];
        for (int s = 0; s < _splits.Length; s++)
        {
            PreparedSplit prepared = PreparedSplit.From(new MLContext(options.Seed), problem, _splits[s]);
            foreach ((Contender contender, TrainerResult result) in contenders.Zip(results))
            {
                onStep(s + 1, contender.Name);
                if (result.Reason is null)
                    Measure(contender, prepared, result, onEpoch);
            }
        }
        return results;
    }

    private void Measure(
        Contender contender, PreparedSplit prepared, TrainerResult result, Action<EpochProgress<float>>? onEpoch)
    {
        if (contender.LeftOut(problem) is { } reason)
        {
            result.LeaveOut(reason);
            return;
        }
        try
        {
            Trial trial = contender.Run(prepared, options.Seed, onEpoch);
            IReadOnlyList<double> metrics = Metric.Evaluate(new MLContext(options.Seed), problem.Task, trial.Scored);
            result.Add(new Measurement(
                metrics, trial.FitSeconds, trial.RowsPerSecond, Reliability.Of(problem.Task, trial.Scored)));
            if (options.Report is not null)
                result.Keep(trial);
        }
        catch (Exception e) when (NativeLibraryError(e) is { } library)
        {
            result.LeaveOut($"left out: its native library cannot be loaded here ({FirstSentence(library)})");
        }
        catch (Exception e)
        {
            result.Fail($"failed: {FirstSentence(e)}");
        }
    }

    private static Exception? NativeLibraryError(Exception? e)
    {
        while (e is not (null or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException))
            e = e.InnerException;
        return e;
    }

    private static string FirstSentence(Exception e) => e.Message.Split(['\n', '\r']).First().Split(". ").First();
}
