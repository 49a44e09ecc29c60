namespace BpTrainer.Tests.Optimizers;

/// <summary>Figures out of range, and options that an optimizer cannot do with, are refused by name.</summary>
public class OptimizerOptionTests
{
    public static TheoryData<Optimizer, string> BadFigures => new()
    {
        { Optimizer.Momentum(momentum: 1), "Momentum is 1, but must be at least 0 and below 1." },
        { Optimizer.Nesterov(momentum: -0.1), "Momentum is -0.1, but must be at least 0 and below 1." },
        { Optimizer.ResilientMinus(increase: 0.9), "Increase is 0.9" },
        { Optimizer.ResilientPlus(decrease: 1), "Decrease is 1" },
        { Optimizer.ResilientPlus(minimumStep: -1), "MinimumStep is -1" },
        {
            Optimizer.ResilientPlus(minimumStep: 2, maximumStep: 2),
            "MaximumStep is 2, but must be a finite number above the smallest step, 2."
        },
        { Optimizer.AdaGrad(epsilon: 0), "Epsilon is 0" },
        { Optimizer.RmsProp(decay: 1), "Decay is 1" },
        { Optimizer.RmsProp(epsilon: double.NaN), "Epsilon is NaN" },
        { Optimizer.Adam(beta1: 1), "Beta1 is 1" },
        { Optimizer.Adam(beta2: -1), "Beta2 is -1" },
        { Optimizer.Adam(epsilon: 0), "Epsilon is 0" },
        { Optimizer.AdamW(decay: -1), "Decay is -1" },
        { Optimizer.Nadam(beta1: 1), "Beta1 is 1" },
        { Optimizer.Nadam(momentumDecay: -1), "MomentumDecay is -1" },
        { Optimizer.Lbfgs(history: 0), "History is 0, but must be 1 or more." },
        { Optimizer.Lbfgs(minimumGradient: -1), "MinimumGradient is -1" },
        { Optimizer.LevenbergMarquardt(damping: 0), "Damping is 0" },
        { Optimizer.LevenbergMarquardt(decrease: 1), "Decrease is 1" },
        { Optimizer.LevenbergMarquardt(increase: 1), "Increase is 1" },
        { Optimizer.LevenbergMarquardt(maximumDamping: -1), "MaximumDamping is -1" },
        { Optimizer.LevenbergMarquardt(minimumGradient: -1), "MinimumGradient is -1" },
        { Optimizer.LevenbergMarquardt(maximumMemory: 0), "MaximumMemory is 0" },
        { Optimizer.ScaledConjugateGradient(sigma: 0), "Sigma is 0" },
        { Optimizer.ScaledConjugateGradient(lambda: double.NaN), "Lambda is NaN" },
        { Optimizer.ScaledConjugateGradient(minimumGradient: -1), "MinimumGradient is -1" },
        { Optimizer.BayesianRegularization(damping: 0), "Damping is 0" },
        { Optimizer.BayesianRegularization(decrease: 1), "Decrease is 1" },
        { Optimizer.BayesianRegularization(increase: 1), "Increase is 1" },
        { Optimizer.BayesianRegularization(maximumDamping: -1), "MaximumDamping is -1" },
        { Optimizer.BayesianRegularization(minimumGradient: -1), "MinimumGradient is -1" },
        { Optimizer.BayesianRegularization(maximumMemory: 0), "MaximumMemory is 0" },
    };

