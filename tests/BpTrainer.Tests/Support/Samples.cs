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

    private static T[] Draw<T>(int count, Func<double> next) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked(next()))];
}
