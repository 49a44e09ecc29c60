using BpTrainer.Training;

namespace BpTrainer.Tests.Regularizing;

/// <summary>Training leaves units out; whatever measures or predicts does not.</summary>
public class DropoutTests
{
    private const int Inputs = 6, Outputs = 2;
    private static readonly Regularization s_dropout = new() { HiddenDropout = [0.5, 0.3], InputDropout = 0.2 };
    private static readonly TrainingOptions s_options = new() { Regularization = s_dropout };

    public static TheoryData<string> Hidden => [.. Activations.ThatLearn.Select(activation => activation.ToString())];

    /// <summary>
    /// The masks of the first update are the same whatever the weights, so that differences see the network that is left.
    /// </summary>
    [Theory]
    [MemberData(nameof(Hidden))]
    public void TheGradientIsTheSlopeOfTheLossUnderTheMask(string activation)
    {
        Network<double> network = Start(Activation.Parse(activation));
        DataSet<double> data = Samples.Random<double>(2, rows: 7, Inputs, Outputs, weighted: true);
        Gradient.AssertRight(network, Loss.HalfSquaredError, data, s_options);
        Assert.NotEqual(
            Gradient.LossOf(network, Loss.HalfSquaredError, data), Gradient.LossOf(network, Loss.HalfSquaredError, data, s_options));
    }

    [Fact]
    public void SoItIsForASampleAloneAndForABatchOfSeveralSlices()
    {
        Network<double> network = Start(Activation.Logistic);
        Gradient.AssertRight(network, Loss.HalfSquaredError, Samples.Random<double>(3, rows: 1, Inputs, Outputs), s_options);
        Gradient.AssertRight(
            network, Loss.HalfSquaredError, Samples.Random<double>(4, Workspace<double>.MostRows + 50, Inputs, Outputs), s_options);
    }

    [Fact]
    public void RowsOfASliceHaveMasksOfTheirOwn()
    {
        // Every row is the same sample, so the losses of the first and of the second slice would be equal under equal masks.
        const int Rows = Workspace<double>.MostRows;
        DataSet<double> one = Samples.Random<double>(5, rows: 1, Inputs, Outputs);
        Network<double> network = Start(Activation.Tanh);
        double slice = Gradient.LossOf(network, Loss.HalfSquaredError, one.Take(new int[Rows]), s_options);
        double slices = Gradient.LossOf(network, Loss.HalfSquaredError, one.Take(new int[2 * Rows]), s_options);
        Assert.NotEqual(slice, slices, 1e-6);
    }

    [Fact]
    public void IncrementalLearningIsABatchOfOne()
    {
        DataSet<double> data = Samples.Random<double>(6, rows: 40, Inputs, Outputs);
        TrainingOptions options =
            Training.Incremental(0.01, epochs: 3) with { Regularization = s_dropout, Optimizer = Optimizer.Momentum(0.01) };
        Network<double> sample = Start(Activation.Gelu), batch = Start(Activation.Gelu);
        TrainingResult expected = sample.Train(options, data);

        // A bound that nothing reaches takes the way of batches.
        TrainingResult actual = batch.Train(options with { Regularization = s_dropout with { MaxNorm = 1e9 } }, data);
        foreach (Parameter parameter in Parameter.All(sample))
        {
            Close.Absolute(parameter.Get(sample), parameter.Get(batch), 1e-12, parameter.ToString());
        }

        Close.Absolute(expected.History[^1].TrainingLoss, actual.History[^1].TrainingLoss, 1e-12, "loss");
    }

