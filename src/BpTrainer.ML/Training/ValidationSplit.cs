using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>Chooses the rows that are kept out of training to watch the error on.</summary>
internal static class ValidationSplit
{
    /// <summary>
    /// Draws the validation rows from a seed: the same share of every class, where each class keeps at least one row for training; of a
    /// regression, the share of all rows. Both parts keep the order of the rows.
    /// </summary>
    /// <param name="labels">The label of every row; for a classification the index of the class.</param>
    /// <param name="classes">The number of classes, or 0 for a regression.</param>
    /// <param name="fraction">The share of the rows for validation, in [0, 1).</param>
    /// <param name="minimum">With fewer validation rows than this there is no validation part.</param>
    /// <param name="seed">The seed of the choice.</param>
    /// <returns>The rows of both parts; no validation rows when the data is too small for them.</returns>
    public static (int[] Training, int[] Validation) Draw(ReadOnlySpan<float> labels, int classes, double fraction, int minimum, int seed)
    {
        var members = new List<int>[Math.Max(1, classes)];
        for (int c = 0; c < members.Length; c++)
        {
            members[c] = [];
        }

        for (int row = 0; row < labels.Length; row++)
        {
            members[classes == 0 ? 0 : (int)labels[row]].Add(row);
        }

        // ML.NET's generator has a fixed algorithm; System.Random's may change from one .NET to the next.
        Random random = RandomUtils.Create(seed);
        var isHeld = new bool[labels.Length];
        foreach (List<int> rows in members)
        {
            int share = Math.Min((int)Math.Round(rows.Count * fraction, MidpointRounding.AwayFromZero), rows.Count - 1);
            for (int i = 0; i < share; i++)
            {
                int j = random.Next(i, rows.Count);
                (rows[i], rows[j]) = (rows[j], rows[i]);
                isHeld[rows[i]] = true;
            }
        }

        return Parts(isHeld, minimum);
    }

    /// <summary>The rows of both parts in order.</summary>
    /// <param name="isHeld">Whether a row is for validation.</param>
    /// <param name="minimum">With fewer validation rows than this there is no validation part.</param>
    public static (int[] Training, int[] Validation) Parts(bool[] isHeld, int minimum)
    {
        int[] all = [.. Enumerable.Range(0, isHeld.Length)];
        int[] validation = Array.FindAll(all, row => isHeld[row]);
        return validation.Length < minimum ? (all, []) : (Array.FindAll(all, row => !isHeld[row]), validation);
    }
}
