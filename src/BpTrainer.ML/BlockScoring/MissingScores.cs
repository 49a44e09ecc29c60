using Microsoft.ML.Runtime;

namespace BpTrainer.ML.BlockScoring;

/// <summary>Warns, once a view, when no row of it has a score: the features are then missing where the model was not trained to do without.</summary>
/// <param name="host">Takes the warning.</param>
/// <param name="features">The name of the feature column.</param>
internal sealed class MissingScores(IHost host, string features)
{
    private long _rows;
    private long _missing;
    private int _warned;

    /// <summary>Counts the rows of a block.</summary>
    /// <param name="scores">rows × scores.</param>
    /// <param name="rows">The number of rows.</param>
    public void Count(ReadOnlySpan<float> scores, int rows)
    {
        int width = scores.Length / rows;
        int missing = 0;
        for (int row = 0; row < rows; row++)
        {
            missing += float.IsNaN(scores[row * width]) ? 1 : 0;
        }

        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _missing, missing);
    }

    /// <summary>Called when a cursor has come to the end of its rows.</summary>
    public void Report()
    {
        long rows = Interlocked.Read(ref _rows);
        if (rows > 0 && Interlocked.Read(ref _missing) == rows && Interlocked.Exchange(ref _warned, 1) == 0)
        {
            using IChannel channel = host.Start("Scoring");
            channel.Warning($"All {rows} rows have NaN for a score, because each has a missing or infinite value in the column '{features}'. " +
                "Replace missing values before the trainer, or train with ImputeMissingFeatures.");
        }
    }
}