    [Fact]
    public void RatesOfZeroChangeNothing()
    {
        DataSet<double> data = Samples.Random<double>(7, rows: 40, Inputs, Outputs);
        var options = new TrainingOptions { Epochs = 3 };
        Network<double> without = Start(Activation.Tanh), zero = Start(Activation.Tanh);
        without.Train(options, data);
        zero.Train(options with { Regularization = new() { HiddenDropout = [0, 0] } }, data);
        Assert.Equal(without.ToBytes(), zero.ToBytes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void TheSeedDecidesWhatIsLeftOut(int batchSize)
    {
        DataSet<double> data = Samples.Random<double>(8, rows: 40, Inputs, Outputs);
        Assert.Equal(Trained(seed: 1), Trained(seed: 1));
        Assert.NotEqual(Trained(seed: 1), Trained(seed: 2));

        byte[] Trained(int seed)
        {
            Network<double> network = Start(Activation.Tanh);
            network.Train(
                new TrainingOptions { Epochs = 2, Shuffle = false, BatchSize = batchSize, Seed = seed, Regularization = s_dropout }, data);
            return network.ToBytes();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void ValidationAndPredictionsUseAllUnits(int batchSize)
    {
        DataSet<double> data =
            Samples.Random<double>(9, rows: 40, Inputs, Outputs), watched = Samples.Random<double>(10, rows: 30, Inputs, Outputs);
        Network<double> network = Start(Activation.Tanh);
        TrainingResult result = network.Train(
            new TrainingOptions { Epochs = 1, BatchSize = batchSize, Regularization = s_dropout }, data, watched);
        Close.Relative(HalfSquaredError(network, watched), result.History[0].ValidationLoss!.Value, 1e-12, "validation loss");
    }

    [Fact]
    public void AdaptiveRatesAreJudgedByAllUnits()
    {
        DataSet<double> data = Samples.Random<double>(11, rows: 40, Inputs, Outputs);
        Network<double> network = Start(Activation.Tanh);
        var options = new TrainingOptions { Epochs = 1, Optimizer = Optimizer.AdaptiveGradientDescent(1e-4), Regularization = s_dropout };
        TrainingResult result = network.Train(options, data);
        Close.Relative(HalfSquaredError(network, data), result.History[0].TrainingLoss, 1e-12, "training loss");
    }

    [Fact]
    public void OneRateIsForAllHiddenLayers()
    {
        DataSet<double> data = Samples.Random<double>(12, rows: 40, Inputs, Outputs);
        Network<double> one = Start(Activation.Tanh), each = Start(Activation.Tanh);
        one.Train(new TrainingOptions { Epochs = 2, Regularization = new() { HiddenDropout = [0.4] } }, data);
        each.Train(new TrainingOptions { Epochs = 2, Regularization = new() { HiddenDropout = [0.4, 0.4] } }, data);
        Assert.Equal(one.ToBytes(), each.ToBytes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ARateIsFrom0ToBelow1(double rate)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "HiddenDropout", new Regularization { HiddenDropout = [0.5, rate] }.Validate);
        Assert.Contains(FormattableString.Invariant($"is {rate}, but must be at least 0 and below 1"), error.Message);
        Assert.Throws<ArgumentOutOfRangeException>("InputDropout", new Regularization { InputDropout = rate }.Validate);
        Assert.Throws<ArgumentNullException>(() => new Regularization { HiddenDropout = null! });
    }

    [Theory]
    [InlineData(0, 1, "HiddenDropout is [0.5], but there is no hidden layer")]
    [InlineData(0, 2, "HiddenDropout has 2 rates, but there are 0 hidden layers")]
    [InlineData(1, 2, "HiddenDropout has 2 rates, but there are 1 hidden layers")]
    [InlineData(3, 2, "HiddenDropout has 2 rates, but there are 3 hidden layers")]
    public void RatesFitTheHiddenLayers(int layers, int rates, string message)
    {
        var builder = new NetworkBuilder(Inputs);
        for (int k = 0; k < layers; k++)
        {
            builder.Add(3, Activation.Tanh);
        }

        Network<float> network = builder.Add(Outputs, Activation.Linear).Build<float>();
        var dropout = new Regularization { HiddenDropout = [.. Enumerable.Repeat(0.5, rates)] };
        var error = Assert.Throws<ArgumentException>(
            () => new NetworkTrainer<float>(network, new TrainingOptions { Regularization = dropout }));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void InputsMayBeLeftOutWithoutAHiddenLayer()
    {
        Network<double> network = Networks.Random<double>(13, Inputs, new LayerSpec(Outputs, Activation.Logistic));
        Gradient.AssertRight(
            network,
            Loss.BinaryCrossEntropy(),
            Samples.Random<double>(14, rows: 9, Inputs, Outputs),
            new TrainingOptions { Regularization = new() { InputDropout = 0.4 } });
    }

    [Fact]
    public void DropoutIsAValue()
    {
        Regularization Of(double[] hidden, double inputs = 0) => new() { HiddenDropout = hidden, InputDropout = inputs };
        Assert.Equal(Of([0.2, 0.5], 0.1), Of([0.2, 0.5], 0.1));
        Assert.Equal(Of([0.2, 0.5]).GetHashCode(), Of([0.2, 0.5]).GetHashCode());
        Assert.NotEqual(Of([0.2, 0.5]), Of([0.5, 0.2]));
        Assert.NotEqual(Of([0.2]), Of([0.2], 0.1));
        Assert.Equal("none", Of([]).ToString());
        Assert.Equal("InputDropout = 0.1", Of([], 0.1).ToString());
        Assert.Equal("L2 = 0.5, InputDropout = 0.1, HiddenDropout = [0.2, 0.5]", (Of([0.2, 0.5], 0.1) with { L2 = 0.5 }).ToString());
        Assert.Equal([0.2, 0.5], Of([0.2, 0.5]).HiddenDropout);
    }

    /// <summary>A narrow layer and a wide one, both with units that fill no vector.</summary>
    private static Network<double> Start(Activation activation) => Networks.Random<double>(
        seed: 1, Inputs, new LayerSpec(5, activation), new LayerSpec(11, activation), new LayerSpec(Outputs, Activation.Linear));

    private static double HalfSquaredError(Network<double> network, DataSet<double> data) =>
        network.Predict(data.Inputs.Span).Zip(data.Targets.ToArray(), (a, y) => 0.5 * (a - y) * (a - y)).Sum() / data.Rows;
}
