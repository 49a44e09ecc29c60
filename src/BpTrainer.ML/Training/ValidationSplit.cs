using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML;

namespace BpTrainer.ML.Training;

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

/// <summary>
/// Says of a row, by nothing but its id and a seed, whether it is a validation row: so it stays one in every pass over a stream,
/// in whatever order the rows come.
/// </summary>
/// <param name="fraction">The share of the rows for validation, in [0, 1).</param>
/// <param name="seed">The seed of the choice.</param>
internal sealed class ValidationDraw(double fraction, int seed)
{
    // 2⁶⁴ · fraction: a row is drawn when its number, one of 2⁶⁴ equally likely ones, is below.
    private ulong _bound = (ulong)(fraction * (1UL << 63)) * 2;

    public bool Takes(DataViewRowId id) => Number(id) < _bound;

    /// <summary>From now on takes only half of the rows that it would have taken.</summary>
    public void Halve() => _bound /= 2;

    /// <summary>From now on takes no row.</summary>
    public void TakeNone() => _bound = 0;

    private ulong Number(DataViewRowId id) => Mix(Mix(Mix((uint)seed) ^ id.Low) ^ id.High);

    /// <summary>The last step of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), by which ids that follow one another get numbers that look random.</summary>
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
