using BpTrainer.Optimizers;

namespace BpTrainer.Tests.Optimizers;

/// <summary>Levenberg–Marquardt against a Jacobian by differences and equations solved here.</summary>
public class LevenbergMarquardtTests
{
    public static TheoryData<string, bool, double> Cases => new()
    {
        { "half", false, 0 },
        { "half", true, 0.01 },
        { "mean", true, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void AStepSolvesTheDampedNormalEquations(string loss, bool weighted, double l2)
    {
        // 150 samples are three blocks of rows, 233 parameters several panels of the factorization.
        const double Damping = 0.05;
        bool isMean = loss == "mean";
        DataSet<double> data = Samples.Random<double>(1, rows: 150, inputs: 7, targets: 3, weighted);
        Network<double> network = Networks.Random<double>(
            3,
            7,
            new LayerSpec(15, Activation.PReLU()),
            new LayerSpec(5, Activation.Tanh) { Bias = BiasKind.Shared },
            new LayerSpec(3, Activation.Gelu) { Bias = BiasKind.Frozen },
            new LayerSpec(3, Activation.Logistic));
        Parameter[] parameters = [.. Parameter.Trained(network)];
        double[] step = Step(network, parameters, data, Damping, isMean, l2);
        Network<double> after = network.Clone();
        TrainingOptions options = Training.FullBatch(1, epochs: 1).With(Optimizer.LevenbergMarquardt(damping: Damping)) with
        {
            Loss = isMean ? Loss.MeanSquaredError : Loss.HalfSquaredError,
            Regularization = new() { L2 = l2 },
        };
        after.Train(options, data);
        for (int k = 0; k < parameters.Length; k++)
        {
            Close.Absolute(
                step[k],
                parameters[k].Get(after) - parameters[k].Get(network),
                1e-5 * Math.Max(1, Math.Abs(step[k])),
                parameters[k].ToString());
        }
    }

    [Fact]
    public void AStepThatDoesNotHelpIsTriedWithTenTimesTheDamping()
    {
        // A logistic unit far out: w = 4 at x = 1 gives a = 0.98201, a′ = 0.017663; with y = 0.9 the error e is 0.08201. The step
        // −e a′/(a′² + μ) for μ = 1e-6 is −4.6 and leads to a = 0.35: worse. For 1e-5 and 1e-4 it is −4.5 and −3.5, still worse;
        // for 1e-3 it is −1.1 and leads to a = 0.948: better.
        Network<double> network = Networks.Of(BiasKind.Frozen, new GivenLayer(Activation.Logistic, new[,] { { 4.0 } }, [0]));
        DataSet<double> data = Samples.Pairs((1, 0.9));
        double a = 1 / (1 + Math.Exp(-4)), slope = a * (1 - a), damping = 1e-6;
        double Next(double mu) => 4 - ((a - 0.9) * slope / ((slope * slope) + mu));
        while (Math.Abs(Logistic(Next(damping)) - 0.9) >= a - 0.9)
        {
            damping *= 10;
        }

        TrainingResult result = network.Train(
            Training.FullBatch(1, epochs: 1).With(Optimizer.LevenbergMarquardt(damping: 1e-6)), data);
        Assert.Equal(1e-3, damping, 1e-12);
        Close.Absolute(Next(damping), network.Weight(), 1e-9);
        Assert.Equal(1e-6, result.History[0].LearningRate);
    }

    [Fact]
    public void TheDampingFallsToATenthAfterAStepThatHelped()
    {
        TrainingResult result = Networks.OneWeight(100).Train(
            Training.FullBatch(1, epochs: 3).With(Optimizer.LevenbergMarquardt()), Samples.Pairs((1, 1)));
        Assert.Equal([0.001, 0.0001, 0.00001], result.History.Select(e => Math.Round(e.LearningRate, 12)));
    }

    [Fact]
    public void WithoutAStepThatHelpsItEndsWithTheWeightsItHad()
    {
        // a = w·x fits (1, 1) and (1, 2.1) best at w = 1.55; no minimum of the gradient ends the search there, rounding does.
        Network<double> network = Networks.OneWeight(1.4);
        TrainingResult result = network.Train(
            Training.FullBatch(1, epochs: 100).With(Optimizer.LevenbergMarquardt(minimumGradient: 0)), Samples.Pairs((1, 1), (1, 2.1)));
        Assert.Contains(result.StopReason, new[] { StopReason.MaximumDampingReached, StopReason.MinimumGradientReached });
        Close.Absolute(1.55, network.Weight(), 1e-7);
        Assert.InRange(result.History.Count, 2, 20);
    }

    [Fact]
    public void ADampingThatFellBelowAllNumbersRisesAgain()
    {
        // Two steps that help would make μ = 0.001·1e-400 = 0, which no factor makes larger: the search would never end.
        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Network<double> network = Networks.Of(BiasKind.Frozen, new GivenLayer(Activation.Logistic, new[,] { { 1.4 } }, [0]));
        TrainingOptions options = Training.FullBatch(1, epochs: 100).With(
            Optimizer.LevenbergMarquardt(decrease: 1e-200, minimumGradient: 0));
        TrainingResult result = network.Train(options, Samples.Pairs((1, 0.9), (1.3, 0.3)), cancellationToken: tooLong.Token);
        Assert.Equal(StopReason.MaximumDampingReached, result.StopReason);
    }

    [Fact]
    public void TheBytesOfAnyNumberOfParametersAreANumber()
    {
        Assert.Equal(8L * (1000 + 8) * (2000 + 97), NormalEquations.Bytes(1000));
        Assert.Equal(long.MaxValue, NormalEquations.Bytes(int.MaxValue));
    }

    [Fact]
    public void ASmallGradientEndsTheTraining()
    {
        TrainingResult result = Networks.OneWeight().Train(
            Training.FullBatch(1, epochs: 100).With(Optimizer.LevenbergMarquardt()), Samples.Pairs((1, 1)));
        Assert.Equal(StopReason.MinimumGradientReached, result.StopReason);
        Assert.InRange(result.History.Count, 2, 5);
    }

    [Fact]
    public void ANetworkTooLargeIsRefusedWithTheBytesItNeedsAndMayTake()
    {
        Network<float> network = new NetworkBuilder(100).Add(100, Activation.Tanh).Add(1, Activation.Linear).Build<float>();
        TrainingOptions options = Training.FullBatch(1, epochs: 1).With(Optimizer.LevenbergMarquardt(maximumMemory: 1_000_000_000));
        var error = Assert.Throws<ArgumentException>(() => new NetworkTrainer<float>(network, options));
        Assert.Contains("10201 parameters", error.Message, StringComparison.Ordinal);
        Assert.Contains("1.7 GB", error.Message, StringComparison.Ordinal);
        Assert.Contains("may use only 1000000000 (1.0 GB)", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Optimizer.Lbfgs), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANetworkBeyondAnyMemoryIsRefusedWithoutAnAttempt()
    {
        Network<float> network = new NetworkBuilder(784).Add(256, Activation.Tanh).Add(10, Activation.Linear).Build<float>();
        TrainingOptions options = Training.FullBatch(1, epochs: 1).With(Optimizer.LevenbergMarquardt(maximumMemory: long.MaxValue));
        var error = Assert.Throws<ArgumentException>(() => new NetworkTrainer<float>(network, options));
        Assert.Contains("203530 parameters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ItFitsACurveInAHundredEpochsWithinTenRestarts()
    {
        // sin πx on [−1, 1] by 1-10-1, the textbook case of trainlm.
        (double X, double Y)[] points = [.. Enumerable.Range(0, 41).Select(i => (i / 20.0) - 1).Select(x => (x, Math.Sin(Math.PI * x)))];
        TrainingOptions options = Training.FullBatch(1, epochs: 100).With(Optimizer.LevenbergMarquardt()) with { TargetLoss = 1e-6 };
        Assert.Contains(Enumerable.Range(0, 10), seed =>
        {
            Network<double> network = new NetworkBuilder(1).Add(10, Activation.Tanh).Add(1, Activation.Linear).Build<double>(seed);
            return network.Train(options, Samples.Pairs(points)).StopReason == StopReason.TargetLossReached;
        });
    }

    private static double Logistic(double z) => 1 / (1 + Math.Exp(-z));

    /// <summary>−(JᵀJ + μI)⁻¹ Jᵀe, with a penalty on the weights.</summary>
    private static double[] Step(
        Network<double> network, Parameter[] parameters, DataSet<double> data, double damping, bool isMean, double l2)
    {
        (double[,] matrix, double[] gradient) = PlainLeastSquares.Equations(network, parameters, data, isMean);
        for (int i = 0; i < parameters.Length; i++)
        {
            double penalty = parameters[i].Input >= 0 ? l2 * data.Rows : 0;
            matrix[i, i] += damping + penalty;
            gradient[i] += penalty * parameters[i].Get(network);
        }

        return PlainLeastSquares.Solve(matrix, [.. gradient.Select(g => -g)]);
    }
}
