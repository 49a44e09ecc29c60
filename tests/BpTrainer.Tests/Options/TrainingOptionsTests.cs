using System.Globalization;

namespace BpTrainer.Tests.Options;

/// <summary>A bad option is refused before training, by its name, its value and what would be right.</summary>
public class TrainingOptionsTests
{
    private static readonly Network<float> s_network = new NetworkBuilder(1).Add(1, Activation.Linear).Build<float>();

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1, "-1")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void TheLearningRateIsFiniteAndAbove0(double value, string shown) =>
        AssertRefused(new TrainingOptions { Optimizer = Optimizer.Momentum(value) }, "LearningRate", shown, "a finite number above 0");

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1, "-1")]
    [InlineData(int.MinValue, "-2147483648")]
    public void ABatchHasASample(int value, string shown) =>
        AssertRefused(new TrainingOptions { BatchSize = value }, "BatchSize", shown, "1 or more");

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-5, "-5")]
    public void ThereIsAnEpoch(int value, string shown) =>
        AssertRefused(new TrainingOptions { Epochs = value }, "Epochs", shown, "1 or more");

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1, "-1")]
    public void ThereIsARoundBeforeEarlyStopping(int value, string shown) =>
        AssertRefused(new TrainingOptions { EarlyStoppingRounds = value }, "EarlyStoppingRounds", shown, "1 or more");

    [Theory]
    [InlineData(-0.01, "-0.01")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void ATargetLossIsFiniteAndNotNegative(double value, string shown) =>
        AssertRefused(new TrainingOptions { TargetLoss = value }, "TargetLoss", shown, "a finite number, 0 or more");

    [Theory]
    [InlineData(-0.1, "-0.1")]
    [InlineData(1, "1")]
    [InlineData(1.5, "1.5")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void MomentumIsFrom0ToBelow1(double value, string shown)
    {
        AssertRefused(new TrainingOptions { Optimizer = Optimizer.Momentum(momentum: value) }, "Momentum", shown, "at least 0 and below 1");
        AssertRefused(
            new TrainingOptions { Optimizer = Optimizer.AdaptiveMomentum(momentum: value) }, "Momentum", shown, "at least 0 and below 1");
    }

    [Fact]
    public void MomentumIsAbove0WhereTheGradientIsMultipliedByIt() => AssertRefused(
        new TrainingOptions { Optimizer = Optimizer.AdaptiveMomentum(momentum: 0, rule: AdaptiveMomentumRule.MatlabHelp) },
        "Momentum", "0", "above 0 with the rule MatlabHelp");

    [Fact]
    public void TheRuleOfAdaptiveMomentumIsOneOfThree() => AssertRefused(
        new TrainingOptions { Optimizer = Optimizer.AdaptiveMomentum(rule: (AdaptiveMomentumRule)3) },
        "Rule", "3", "one of Textbook, MatlabCode, MatlabHelp");

    public static TheoryData<Optimizer, string, string, string> AdaptiveRatesOutOfRange
    {
        get
        {
            var data = new TheoryData<Optimizer, string, string, string>();
            foreach (double value in new[] { 0.99, double.NaN, double.PositiveInfinity })
            {
                const string Range = "a finite number, 1 or more";
                string shown = value.ToString(CultureInfo.InvariantCulture);
                data.Add(Optimizer.AdaptiveGradientDescent(increase: value), "Increase", shown, Range);
                data.Add(Optimizer.AdaptiveMomentum(increase: value), "Increase", shown, Range);
                data.Add(Optimizer.AdaptiveGradientDescent(toleratedRise: value), "ToleratedRise", shown, Range);
                data.Add(Optimizer.AdaptiveMomentum(toleratedRise: value), "ToleratedRise", shown, Range);
            }

            foreach (double value in new[] { 0, 1, -0.7, double.NaN })
            {
                string shown = value.ToString(CultureInfo.InvariantCulture);
                data.Add(Optimizer.AdaptiveGradientDescent(decrease: value), "Decrease", shown, "above 0 and below 1");
                data.Add(Optimizer.AdaptiveMomentum(decrease: value), "Decrease", shown, "above 0 and below 1");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AdaptiveRatesOutOfRange))]
    public void AnAdaptiveRateGrowsShrinksAndToleratesInItsRange(Optimizer optimizer, string option, string shown, string range) =>
        AssertRefused(new TrainingOptions { Optimizer = optimizer }, option, shown, range);

    [Fact]
    public void LossAndOptimizerAreNeeded()
    {
        Assert.Throws<ArgumentNullException>("Loss", () => new NetworkTrainer<float>(s_network, new TrainingOptions { Loss = null! }));
        Assert.Throws<ArgumentNullException>(
            "Optimizer", () => new NetworkTrainer<float>(s_network, new TrainingOptions { Optimizer = null! }));
    }

    [Fact]
    public void NetworkAndOptionsAreNeeded()
    {
        Assert.Throws<ArgumentNullException>("network", () => new NetworkTrainer<float>(null!, new TrainingOptions()));
        Assert.Throws<ArgumentNullException>("options", () => new NetworkTrainer<float>(s_network, null!));
    }

    [Fact]
    public void TheDefaultsAreRight() => _ = new NetworkTrainer<float>(s_network, new TrainingOptions());

    private static void AssertRefused(TrainingOptions options, string option, string value, string range)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(option, () => new NetworkTrainer<float>(s_network, options));
        Assert.StartsWith($"{option} is {value}, but must be {range}", error.Message);
    }
}
