using System.Numerics;

namespace BpTrainer.Tests.Gradients;

/// <summary>An inspection has the numbers of forward and backward pass, for every kind of data and layer.</summary>
public class InspectionTests
{
    private static readonly PiecewiseLinearEncoding s_encoding = new([[-0.5, 0, 0.4], [], [-0.3, 0.2]]);

    private static readonly ColumnScaling s_inputScaling = new(offsets: [0.1, -0.2, 0.3], scales: [2, 0.5, 1]);

    public static TheoryData<string, string, string, BiasKind> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string, BiasKind>();
            foreach (string hidden in new[] { "tanh", "prelu(0.25)", "gelu", "softmax" })
            {
                foreach ((string output, Loss loss) in new[]
                {
                    ("linear", Loss.HalfSquaredError), ("logistic", Loss.MeanSquaredError), ("logistic", Loss.BinaryCrossEntropy()),
                    ("softmax", Loss.CategoricalCrossEntropy()), ("tanh", Loss.Huber(0.3)), ("softplus", Loss.Poisson),
                })
                {
                    foreach (BiasKind bias in Enum.GetValues<BiasKind>())
                    {
                        cases.Add(hidden, output, loss.ToString()!, bias);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GradientsAreTheSlopesOfTheMeanLoss(string hidden, string output, string loss, BiasKind bias)
    {
        Network<double> network = Networks.Random<double>(
            seed: 5, inputs: 3, new LayerSpec(4, Activation.Parse(hidden)) { Bias = bias },
            new LayerSpec(2, Activation.Parse(output)) { Bias = bias });
        AssertSlopes(network, Losses.Named(loss), Samples.Random<double>(seed: 6, rows: 7, inputs: 3, targets: 2, weighted: true));
    }

    [Fact]
    public void SoTheyAreWithScaledAndEncodedInputsAndScaledTargets()
    {
        Network<double> network = Scaled(9, s_encoding);
        Assert.Equal(3 + 5, network.Inspect(Data(), Loss.HalfSquaredError).Layers[0].WeightGradients.GetLength(0));
        AssertSlopes(network, Loss.HalfSquaredError, Data());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SparseInputsAreTheSameAsTheirZeros(bool keepsZero)
    {
        // With an offset zeros become other numbers, and rows are filled with them.
        double[] x = Samples.Random<double>(seed: 1, rows: 40, inputs: 3, targets: 1).Inputs.ToArray();
        double[] inputs = Array.ConvertAll(x, value => Math.Abs(value) < 0.6 ? 0 : value);
        double[] targets = Samples.Random<double>(seed: 2, rows: 40, inputs: 1, targets: 2).Targets.ToArray();
        var dense = new DataSet<double>(inputs, 3, targets, 2);
        var sparse = new DataSet<double>(Sparse(inputs, columns: 3), targets, 2);
        Network<double> network = Scaled(9, encoding: null, keepsZero ? new ColumnScaling([0, 0, 0], [2, 0.5, 1]) : s_inputScaling);
        AssertSame(network.Inspect(dense, Loss.HalfSquaredError), network.Inspect(sparse, Loss.HalfSquaredError), 1e-14);
        Close.Relative(network.Evaluate(dense, Loss.HalfSquaredError), network.Evaluate(sparse, Loss.HalfSquaredError), 1e-14);
    }

    [Fact]
    public void LossesAndErrorTermsOfARowAreThoseOfItAloneTimesItsWeight()
    {
        DataSet<double> data = Data(rows: 12, weighted: true);
        double mean = data.Weights.ToArray().Average();
        Network<double> network = Scaled(6, s_encoding);
        Inspection<double> all = network.Inspect(data, Loss.HalfSquaredError);
        Close.Relative(all.RowLosses.Average(), all.Loss, 1e-14);
        for (int row = 0; row < data.Rows; row++)
        {
            var alone = new DataSet<double>(data.InputRow(row).ToArray(), 3, data.TargetRow(row).ToArray(), 2);
            Inspection<double> one = network.Inspect(alone, Loss.HalfSquaredError);
            double weight = data.Weight(row) / mean;
            Close.Absolute(weight * one.Loss, all.RowLosses[row], 1e-13);
            for (int k = 0; k < 2; k++)
            {
                for (int o = 0; o < network.Layers[k].Outputs; o++)
                {
                    Close.Absolute(one.Layers[k].NetInputs[0, o], all.Layers[k].NetInputs[row, o], 1e-13);
                    Close.Absolute(one.Layers[k].Outputs[0, o], all.Layers[k].Outputs[row, o], 1e-13);
                    Close.Absolute(weight * one.Layers[k].ErrorTerms[0, o], all.Layers[k].ErrorTerms[row, o], 1e-13);
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(513)]
    [InlineData(1300)]
    public void ManyRowsGoThroughInSlices(int rows)
    {
        // Of rows in another order, so that a slice in the wrong place shows.
        DataSet<double> data = Data(rows).Select([.. Enumerable.Range(0, rows).Reverse()]);
        Network<double> network = Scaled(20, s_encoding);
        Inspection<double> seen = network.Inspect(data, Loss.HalfSquaredError);
        double[,] a = seen.Layers[0].Outputs, delta = seen.Layers[1].ErrorTerms;
        for (int i = 0; i < 20; i++)
        {
            double product = Enumerable.Range(0, rows).Sum(row => a[row, i] * delta[row, 1]) / rows;
            Close.Absolute(product, seen.Layers[1].WeightGradients[i, 1], 1e-12);
        }

        double[] predicted = network.Predict<double>([.. Enumerable.Range(0, rows).SelectMany(row => data.InputRow(row).ToArray())]);
        for (int row = 0; row < rows; row++)
        {
            // Outputs are in scaled units: y ← y / scale + offset.
            Close.Absolute(predicted[2 * row], (seen.Layers[1].Outputs[row, 0] / 2) + 0.5, 1e-12);
        }
    }

    [Fact]
    public void FloatsAreCloseToDoubles()
    {
        DataSet<double> data = Data(rows: 30, weighted: true);
        var floats = new DataSet<float>(
            Floats(data.Inputs), 3, Floats(data.Targets), 2, Floats(data.Weights));
        Network<double> network = Scaled(17, s_encoding);
        Network<float> narrow = ScaledBuilder(17, s_encoding, s_inputScaling).Build<float>(seed: 3);
        foreach (Parameter parameter in Parameter.All(network))
        {
            parameter.Set(network, parameter.Get(narrow));
        }

        Inspection<double> expected = network.Inspect(data, Loss.HalfSquaredError);
        Inspection<float> actual = narrow.Inspect(floats, Loss.HalfSquaredError);
        Close.Relative(expected.Loss, actual.Loss, 1e-5);
        for (int k = 0; k < 2; k++)
        {
            Assert.All(Numbers(expected.Layers[k]).Zip(Numbers(actual.Layers[k])), pair => Close.Absolute(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public void ARepeatedRowCountsAsItsWeight()
    {
        DataSet<double> data = Data(rows: 3);
        var weighted = new DataSet<double>(data.Inputs, 3, data.Targets, 2, new double[] { 2, 1, 0 });
        Network<double> network = Scaled(4, encoding: null);
        Inspection<double> seen = network.Inspect(weighted, Loss.HalfSquaredError);
        Inspection<double> repeated = network.Inspect(data.Select([0, 0, 1]), Loss.HalfSquaredError);
        Close.Relative(repeated.Loss, seen.Loss, 1e-14);
        Assert.All(
            Flat(repeated.Layers[0].WeightGradients).Zip(Flat(seen.Layers[0].WeightGradients)),
            pair => Close.Absolute(pair.First, pair.Second, 1e-14));
    }

    [Fact]
    public void EvaluateIsTheValidationLossOfEveryEpoch()
    {
        DataSet<double> validation = Data(rows: 700, weighted: true);
        var losses = new List<double>();
        TrainingResult result = new NetworkTrainer<double>(
            Scaled(12, s_encoding), new TrainingOptions { Epochs = 5, Regularization = new() { L2 = 0.1, HiddenDropout = [0.2] } })
            .Train(Data(rows: 50), validation, progress => losses.Add(progress.Network.Evaluate(validation, Loss.HalfSquaredError)));
        Assert.Equal(result.History.Select(epoch => epoch.ValidationLoss!.Value), losses);
    }

    [Fact]
    public void NothingOfTheNetworkChanges()
    {
        Network<double> network = Scaled(12, s_encoding);
        byte[] before = network.ToBytes();
        Close.Relative(network.Evaluate(Data(), Loss.MeanSquaredError), network.Inspect(Data(), Loss.MeanSquaredError).Loss, 1e-15);
        Assert.Equal(before, network.ToBytes());
    }

    [Fact]
    public void AHardLimitHasALossButNoErrorTerms()
    {
        // x = 2, w = 1: hard limit 1, y = 0.5: ½·0.5².
        Network<double> network = Networks.Of(BiasKind.PerUnit, new GivenLayer(Activation.HardLimit, new[,] { { 1.0 } }, [0]));
        Inspection<double> seen = network.Inspect(Samples.Pairs((2, 0.5)), Loss.HalfSquaredError);
        Assert.Equal(
            (0.125, 2, 1, 0),
            (seen.Loss, seen.Layers[0].NetInputs[0, 0], seen.Layers[0].Outputs[0, 0], seen.Layers[0].ErrorTerms[0, 0]));
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Network<double> network = Networks.OneWeight();
        DataSet<double> wide = Samples.One([1, 2], [1]), pair = Samples.Pairs((1, 1));
        var error = Assert.Throws<ArgumentException>("data", () => network.Inspect(wide, Loss.HalfSquaredError));
        Assert.Contains("2 inputs and 1 targets, but the network has 1 inputs", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("data", () => network.Evaluate(wide, Loss.HalfSquaredError));
        Assert.Throws<ArgumentException>(() => network.Evaluate(pair, Loss.BinaryCrossEntropy()));
        Assert.Throws<ArgumentNullException>("data", () => network.Inspect(null!, Loss.HalfSquaredError));
        Assert.Throws<ArgumentNullException>("loss", () => network.Evaluate(pair, null!));
        Assert.Throws<ArgumentNullException>("network", () => NetworkInspection.Evaluate(null!, pair, Loss.HalfSquaredError));
    }

    [Fact]
    public void MoreNumbersThanAnArrayHoldsAreRefused()
    {
        // 70,000 rows × 40,000 units are 2.8e9 numbers.
        Network<float> network = new NetworkBuilder(1).Add(40_000).Add(1, Activation.Linear).Build<float>();
        var data = new DataSet<float>(new float[70_000], 1, new float[70_000], 1);
        var error = Assert.Throws<ArgumentException>("data", () => network.Inspect(data, Loss.HalfSquaredError));
        Assert.Contains("70000 rows are too many to inspect the network 1-40000-1", error.Message, StringComparison.Ordinal);
        Assert.Equal(10, network.Inspect(data.Select([.. Enumerable.Range(0, 10)]), Loss.HalfSquaredError).RowLosses.Length);
    }

    private static DataSet<double> Data(int rows = 9, bool weighted = false) =>
        Samples.Random<double>(seed: 4, rows, inputs: 3, targets: 2, weighted);

    private static Network<double> Scaled(int units, PiecewiseLinearEncoding? encoding, ColumnScaling? scaling = null) =>
        ScaledBuilder(units, encoding, scaling ?? s_inputScaling).Build<double>(seed: 3);

    private static NetworkBuilder ScaledBuilder(int units, PiecewiseLinearEncoding? encoding, ColumnScaling scaling)
    {
        NetworkBuilder builder = new NetworkBuilder(3)
            .Add(units, Activation.Tanh).Add(2, Activation.Linear)
            .ScaleInputs(scaling).ScaleOutputs(new ColumnScaling(offsets: [0.5, 0.1], scales: [2, 3]));
        return encoding is null ? builder : builder.EncodeInputs(encoding);
    }

    private static SparseMatrix<double> Sparse(double[] inputs, int columns)
    {
        int[][] places = [.. inputs.Chunk(columns).Select(row => Enumerable.Range(0, columns).Where(c => row[c] != 0).ToArray())];
        int[] starts = [0, .. places.Select((_, row) => places.Take(row + 1).Sum(list => list.Length))];
        return new SparseMatrix<double>(columns, starts, places.SelectMany(list => list).ToArray(), inputs.Where(x => x != 0).ToArray());
    }

    private static float[] Floats(ReadOnlyMemory<double> numbers) => Array.ConvertAll(numbers.ToArray(), number => (float)number);

    /// <summary>
    /// Every gradient is the difference quotient of <see cref="NetworkInspection.Evaluate"/>, those of frozen biases too.
    /// </summary>
    private static void AssertSlopes(Network<double> network, Loss loss, DataSet<double> data)
    {
        Inspection<double> seen = network.Inspect(data, loss);
        double Error() => network.Evaluate(data, loss);
        foreach (Parameter p in Parameter.All(network))
        {
            LayerInspection<double> layer = seen.Layers[p.Layer];
            double gradient = p.Input switch
            {
                -1 => layer.BiasGradients[p.Output],
                -2 => layer.SlopeGradients[p.Output],
                _ => layer.WeightGradients[p.Input, p.Output],
            };
            Close.Relative(Gradient.ByDifference(network, p, Error), gradient, 1e-6, $"∂E/∂({p})", floor: 1e-4 * Math.Max(1, seen.Loss));
        }
    }

    private static void AssertSame(Inspection<double> expected, Inspection<double> actual, double tolerance)
    {
        Close.Relative(expected.Loss, actual.Loss, tolerance);
        Assert.All(
            expected.Layers.Zip(actual.Layers),
            pair => Assert.All(Numbers(pair.First).Zip(Numbers(pair.Second)), x => Close.Absolute(x.First, x.Second, tolerance)));
    }

    private static IEnumerable<double> Numbers<T>(LayerInspection<T> layer) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [
            .. Flat(layer.NetInputs), .. Flat(layer.Outputs), .. Flat(layer.ErrorTerms), .. Flat(layer.WeightGradients),
            .. layer.BiasGradients.Select(double.CreateChecked), .. layer.SlopeGradients.Select(double.CreateChecked),
        ];

    private static IEnumerable<double> Flat<T>(T[,] matrix) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        matrix.Cast<T>().Select(double.CreateChecked);
}
