namespace BpTrainer.Tests.Optimizers;

/// <summary>L-BFGS against solutions that are known.</summary>
public class LbfgsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public void ItFindsTheLeastSquaresSolution(int history)
    {
        // The normal equations (XᵀX + NλI) w = Xᵀy of a linear unit without a bias, N samples and penalty ½λ|w|².
        const double L2 = 0.01;
        DataSet<double> data = Samples.Random<double>(5, rows: 50, inputs: 6, targets: 1);
        Network<double> network = new NetworkBuilder(6).Add(
            new LayerSpec(1, Activation.Linear) { Bias = BiasKind.Frozen }).Build<double>(1);
        TrainingOptions options = Training.FullBatch(1, epochs: 200).With(Optimizer.Lbfgs(history, minimumGradient: 1e-12))
            with
        { Regularization = new() { L2 = L2 } };
        TrainingResult result = network.Train(options, data);

        Assert.Contains(result.StopReason, new[] { StopReason.MinimumGradientReached, StopReason.NoLowerLossFound });
        double[] inputs = data.Inputs.ToArray();
        for (int i = 0; i < 6; i++)
        {
            double residual = data.Rows * L2 * network.Layers[0].GetWeight(i, 0);
            for (int row = 0; row < data.Rows; row++)
            {
                double output = Enumerable.Range(0, 6).Sum(j => inputs[(row * 6) + j] * network.Layers[0].GetWeight(j, 0));
                residual += inputs[(row * 6) + i] * (output - data.Targets.Span[row]);
            }

            Close.Absolute(0, residual, 1e-6, $"equation {i}");
        }
    }

    [Fact]
    public void TheLossNeverRises()
    {
        DataSet<double> data = Samples.Random<double>(3, rows: 30, inputs: 4, targets: 2);
        Network<double> network = Networks.Random<double>(4, 4, new LayerSpec(8, Activation.Tanh), new LayerSpec(2, Activation.Linear));
        TrainingResult result = network.Train(Training.FullBatch(1, epochs: 100).With(Optimizer.Lbfgs()), data);
        Assert.All(result.History.Zip(result.History.Skip(1)), pair => Assert.True(pair.Second.TrainingLoss <= pair.First.TrainingLoss));
        Assert.InRange(result.History[^1].TrainingLoss, 0, 0.2 * result.History[0].TrainingLoss);
    }

    [Fact]
    public void InFloatItEndsWhereTheLossCannotFallAnyMore()
    {
        // 11 samples and 31 parameters: the loss can be 0.
        DataSet<float> data = Samples.Random<float>(3, rows: 11, inputs: 4, targets: 1);
        Network<float> network = Networks.Random<float>(4, 4, new LayerSpec(5, Activation.Tanh), new LayerSpec(1, Activation.Linear));
        TrainingResult result = network.Train(Training.FullBatch(1, epochs: 5000).With(Optimizer.Lbfgs(minimumGradient: 0)), data);
        Assert.Equal(StopReason.NoLowerLossFound, result.StopReason);
        Assert.InRange(result.History[^1].TrainingLoss, 0, 1e-6);
    }

    [Fact]
    public void ABiasThatManyUnitsShareIsOneParameter()
    {
        // With x = 0 only the bias counts: E = ½·Σ(b − 1)². Counted once for every unit, its slope would look 12,000 times as
        // steep as it is, and no step would fall as the line search asks.
        const int Units = 12_000;
        Network<double> network = new NetworkBuilder(1).Add(
            new LayerSpec(Units, Activation.Linear) { Bias = BiasKind.Shared }).Build<double>();
        var data = new DataSet<double>(new double[1], 1, Enumerable.Repeat(1.0, Units).ToArray(), Units);
        TrainingResult result = network.Train(Training.FullBatch(1, epochs: 20).With(Optimizer.Lbfgs()), data);
        Assert.Equal(StopReason.MinimumGradientReached, result.StopReason);
        Assert.All(network.Layers[0].Biases.ToArray(), bias => Close.Absolute(1, bias, 1e-8));
    }

    [Fact]
    public void ASharedBiasIsFoundAmongOtherParameters()
    {
        Network<double> network = Networks.Random<double>(4, 4, new LayerSpec(20, Activation.Linear) { Bias = BiasKind.Shared });
        network.Layers[0].SetBias(0, 3);
        DataSet<double> data = Samples.Random<double>(3, rows: 30, inputs: 4, targets: 20);
        network.Train(Training.FullBatch(1, epochs: 60).With(Optimizer.Lbfgs()), data);
        Assert.Single(network.Layers[0].Biases.ToArray().Distinct());
        Assert.All(Gradient.Computed(network, Loss.HalfSquaredError, data), slope => Close.Absolute(0, slope, 1e-5));
    }

    [Fact]
    public void ItLearnsWhatScikitLearnLearns()
    {
        // The network of MLPRegressor((), solver='lbfgs', alpha=0): on the standardized diabetes data the least squares solution.
        // from sklearn.linear_model import LinearRegression; ((y − LinearRegression().fit(X, y).predict(X))**2).mean()/2 = 1429.848174
        DataSet<float> diabetes = RealSets.Diabetes();
        Network<float> network = new NetworkBuilder(10).Add(1, Activation.Linear)
            .ScaleInputs(ColumnScaling.StandardizeInputs(diabetes)).Build<float>(1);
        TrainingResult result = network.Train(Training.FullBatch(1, epochs: 500).With(Optimizer.Lbfgs()), diabetes);
        Close.Relative(1429.848, result.History[^1].TrainingLoss, 1e-5);
        Assert.InRange(result.History.Count, 1, 100);
    }
}
