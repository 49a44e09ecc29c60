using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer.Tests;

/// <summary>
/// Inputs without their zeros teach and predict as those with them do: to the same bits where the first layer has 8 units and more.
/// </summary>
public class SparseTests
{
    private const int Inputs = 300;

    public static TheoryData<string> Kernels => [.. Tests.Kinds.Names];

    [Theory]
    [MemberData(nameof(EveryOptimizer.Names), MemberType = typeof(EveryOptimizer))]
    public void EveryOptimizerGoesTheSameWay(string optimizer)
    {
        int inputs = optimizer is "levenberg-marquardt" or "bayesian-regularization" ? 20 : Inputs;
        SameBits<double>(Net(inputs, 12), Options.With(EveryOptimizer.Of(optimizer)), inputs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void ThreadsChangeNoBit(int threads) =>
        SameBits<float>(Net(Inputs, 40), Options with { NumberOfThreads = threads, BatchSize = 40 });

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryKernelGoesTheSameWay(string kindName)
    {
        KernelKind kernel = Kinds.Parse(kindName);
        SameBits<float>(Net(Inputs, 40), Options with { Kernel = kernel });
        SameBits<double>(Net(Inputs, 9), Options with { Kernel = kernel, Optimizer = Optimizer.Adam() });
    }

    [Fact]
    public void BatchesOfEverySizeGoTheSameWay()
    {
        SameBits<float>(Net(Inputs, 12), Options with { BatchSize = 700, Epochs = 3 }, rows: 1500);
        SameBits<float>(Net(Inputs, 12), Options with { BatchSize = TrainingOptions.FullBatch }, rows: 1100);
    }

    [Fact]
    public void PenaltiesClippingAveragesAndSchedulesGoTheSameWay()
    {
        foreach (Regularization regularization in new Regularization[]
        {
            new() { L1 = 1e-3 }, new() { L2 = 1e-3 }, new() { WeightDecay = 1e-3 },
            new() { ClipValue = 1e-3 }, new() { ClipNorm = 0.1 }, new() { MaxNorm = 0.5 },
        })
        {
            SameBits<float>(Net(Inputs, 12), Options with { Regularization = regularization });
        }

        SameBits<float>(Net(Inputs, 12), Options with { Averaging = WeightAveraging.Exponential(0.9) });
        SameBits<float>(Net(Inputs, 12), Options with { Schedule = LearningRateSchedule.Cosine(), MinimumGradient = 1e-9 });
        SameBits<float>(Net(Inputs, 12), Options with { Regularization = new() { HiddenDropout = [0.2] } });
    }

    [Fact]
    public void WhatNeedsEveryInputGetsTheZeros()
    {
        SameBits<float>(Net(Inputs, 12), Options with { Regularization = new() { HiddenDropout = [0.2], InputDropout = 0.1 } });
        SameBits<float>(Net(Inputs, 12).ScaleInputs(Centring), Options);
    }

    [Fact]
    public void OneSampleAtATimeGoesNearlyTheSameWay() => Near<double>(Net(Inputs, 12), Options with { BatchSize = 1 });

    [Fact]
    public void ANarrowFirstLayerGoesNearlyTheSameWay()
    {
        foreach (int units in new[] { 1, 3, 7 })
        {
            Near<double>(Net(Inputs, units), Options);
            Near<double>(Net(Inputs, units), Options with { Regularization = new Regularization { L2 = 1e-3 }, BatchSize = 700 });
        }

        Network<float> one = Trained(Net(Inputs, 3), Options with { NumberOfThreads = 1 }, Sparse(Dense<float>(60, Inputs)));
        Network<float> eight = Trained(Net(Inputs, 3), Options with { NumberOfThreads = 8 }, Sparse(Dense<float>(60, Inputs)));
        Assert.Equal(one.Parameters.Span, eight.Parameters.Span);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(3)]
    public void GradientsAreRight(int units)
    {
        DataSet<double> data = Sparse(Dense<double>(30, 40, density: 0.2));
        Gradient.AssertRight(Net(40, units).Build<double>(seed: 2), Loss.HalfSquaredError, data);
    }

    [Fact]
    public void SamplesWithZerosValidateSamplesWithout()
    {
        DataSet<float> training = Dense<float>(60, Inputs), validation = Dense<float>(30, Inputs);
        Network<float> expected = Net(Inputs, 12).Build<float>(seed: 1), actual = Net(Inputs, 12).Build<float>(seed: 1);
        expected.Train(Options, training, validation);
        actual.Train(Options, Sparse(training), validation);
        Assert.Equal(expected.Parameters.Span, actual.Parameters.Span);
    }

    [Fact]
    public void ACheckpointGoesOnToTheSameBits()
    {
        DataSet<float> data = Sparse(Dense<float>(60, Inputs));
        var files = new List<MemoryStream>();
        var checkpoint = Checkpoint.ToStream(
            () =>
            {
                files.Add(new MemoryStream());
                return files[^1];
            },
            everyEpochs: 2);
        Network<float> whole = Net(Inputs, 12).Build<float>(seed: 1), resumed = Net(Inputs, 12).Build<float>(seed: 1);
        whole.Train(Options with { Checkpoint = checkpoint }, data);
        new NetworkTrainer<float>(resumed, Options).Resume(new MemoryStream(files[0].ToArray()), data);
        Assert.Equal(whole.Parameters.Span, resumed.Parameters.Span);
    }

    [Fact]
    public void PredictionsAreTheSameBits()
    {
        DataSet<float> data = Dense<float>(400, Inputs);
        SparseMatrix<float> sparse = Sparse(data).Parts[0].Sparse!;
        Network<float> plain = Net(Inputs, 12).Build<float>(seed: 1);
        Network<float> scaled = Net(Inputs, 12).ScaleInputs(ColumnScaling.StandardizeInputs(Sparse(data))).Build<float>(seed: 1);
        Network<float> centred = Net(Inputs, 12).ScaleInputs(Centring).Build<float>(seed: 1);
        foreach (Network<float> network in new[] { plain, scaled, centred })
        {
            var expected = new float[2 * data.Rows];
            var actual = new float[2 * data.Rows];
            network.Predict(data.Inputs.Span, expected, data.Rows);
            network.Predict(sparse, actual);
            Assert.Equal(expected, actual);
            network.PredictNetInput(data.Inputs.Span, expected, data.Rows);
            network.PredictNetInput(sparse, actual);
            Assert.Equal(expected, actual);
        }

        var ensemble = new NetworkEnsemble<float>(plain, scaled);
        var mean = new float[2 * data.Rows];
        var sparseMean = new float[2 * data.Rows];
        ensemble.Predict(data.Inputs.Span, mean, data.Rows);
        ensemble.Predict(sparse, sparseMean);
        Assert.Equal(mean, sparseMean);
    }

    [Fact]
    public void ZeroStaysZeroAndOtherValuesGetTheRootMeanSquare1()
    {
        // Columns: few values, none, the same in all rows, some in all rows. The last row does not count.
        var matrix = new SparseMatrix<double>(
            4, new[] { 0, 3, 6, 8, 9 }, new[] { 0, 2, 3, 0, 2, 3, 2, 3, 0 }, new double[] { 3, 7, 4, -4, 7, 6, 7, 5, 1000 });
        var data = new DataSet<double>(matrix, new double[4], 1, new double[] { 1, 3, 5, 0 });
        ColumnScaling scaling = ColumnScaling.StandardizeInputs(data);
        Assert.Equal([0, 0, 0, 0], scaling.Offsets.ToArray());
        Assert.Equal(Math.Sqrt(4 / (9 + (3 * 16.0))), scaling.Scales[0], 1e-15);
        Assert.Equal([1, 1], scaling.Scales[1..3].ToArray());
        Assert.Equal(Math.Sqrt(9 / (16 + (3 * 36) + (5 * 25.0))), scaling.Scales[3], 1e-15);
        Assert.Equal([-7.5, 0, 0, -3], scaling.Lowest.ToArray());
        Assert.Equal([6.5, 0, 0, 9], scaling.Highest.ToArray());

        ColumnScaling limits = ColumnScaling.LimitInputs(data);
        Assert.Equal([1, 1, 1, 1], limits.Scales.ToArray());
        Assert.Equal(scaling.Highest.ToArray(), limits.Highest.ToArray());
    }

    [Fact]
    public void ColumnsThatAreMostly0AreScaledAsWithTheirZeros()
    {
        DataSet<double> data = Dense<double>(60, Inputs);
        ColumnScaling expected = ColumnScaling.StandardizeInputs(data), actual = ColumnScaling.StandardizeInputs(Sparse(data));
        Assert.Equal(expected.Offsets.ToArray(), actual.Offsets.ToArray());
        for (int c = 0; c < Inputs; c++)
        {
            Assert.Equal(expected.Scales[c], actual.Scales[c], 1e-12 * expected.Scales[c]);
            Assert.Equal(expected.Lowest[c], actual.Lowest[c], 1e-12);
            Assert.Equal(expected.Highest[c], actual.Highest[c], 1e-12);
        }

        SameBits<double>(Net(Inputs, 12).ScaleInputs(actual), Options);
    }

    [Fact]
    public void SetsAreChosenJoinedAndCopied()
    {
        DataSet<float> dense = Dense<float>(10, 20), sparse = Sparse(dense);
        int[] rows = [7, 2, 2, 9];
        DataSet<float> joined = DataSet<float>.Join(sparse, sparse.Take([1, 2]));
        Assert.Equal(12, joined.Rows);
        foreach ((DataSet<float> expected, DataSet<float> actual) in new[]
        {
            (dense, sparse), (dense.Select(rows), sparse.Select(rows)), (dense.Take(rows), sparse.Take(rows)),
            (dense.Select([1, 2]), joined.Select([10, 11])),
        })
        {
            Assert.True(actual.IsSparse);
            Assert.Equal(expected.Rows, actual.Rows);
            for (int row = 0; row < expected.Rows; row++)
            {
                Assert.Equal(expected.InputRow(row), actual.InputRow(row));
                Assert.Equal(expected.TargetRow(row), actual.TargetRow(row));
            }
        }

        Assert.Throws<InvalidOperationException>(() => sparse.Inputs);
        Assert.Throws<ArgumentException>(() => DataSet<float>.Join(sparse, dense));
    }

    [Theory]
    [InlineData(new[] { 0 }, new int[0])]
    [InlineData(new[] { 0, 1 }, new[] { 3 })]
    [InlineData(new[] { 0, 1 }, new[] { -1 })]
    [InlineData(new[] { 0, 2 }, new[] { 1, 1 })]
    [InlineData(new[] { 0, 2 }, new[] { 2, 1 })]
    [InlineData(new[] { 1, 2 }, new[] { 0, 1 })]
    [InlineData(new[] { 0, 1 }, new[] { 0, 1 })]
    [InlineData(new[] { 0, 5, 1 }, new[] { 0 })]
    [InlineData(new[] { 0, 2, 1, 2 }, new[] { 0, 1 })]
    public void AMatrixThatMakesNoSenseIsRefused(int[] starts, int[] columns) =>
        Assert.ThrowsAny<ArgumentException>(() => new SparseMatrix<double>(3, starts, columns, new double[columns.Length]));

    private static TrainingOptions Options => new()
    {
        Optimizer = Optimizer.Momentum(0.01),
        BatchSize = 16,
        Epochs = 5,
        Seed = 3,
        Loss = Loss.HalfSquaredError,
    };

    private static ColumnScaling Centring
    {
        get
        {
            var offsets = new double[Inputs];
            var scales = new double[Inputs];
            Array.Fill(offsets, 0.5);
            Array.Fill(scales, 2);
            return new ColumnScaling(offsets, scales);
        }
    }

    private static NetworkBuilder Net(int inputs, int units) =>
        new NetworkBuilder(inputs).Add(units, Activation.Tanh).Add(2, Activation.Linear);

    private static void SameBits<T>(NetworkBuilder net, TrainingOptions options, int inputs = Inputs, int rows = 60)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DataSet<T> data = Dense<T>(rows, inputs);
        Network<T> expected = Trained(net, options, data), actual = Trained(net, options, Sparse(data));
        Assert.Equal(expected.Parameters.Span, actual.Parameters.Span);
        Assert.NotEqual(net.Build<T>(seed: 1).Parameters.Span.ToArray(), actual.Parameters.Span.ToArray());
    }

    private static void Near<T>(NetworkBuilder net, TrainingOptions options) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DataSet<T> data = Dense<T>(60, Inputs);
        Network<T> expected = Trained(net, options, data), actual = Trained(net, options, Sparse(data));
        for (int i = 0; i < expected.Parameters.Length; i++)
        {
            Assert.Equal(double.CreateChecked(expected.Parameters.Span[i]), double.CreateChecked(actual.Parameters.Span[i]), 1e-10);
        }
    }

