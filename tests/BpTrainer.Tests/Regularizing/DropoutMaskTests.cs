using BpTrainer.Kernels;
using BpTrainer.Regularizers;

namespace BpTrainer.Tests.Regularizing;

/// <summary>Masks leave out the share that they should, without a pattern, whoever draws them.</summary>
public unsafe class DropoutMaskTests
{
    private const int Columns = 301, Stride = 304;

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void AMaskLeavesOutTheRateAndScalesUpTheRest(double rate)
    {
        const int Rows = 200;
        double[] values = Draw(rate, key: 5, Rows);
        Assert.All(values, value => Assert.True(value == 0 || value == 1 / (1 - rate)));
        double count = values.Length;
        Close.Absolute(rate, values.Count(value => value == 0) / count, 5 * Math.Sqrt(rate * (1 - rate) / count), "share left out");
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.75)]
    public void TheMeanOverManyMasksIsTheValue(double rate)
    {
        const int Updates = 4000;
        var network = new Masked(new() { HiddenDropout = [rate] }, seed: 3);
        var means = new double[Columns];
        for (int update = 0; update < Updates; update++)
        {
            double[] row = network.Next(rows: 1);
            for (int c = 0; c < Columns; c++)
            {
                means[c] += row[c] / Updates;
            }
        }

        double deviation = Math.Sqrt(rate / (1 - rate) / Updates);
        Assert.All(means, mean => Close.Absolute(1, mean, 5 * deviation, "mean of a unit"));
        Close.Absolute(1, means.Average(), 5 * deviation / Math.Sqrt(Columns), "mean of all units");
    }

    /// <summary>
    /// With p = ½ two units are equal half of the time: neighbours, rows, updates, layers and seeds know nothing of each other.
    /// </summary>
    [Fact]
    public void MasksHaveNothingToDoWithEachOther()
    {
        const int Rows = 100;
        double[] first = Draw(0.5, key: 5, Rows);
        AssertHalf(first, [.. first.Skip(1)]);
        AssertHalf(first, [.. first.Skip(2)]);
        AssertHalf(first, [.. first.Skip(Columns)]);
        AssertHalf(first, Draw(0.5, key: 6, Rows));

        var seed3 = new Masked(new() { HiddenDropout = [0.5], InputDropout = 0.5 }, seed: 3);
        var seed4 = new Masked(new() { HiddenDropout = [0.5], InputDropout = 0.5 }, seed: 4);
        double[] update1 = seed3.Next(Rows);
        AssertHalf(update1, seed3.OfInputs(Rows));
        AssertHalf(update1, seed4.Next(Rows));
        AssertHalf(update1, seed3.Next(Rows));

        static void AssertHalf(double[] x, double[] y)
        {
            double count = Math.Min(x.Length, y.Length);
            Close.Absolute(0.5, x.Zip(y).Count(pair => pair.First == pair.Second) / count, 2.5 / Math.Sqrt(count), "share of equal units");
        }
    }

    [Fact]
    public void AMaskDoesNotDependOnHowRowsAreSharedOut()
    {
        const int Rows = 48;
        double[] whole = Draw(0.3, key: 7, Rows);
        Assert.Equal(whole, Draw(0.3, key: 7, Rows, cuts: [16, 17]));
        Assert.Equal(whole[(20 * Columns)..], Draw(0.3, key: 7, rows: 28, rowsBefore: 20));
    }

    [Fact]
    public void PaddingStaysZero()
    {
        var mask = new DropoutMask<double>(0.1, Columns, Stride, rows: 2, RowKernel<double>.Create(Kernel.Default));
        fixed (double* ones = Ones(rows: 2))
        {
            mask.Apply(key: 1, rowsBefore: 0, ones, 0, 2);
        }

        Assert.All(mask.Values.Span.ToArray().Chunk(Stride), row => Assert.All(row[Columns..], value => Assert.Equal(0, value)));
    }

    [Fact]
    public void ErrorsComeBackThroughTheSameMask()
    {
        var mask = new DropoutMask<double>(0.4, Columns, Stride, rows: 4, RowKernel<double>.Create(Kernel.Default));
        AlignedBuffer<double> delta = Ones(rows: 4);
        fixed (double* values = Ones(rows: 4), errors = delta)
        {
            mask.Apply(key: 1, rowsBefore: 0, values, 0, 4);
            mask.PropagateBack(errors, 1, 4);
        }

        Assert.All(delta.Span[..Columns].ToArray(), value => Assert.Equal(1, value));
        Assert.Equal(mask.Values.Span[Stride..], delta.Span[Stride..]);
    }

    /// <summary>What is left of ones, row behind row without padding; drawn in parts that end at <paramref name="cuts"/>.</summary>
    private static double[] Draw(double rate, ulong key, int rows, int rowsBefore = 0, int[]? cuts = null)
    {
        var mask = new DropoutMask<double>(rate, Columns, Stride, rows, RowKernel<double>.Create(Kernel.Default));
        int first = 0;
        fixed (double* ones = Ones(rows))
        {
            foreach (int end in (int[])[.. cuts ?? [], rows])
            {
                mask.Apply(key, rowsBefore, ones, first, end);
                first = end;
            }
        }

        return WithoutPadding(mask);
    }

    private static AlignedBuffer<double> Ones(int rows)
    {
        var ones = new AlignedBuffer<double>(rows * Stride);
        for (int row = 0; row < rows; row++)
        {
            ones.Span.Slice(row * Stride, Columns).Fill(1);
        }

        return ones;
    }

    private static double[] WithoutPadding(DropoutMask<double> mask) =>
        [.. mask.Values.Span.ToArray().Chunk(Stride).SelectMany(row => row[..Columns])];

    /// <summary>The masks of a training of a network with as many inputs as hidden units.</summary>
    private sealed class Masked(Regularization dropout, int seed)
    {
        private const int MostRows = 100;
        private readonly AlignedBuffer<double> _ones = Ones(MostRows);
        private readonly DropoutMasks<double> _masks = DropoutMasks<double>.For(
            new NetworkBuilder(Columns).Add(Columns, Activation.Linear).Add(1, Activation.Linear).Build<double>(),
            dropout,
            seed,
            MostRows,
            Kernel.Default)!;

        /// <summary>What the next update leaves of hidden units of 1.</summary>
        public double[] Next(int rows)
        {
            _masks.StartUpdate();
            return Of(layer: 1, rows);
        }

        /// <summary>What the same update leaves of inputs of 1.</summary>
        public double[] OfInputs(int rows) => Of(layer: 0, rows);

        private double[] Of(int layer, int rows)
        {
            fixed (double* ones = _ones)
            {
                _masks.Apply(layer, ones, 0, rows);
            }

            return WithoutPadding(_masks[layer]!)[..(rows * Columns)];
        }
    }
}
