namespace BpTrainer.Tests.Gradients;

/// <summary>Losses and error terms worked by hand: one linear unit a = w with the input 1, so that ∂E/∂w = ∂L/∂a.</summary>
public class LossValueTests
{
    public static TheoryData<Loss, double, double, double, double> ByHand => new()
    {
        // loss, a, y, L, ∂L/∂a
        { Loss.HalfSquaredError, 5, 2, 4.5, 3 },
        { Loss.MeanSquaredError, 5, 2, 9, 6 },
        { Loss.MeanAbsoluteError, 5, 2, 3, 1 },
        { Loss.MeanAbsoluteError, -5, 2, 7, -1 },
        { Loss.MeanAbsoluteError, 2, 2, 0, 0 },
        { Loss.Huber(), 2.5, 2, 0.125, 0.5 },
        { Loss.Huber(), 3, 2, 0.5, 1 },
        { Loss.Huber(), 5, 2, 2.5, 1 },
        { Loss.Huber(2), -1, 2, 4, -2 },
        { Loss.Quantile(0.9), 1, 2, 0.9, -0.9 },
        { Loss.Quantile(0.9), 5, 2, 0.3, 0.1 },
        { Loss.Quantile(0.9), 2, 2, 0, 0 },
        { Loss.Quantile(), 5, 2, 1.5, 0.5 },
    };

    [Theory]
    [MemberData(nameof(ByHand))]
    public void LossesOfALinearUnit(Loss loss, double a, double y, double expected, double slope)
    {
        Network<double> unit = Networks.OneWeight(a);
        DataSet<double> data = Samples.Pairs((1, y));
        Close.Absolute(expected, Gradient.LossOf(unit, loss, data), 1e-15);
        Close.Absolute(slope, Assert.Single(Gradient.Computed(unit, loss, data)), 1e-15);
    }

    [Fact]
    public void MeansAreOverTheOutputsAndSumsAreNot()
    {
        Network<double> network = Networks.Of(BiasKind.Frozen, new GivenLayer(Activation.Linear, new[,] { { 1.0, 2, 3 } }, [0, 0, 0]));
        DataSet<double> zeros = Samples.One([1], [0, 0, 0]);
        Close.Absolute(7, Gradient.LossOf(network, Loss.HalfSquaredError, zeros), 1e-15);
        Close.Absolute(14 / 3.0, Gradient.LossOf(network, Loss.MeanSquaredError, zeros), 1e-15);
        Close.Absolute(2, Gradient.LossOf(network, Loss.MeanAbsoluteError, zeros), 1e-15);
        Close.Absolute(0.5 + 1.5 + 2.5, Gradient.LossOf(network, Loss.Huber(1), zeros), 1e-15);
        Close.Absolute(0.5, Gradient.LossOf(network, Loss.Quantile(0.75), zeros), 1e-15);
    }

    [Fact]
    public void PoissonIsHalfTheDeviance()
    {
        // a = e^ln 3 = 3, y = 2: 3 − 2 + 2 ln(2/3); with y = 0 it is a; with y = a it is 0.
        Network<double> unit = Networks.Of(BiasKind.Frozen, new GivenLayer(Activation.Exponential, new[,] { { Math.Log(3) } }, [0]));
        Close.Absolute(1 + (2 * Math.Log(2 / 3.0)), Gradient.LossOf(unit, Loss.Poisson, Samples.Pairs((1, 2))), 1e-14);
        Close.Absolute(3, Gradient.LossOf(unit, Loss.Poisson, Samples.Pairs((1, 0))), 1e-14);
        Close.Absolute(0, Gradient.LossOf(unit, Loss.Poisson, Samples.Pairs((1, 3))), 1e-14);
        Close.Absolute(1, Assert.Single(Gradient.Computed(unit, Loss.Poisson, Samples.Pairs((1, 2)))), 1e-14);
    }

    [Theory]
    [InlineData("quantile", 0.1, -4)]
    [InlineData("quantile", 0.9, 4)]
    [InlineData("mean-absolute-error", 0.5, 0)]
    public void AbsoluteErrorsPredictQuantiles(string name, double tau, double expected)
    {
        // The targets −5 … 5; below the τ-quantile of eleven equally likely numbers lies a share τ of them.
        (double X, double Y)[] pairs = [.. Enumerable.Range(-5, 11).Select(y => (1.0, (double)y))];
        Loss loss = name == "quantile" ? Loss.Quantile(tau) : Loss.MeanAbsoluteError;
        Network<double> unit = Networks.OneWeight();
        unit.Train(Training.FullBatch(learningRate: 0.01, epochs: 10000) with { Loss = loss }, Samples.Pairs(pairs));
        Close.Absolute(expected, unit.Weight(), 0.02);
    }

    [Fact]
    public void HuberResistsAnOutlierThatSquaresFollow()
    {
        DataSet<double> data = Samples.Pairs((1, 1), (1, 1), (1, 1), (1, 1), (1, 101));
        Network<double> squares = Networks.OneWeight(), huber = Networks.OneWeight();
        squares.Train(Training.FullBatch(0.1, 1000), data);
        huber.Train(Training.FullBatch(0.1, 1000) with { Loss = Loss.Huber(1) }, data);
        Close.Absolute(21, squares.Weight(), 1e-9);

        // Four pulls of a − 1 balance one of δ = 1.
        Close.Absolute(1.25, huber.Weight(), 1e-9);
    }

    [Fact]
    public void PoissonRegressionFindsTheRates()
    {
        // Of x = 0 the mean count is 2, of x = 1 it is 6: bias ln 2, weight ln 3.
        Network<double> unit = new NetworkBuilder(1).Add(1, Activation.Exponential).Build<double>(seed: 1);
        DataSet<double> data = Samples.Pairs((0, 1), (0, 2), (0, 3), (1, 4), (1, 6), (1, 8));
        unit.Train(Training.FullBatch(0.2, 3000) with { Loss = Loss.Poisson }, data);
        Close.Absolute(Math.Log(2), unit.Layers[0].GetBias(0), 1e-9);
        Close.Absolute(Math.Log(3), unit.Layers[0].GetWeight(0, 0), 1e-9);
    }
}