    /// <summary>Trains on all rows but the last ten, which validate.</summary>
    private static Network<T> Trained<T>(
        NetworkBuilder net, TrainingOptions options, DataSet<T> data) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = net.Build<T>(seed: 1);
        int[] rows = [.. Enumerable.Range(0, data.Rows)];
        network.Train(options, data.Select(rows[..^10]), data.Select(rows[^10..]));
        return network;
    }

    /// <summary>Rows of weights from 1 to 3, of which few inputs are not 0; some inputs are 0 in all of them.</summary>
    private static DataSet<T> Dense<T>(int rows, int inputs, double density = 0.03) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(5);
        var x = new T[rows * inputs];
        var y = new T[rows * 2];
        var weights = new T[rows];
        for (int row = 0; row < rows; row++)
        {
            for (int c = 0; c < inputs; c++)
            {
                x[(row * inputs) + c] = c % 7 != 0 && random.NextDouble() < density ? T.CreateChecked(random.NextDouble() + 0.5) : T.Zero;
                y[(2 * row) + (c % 2)] += x[(row * inputs) + c];
            }

            weights[row] = T.CreateChecked(1 + (row % 3));
        }

        return new DataSet<T>(x, inputs, y, 2, weights);
    }

    internal static DataSet<T> Sparse<T>(DataSet<T> dense) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var starts = new List<int> { 0 };
        var columns = new List<int>();
        var values = new List<T>();
        for (int row = 0; row < dense.Rows; row++)
        {
            ReadOnlySpan<T> x = dense.InputRow(row);
            for (int c = 0; c < x.Length; c++)
            {
                if (x[c] != T.Zero)
                {
                    columns.Add(c);
                    values.Add(x[c]);
                }
            }

            starts.Add(values.Count);
        }

        return new DataSet<T>(
            new SparseMatrix<T>(dense.InputColumns, starts.ToArray(), columns.ToArray(), values.ToArray()),
            dense.Targets,
            dense.TargetColumns,
            dense.Weights);
    }
}
