namespace BpTrainer.Examples.Search;

/// <summary>Shows the progress of the search and the best result so far: on a terminal one line that is overwritten, otherwise a line for
/// each trial.</summary>
/// <param name="writer">Where the lines are written. Use the error stream, so that the output contains only the results.</param>
/// <param name="trials">The total number of trials.</param>
/// <param name="isTerminal">Whether a person is watching.</param>
internal sealed class TrialDisplay(TextWriter writer, int trials, bool isTerminal)
{
    private const int Width = 30;

    private readonly Lock _turn = new();
    private int _done;
    private double _best = double.PositiveInfinity;

    /// <summary>Shows a completed trial. May be called from any thread.</summary>
    public void Report(Trial trial)
    {
        lock (_turn)
        {
            _done++;
            _best = Math.Min(_best, trial.Error);
            if (isTerminal)
            {
                string bar = new string('█', Width * _done / trials).PadRight(Width, '░');
                writer.Write(FormattableString.Invariant($"\r{bar} {_done} of {trials} trials, best RMSE {_best:F2}"));
            }
            else
            {
                writer.WriteLine(FormattableString.Invariant($"{_done} of {trials} trials, best RMSE {_best:F2}"));
            }
        }
    }

    /// <summary>Ends the line after the last trial.</summary>
    public void Close()
    {
        if (isTerminal)
        {
            writer.WriteLine();
        }
    }
}
