using System.Numerics;

namespace BpTrainer.Tests;

/// <summary>Data sets that tests train on.</summary>
internal static class Samples
{
    /// <summary>One sample.</summary>
    public static DataSet<double> One(double[] x, double[] y) => new(x, x.Length, y, y.Length);

    /// <summary>Samples of one input and one target.</summary>
    public static DataSet<double> Pairs(params (double X, double Y)[] pairs) =>
        new(pairs.Select(p => p.X).ToArray(), 1, pairs.Select(p => p.Y).ToArray(), 1);

    /// <summary>Inputs in (−1, 1), targets in (0, 1), which every loss allows.</summary>
    public static DataSet<T> Random<T>(int seed, int rows, int inputs, int targets, bool weighted = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        T[] x = Draw<T>(rows * inputs, () => (2 * random.NextDouble()) - 1);
        T[] y = Draw<T>(rows * targets, () => 0.02 + (0.96 * random.NextDouble()));
        T[] weights = weighted ? Draw<T>(rows, () => random.Next(4) / 2.0) : [];
        if (weighted)
        {
            weights[0] = T.One;
        }

        return new DataSet<T>(x, inputs, y, targets, weights);
    }

    /// <summary>Inputs in (−1, 1); the targets of a row are shares that sum to 1, as those of classes do.</summary>
    public static DataSet<double> RandomShares(int seed, int rows, int inputs, int targets)
    {
        DataSet<double> data = Random<double>(seed, rows, inputs, targets);
        double[] shares = [.. data.Targets.ToArray().Chunk(targets).SelectMany(row => row.Select(y => y / row.Sum()))];
        return new DataSet<double>(data.Inputs, inputs, shares, targets);
    }

    /// <summary>The exclusive or of two inputs.</summary>
    public static DataSet<double> Xor() => new(new double[] { 0, 0, 0, 1, 1, 0, 1, 1 }, 2, new double[] { 0, 1, 1, 0 }, 1);

    /// <summary>
    /// The two-spirals problem of Lang and Witbrock (1988): two spirals, each of three turns and 97 points, with the target 1 or 0. Point k
    /// lies at the angle kπ/16 and the radius 6.5 · (104 − k) / 104, opposite to that of the other spiral.
    /// </summary>
    /// <param name="shift">0 for the 194 points; 0.5 for the 192 half-way between neighbours of a spiral.</param>
    public static DataSet<T> TwoSpirals<T>(double shift = 0) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var inputs = new List<double>();
        for (double k = shift; k <= 96; k++)
        {
            (double sine, double cosine) = Math.SinCos(k * Math.PI / 16);
            double radius = 6.5 * (104 - k) / 104;
            inputs.AddRange([radius * sine, radius * cosine, -radius * sine, -radius * cosine]);
        }

        T[] targets = [.. inputs.Chunk(2).Select((_, row) => row % 2 == 0 ? T.One : T.Zero)];
        return new DataSet<T>(inputs.Select(T.CreateChecked).ToArray(), 2, targets, 1);
    }

    private static T[] Draw<T>(int count, Func<double> next) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked(next()))];
}
