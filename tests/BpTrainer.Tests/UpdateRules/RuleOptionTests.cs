namespace BpTrainer.Tests.UpdateRules;

/// <summary>Figures out of range, and options that a rule cannot do with, are refused by name.</summary>
public class RuleOptionTests
{
    public static TheoryData<UpdateRule, string> BadFigures => new()
    {
        { UpdateRule.Momentum(1), "Momentum is 1, but must be at least 0 and below 1." },
        { UpdateRule.Nesterov(-0.1), "Momentum is -0.1, but must be at least 0 and below 1." },
        { UpdateRule.ResilientMinus(increase: 0.9), "Increase is 0.9" },
        { UpdateRule.ResilientPlus(decrease: 1), "Decrease is 1" },
        { UpdateRule.ResilientPlus(minimumStep: -1), "MinimumStep is -1" },
        { UpdateRule.ResilientPlus(minimumStep: 2, maximumStep: 2), "MaximumStep is 2, but must be a finite number above the smallest step, 2." },
        { UpdateRule.AdaGrad(epsilon: 0), "Epsilon is 0" },
        { UpdateRule.RmsProp(decay: 1), "Decay is 1" },
        { UpdateRule.RmsProp(epsilon: double.NaN), "Epsilon is NaN" },
        { UpdateRule.Adam(beta1: 1), "Beta1 is 1" },
        { UpdateRule.Adam(beta2: -1), "Beta2 is -1" },
        { UpdateRule.Adam(epsilon: 0), "Epsilon is 0" },
        { UpdateRule.AdamW(decay: -1), "Decay is -1" },
        { UpdateRule.Nadam(beta1: 1), "Beta1 is 1" },
        { UpdateRule.Nadam(momentumDecay: -1), "MomentumDecay is -1" },
        { UpdateRule.Lbfgs(history: 0), "History is 0, but must be 1 or more." },
        { UpdateRule.Lbfgs(minimumGradient: -1), "MinimumGradient is -1" },
        { UpdateRule.LevenbergMarquardt(new() { Damping = 0 }), "Damping is 0" },
        { UpdateRule.LevenbergMarquardt(new() { Decrease = 1 }), "Decrease is 1" },
        { UpdateRule.LevenbergMarquardt(new() { Increase = 1 }), "Increase is 1" },
        { UpdateRule.LevenbergMarquardt(new() { MaximumDamping = -1 }), "MaximumDamping is -1" },
        { UpdateRule.LevenbergMarquardt(new() { MinimumGradient = -1 }), "MinimumGradient is -1" },
        { UpdateRule.LevenbergMarquardt(new() { MaximumMemory = 0 }), "MaximumMemory is 0" },
    };

    public static TheoryData<UpdateRule, TrainingOptions, string> BadOptions
    {
        get
        {
            var cases = new TheoryData<UpdateRule, TrainingOptions, string>();
            var fullBatch = new TrainingOptions { BatchSize = TrainingOptions.FullBatch };
            foreach (UpdateRule rule in new[] { UpdateRule.ResilientMinus(), UpdateRule.ResilientPlus(), UpdateRule.Lbfgs(), UpdateRule.LevenbergMarquardt() })
            {
                cases.Add(rule, new TrainingOptions(), $"BatchSize is 32, but must be TrainingOptions.FullBatch with the update rule {rule.Name}, which learns from all samples at once.");
                cases.Add(rule, fullBatch with { Regularization = new() { WeightDecay = 0.1 } }, "WeightDecay is 0.1");
            }

            foreach (UpdateRule rule in new[] { UpdateRule.Lbfgs(), UpdateRule.LevenbergMarquardt() })
            {
                cases.Add(rule, fullBatch with { LearningRate = 0.1 }, $"LearningRate is 0.1, but must be null with the update rule {rule.Name}");
                cases.Add(rule, fullBatch with { BiasRateFactor = 2 }, "BiasRateFactor is 2");
                cases.Add(rule, fullBatch with { Dropout = new(0.5) }, "Dropout is ");
                cases.Add(rule, fullBatch with { Regularization = new() { L1 = 0.1 } }, "L1 is 0.1, but must be 0");
                cases.Add(rule, fullBatch with { Regularization = new() { MaxNorm = 2 } }, "MaxNorm is 2");
                cases.Add(rule, fullBatch with { Regularization = new() { ClipNorm = 2 } }, "ClipNorm is 2");
                cases.Add(rule, fullBatch with { Regularization = new() { ClipValue = 2 } }, "ClipValue is 2");
                cases.Add(rule with { Rate = new() }, fullBatch, "Rate is ");
            }

            foreach (UpdateRule rule in new[] { UpdateRule.ResilientMinus(), UpdateRule.ResilientPlus() })
            {
                cases.Add(rule, fullBatch with { Regularization = new() { ClipNorm = 2 } }, $"ClipNorm is 2, but must be null with the update rule {rule.Name}");
                cases.Add(rule, fullBatch with { Regularization = new() { ClipValue = 2 } }, $"ClipValue is 2, but must be null with the update rule {rule.Name}");
            }

            cases.Add(UpdateRule.ResilientMinus() with { Rate = new() }, fullBatch, "Rate is ");
            cases.Add(UpdateRule.ResilientPlus(), fullBatch with { Regularization = new() { L1 = 0.1 } }, "L1 is 0.1");
            cases.Add(UpdateRule.ResilientPlus(), fullBatch with { Regularization = new() { L2 = 0.1 } }, "L2 is 0.1");
            cases.Add(UpdateRule.LevenbergMarquardt(), fullBatch with { Loss = Loss.MeanAbsoluteError }, "Loss is mean-absolute-error");
            cases.Add(UpdateRule.AdamW(), new TrainingOptions { Regularization = new() { WeightDecay = 0.1 } }, "WeightDecay is 0.1, but must be 0 with the update rule adamw");
            cases.Add(UpdateRule.Momentum(), new TrainingOptions { BiasRateFactor = 0 }, "BiasRateFactor is 0");
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(BadFigures))]
    public void A_figure_out_of_range_is_refused(UpdateRule rule, string message) =>
        AssertRefused(new TrainingOptions { UpdateRule = rule, BatchSize = TrainingOptions.FullBatch }, message);

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void An_option_that_the_rule_cannot_do_with_is_refused(UpdateRule rule, TrainingOptions options, string message) =>
        AssertRefused(options with { UpdateRule = rule }, message);

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
    public void Without_a_learning_rate_the_rule_takes_its_own(string name, double rate)
    {
        TrainingOptions options = new TrainingOptions { Epochs = 1 }.With(Rules.Of(name));
        TrainingResult result = Networks.OneWeight().Train(options, Samples.Pairs((1, 1)));
        Assert.Equal(rate, result.History[0].LearningRate);
    }

    [Fact]
    public void Rules_with_the_same_figures_are_equal()
    {
        Assert.Equal(UpdateRule.Adam(), UpdateRule.Adam(0.9, 0.999, 1e-8));
        Assert.NotEqual(UpdateRule.Adam(), UpdateRule.AdamW());
        Assert.NotEqual(UpdateRule.ResilientMinus(), UpdateRule.ResilientPlus());
        Assert.Equal(UpdateRule.LevenbergMarquardt(), UpdateRule.LevenbergMarquardt(new()));
    }

    [Fact]
    public void Names_are_different() => Assert.Equal(Rules.All.Count, Rules.All.Select(rule => rule.Name).Distinct().Count());

    private static void AssertRefused(TrainingOptions options, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkTrainer<double>(Networks.OneWeight(), options));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }
}