    public static TheoryData<Optimizer, TrainingOptions, string> BadOptions
    {
        get
        {
            var cases = new TheoryData<Optimizer, TrainingOptions, string>();
            var fullBatch = new TrainingOptions { BatchSize = TrainingOptions.FullBatch };
            foreach (Optimizer optimizer in EveryOptimizer.All.Where(optimizer => optimizer.IsFullBatchOnly))
            {
                cases.Add(
                    optimizer,
                    new TrainingOptions(),
                    $"BatchSize is 32, but must be TrainingOptions.FullBatch with the optimizer {optimizer.Name}, which learns from " +
                    "all samples at once.");
                cases.Add(optimizer, fullBatch with { Regularization = new() { WeightDecay = 0.1 } }, "WeightDecay is 0.1");
            }

            foreach (Optimizer optimizer in EveryOptimizer.All.Where(optimizer => optimizer.LearningRate is null))
            {
                cases.Add(
                    optimizer with { BiasRateFactor = 2 },
                    fullBatch,
                    $"BiasRateFactor is 2, but must be 1 with the optimizer {optimizer.Name}");
                cases.Add(optimizer, fullBatch with { Regularization = new() { HiddenDropout = [0.5] } }, "HiddenDropout is [0.5]");
                cases.Add(optimizer, fullBatch with { Regularization = new() { L1 = 0.1 } }, "L1 is 0.1, but must be 0");
                cases.Add(optimizer, fullBatch with { Regularization = new() { MaxNorm = 2 } }, "MaxNorm is 2");
                cases.Add(optimizer, fullBatch with { Regularization = new() { ClipNorm = 2 } }, "ClipNorm is 2");
                cases.Add(optimizer, fullBatch with { Regularization = new() { ClipValue = 2 } }, "ClipValue is 2");
            }

            foreach (Optimizer optimizer in new[] { Optimizer.ResilientMinus(), Optimizer.ResilientPlus() })
            {
                cases.Add(
                    optimizer,
                    fullBatch with { Regularization = new() { ClipNorm = 2 } },
                    $"ClipNorm is 2, but must be null with the optimizer {optimizer.Name}");
                cases.Add(
                    optimizer,
                    fullBatch with { Regularization = new() { ClipValue = 2 } },
                    $"ClipValue is 2, but must be null with the optimizer {optimizer.Name}");
            }

            cases.Add(Optimizer.ResilientPlus(), fullBatch with { Regularization = new() { L1 = 0.1 } }, "L1 is 0.1");
            cases.Add(Optimizer.ResilientPlus(), fullBatch with { Regularization = new() { L2 = 0.1 } }, "L2 is 0.1");
            cases.Add(Optimizer.LevenbergMarquardt(), fullBatch with { Loss = Loss.MeanAbsoluteError }, "Loss is mean-absolute-error");
            cases.Add(Optimizer.BayesianRegularization(), fullBatch with { Loss = Loss.Huber() }, "Loss is huber");
            cases.Add(
                Optimizer.BayesianRegularization(),
                fullBatch with { Regularization = new() { L2 = 0.1 } },
                "L2 is 0.1, but must be 0 with the optimizer bayesian-regularization, which finds its own penalty");
            cases.Add(
                Optimizer.AdamW(),
                new TrainingOptions { Regularization = new() { WeightDecay = 0.1 } },
                "WeightDecay is 0.1, but must be 0 with the optimizer adamw");
            cases.Add(Optimizer.Momentum() with { BiasRateFactor = 0 }, new TrainingOptions(), "BiasRateFactor is 0");
            cases.Add(Optimizer.Adam(learningRate: 0), new TrainingOptions(), "LearningRate is 0");
            cases.Add(Optimizer.ResilientMinus(initialStep: -1), fullBatch, "LearningRate is -1");
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(BadFigures))]
    public void AFigureOutOfRangeIsRefused(Optimizer optimizer, string message) =>
        AssertRefused(new TrainingOptions { Optimizer = optimizer, BatchSize = TrainingOptions.FullBatch }, message);

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void AnOptionThatTheOptimizerCannotDoWithIsRefused(Optimizer optimizer, TrainingOptions options, string message) =>
        AssertRefused(options with { Optimizer = optimizer }, message);

    [Theory]
    [InlineData("gradient-descent", 0.01)]
    [InlineData("momentum", 0.01)]
    [InlineData("nesterov", 0.01)]
    [InlineData("adaptive-momentum", 0.01)]
    [InlineData("adagrad", 0.01)]
    [InlineData("rmsprop", 0.001)]
    [InlineData("adam", 0.001)]
    [InlineData("adamw", 0.001)]
    [InlineData("nadam", 0.002)]
    [InlineData("irprop-", 0.1)]
    [InlineData("irprop+", 0.1)]
    public void WithoutALearningRateTheOptimizerTakesItsOwn(string name, double rate)
    {
        TrainingOptions options = new TrainingOptions { Epochs = 1 }.With(EveryOptimizer.Of(name));
        TrainingResult result = Networks.OneWeight().Train(options, Samples.Pairs((1, 1)));
        Assert.Equal(rate, result.History[0].LearningRate);
    }

    [Fact]
    public void OptimizersWithTheSameFiguresAreEqual()
    {
        Assert.Equal(Optimizer.Adam(), Optimizer.Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8));
        Assert.NotEqual(Optimizer.Adam(), Optimizer.AdamW());
        Assert.NotEqual(Optimizer.ResilientMinus(), Optimizer.ResilientPlus());
        Assert.Equal(Optimizer.LevenbergMarquardt(), Optimizer.LevenbergMarquardt(damping: 0.001));
        Assert.NotEqual(Optimizer.LevenbergMarquardt(), Optimizer.BayesianRegularization(damping: 0.001));
    }

    [Fact]
    public void NamesAreDifferent() =>
        Assert.Equal(EveryOptimizer.All.Count, EveryOptimizer.All.Select(optimizer => optimizer.Name).Distinct().Count());

    private static void AssertRefused(TrainingOptions options, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkTrainer<double>(Networks.OneWeight(), options));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }
}
