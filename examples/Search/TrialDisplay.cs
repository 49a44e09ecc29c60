namespace BpTrainer.Examples.Search;

/// <summary>Shows how far the search is and what it has found: one line that is written over on a terminal, else a line a trial.</summary>
/// <param name="writer">Where to; the error stream, so that the output holds the results alone.</param>
/// <param name="trials">How many trials there will be.</param>
/// <param name="isTerminal">Whether a person is watching.</param>
internal sealed class TrialDisplay(TextWriter writer, int trials, bool isTerminal)
{
    private const int Width = 30;

    private readonly Lock _turn = new();
    private int _done;
    private double _best = double.PositiveInfinity;

    /// <summary>Shows a trial that is over. May be called from any thread.</summary>
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

    /// <summary>Ends the line, when there will be no more trials.</summary>
    public void Close()
    {
        if (isTerminal)
        {
            writer.WriteLine();
        }
    }
}
