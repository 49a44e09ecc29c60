namespace BpTrainer.Tests.Stopping;

/// <summary>Training ends when the gradient over all samples has become small.</summary>
public class MinimumGradientTests
{
    [Fact]
    public void TheFirstEpochWithAGradientAtOrBelowTheFloorIsTheLast()
    {
        // ∂E/∂w = w − 1 = −0.9ⁿ after n updates: 0.9, 0.81, 0.729, 0.6561.
        TrainingOptions options = Training.FullBatch(0.1, epochs: 100) with { MinimumGradient = 0.7 };
        TrainingResult result = Networks.OneWeight().Train(options, Samples.Pairs((1, 1)));
        Assert.Equal(StopReason.MinimumGradientReached, result.StopReason);
        Assert.Equal(4, result.History.Count);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(8, 0)]
    [InlineData(TrainingOptions.FullBatch, 0)]
    [InlineData(8, 0.3)]
    public void TheNormIsThatOfTheGradientOverAllSamplesWithPenalties(int batchSize, double l2)
    {
        // 600 rows: more than fit the workspace at once. The reference is the numeric gradient of loss and penalty.
        DataSet<double> data = Samples.Random<double>(1, rows: 600, inputs: 3, targets: 2, weighted: true);
        Network<double> network = Networks.Random<double>(
            2,
            3,
            new LayerSpec(4, Activation.Tanh) { Bias = BiasKind.Shared },
            new LayerSpec(5, Activation.PReLU()),
            new LayerSpec(2, Activation.Linear));
        var options = new TrainingOptions
        {
            Optimizer = Optimizer.Momentum(0.05),
            BatchSize = batchSize,
            Epochs = 1,
            Regularization = new Regularization { L2 = l2, ClipNorm = 1e-3 },
        };
        double norm = NormAfter(network.Clone(), options, data, l2);
        Assert.Equal(
            StopReason.MinimumGradientReached,
            network.Clone().Train(options with { MinimumGradient = norm * (1 + 1e-6) }, data).StopReason);
        Assert.Equal(
            StopReason.EpochsReached, network.Clone().Train(options with { MinimumGradient = norm * (1 - 1e-6) }, data).StopReason);
    }

    [Theory]
    [InlineData(-0.1, "-0.1")]
    [InlineData(double.NaN, "NaN")]
    public void AFloorIsFiniteAndNotNegative(double value, string shown)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "MinimumGradient", () => new NetworkTrainer<double>(Networks.OneWeight(), new TrainingOptions { MinimumGradient = value }));
        Assert.StartsWith($"MinimumGradient is {shown}, but must be a finite number, 0 or more", error.Message);
    }

    private static double NormAfter(Network<double> network, TrainingOptions options, DataSet<double> data, double l2)
    {
        network.Train(options, data);
        double sum = 0;
        foreach (Parameter p in Parameter.Trained(network))
        {
            double value = p.Get(network);
            double slope = (At(value + 1e-6) - At(value - 1e-6)) / 2e-6;
            SetAll(p, value);
            sum += slope * slope;

            double At(double x)
            {
                SetAll(p, x);
                return Gradient.LossOf(network, options.Loss, data) + options.Regularization.Penalty(network);
            }
        }

        return Math.Sqrt(sum);

        // A shared bias is one parameter of all units.
        void SetAll(Parameter p, double x)
        {
            bool isShared = p.Input == -1 && network.Layers[p.Layer].Bias == BiasKind.Shared;
            for (int o = isShared ? 0 : p.Output; o <= (isShared ? network.Layers[p.Layer].Outputs - 1 : p.Output); o++)
            {
                (p with { Output = o }).Set(network, x);
            }
        }
    }
}
