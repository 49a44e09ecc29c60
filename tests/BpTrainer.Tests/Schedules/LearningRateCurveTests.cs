namespace BpTrainer.Tests.Schedules;

/// <summary>The range test: rates grow by a constant factor a batch, and the curve tells which of them learn.</summary>
public class LearningRateCurveTests
{
    private static readonly TrainingOptions s_plain = Training.FullBatch(0.5, epochs: 1);

    [Fact]
    public void RatesGrowByAConstantFactorAndLossesAreThoseBeforeTheUpdate()
    {
        // One weight: 1 − w shrinks by 1 − η; the rates are 10⁻³, 10⁻²·⁸, … 10⁻¹.
        LearningRateCurve curve =
            new NetworkTrainer<double>(Networks.OneWeight(), s_plain).FindLearningRate(Samples.Pairs((1, 1)), 1e-3, 0.1, updates: 11);
        Assert.Equal(11, curve.Points.Count);
        double left = 1, sum = 0, weight = 0;
        for (int i = 0; i < 11; i++)
        {
            double rate = Math.Pow(10, -3 + (0.2 * i));
            Close.Relative(rate, curve.Points[i].Rate, 1e-12);
            Close.Relative(0.5 * left * left, curve.Points[i].Loss, 1e-12);
            sum = (0.9 * sum) + (0.5 * left * left);
            weight = (0.9 * weight) + 1;
            Close.Relative(sum / weight, curve.Points[i].SmoothedLoss, 1e-12);
            left *= 1 - rate;
        }
    }

    [Fact]
    public void ItEndsWhenTheTrainingRunsAwayAndSuggestsARateThatLearns()
    {
        // Rates above 2 diverge on one weight.
        LearningRateCurve curve =
            new NetworkTrainer<double>(Networks.OneWeight(), s_plain).FindLearningRate(Samples.Pairs((1, 1)), 1e-4, 1e4, updates: 100);
        Assert.True(curve.Points.Count < 100);
        Assert.True(curve.Points[^1].SmoothedLoss > 4 * curve.Points.Min(point => point.SmoothedLoss));
        Assert.All(
            curve.Points.SkipLast(1),
            point => Assert.True(point.SmoothedLoss <= 4 * curve.Points.Where(p => p.Rate <= point.Rate).Min(p => p.SmoothedLoss)));
        Assert.InRange(curve.Suggestion!.Value, 0.01, 2);
    }

    [Fact]
    public void TheSuggestionIsWhereTheMeanLossOfATenthOfTheBatchesFallsMost()
    {
        LearningRateCurve curve =
            new NetworkTrainer<double>(Networks.OneWeight(), s_plain).FindLearningRate(Samples.Pairs((1, 1)), 1e-4, 1, updates: 60);
        double[] losses = [.. curve.Points.Select(point => point.Loss)];
        Assert.Equal(60, losses.Length);
        int steepest = Enumerable.Range(6, 48).MaxBy(i => losses[(i - 6)..i].Average() - losses[(i + 1)..(i + 7)].Average());
        Assert.Equal(curve.Points[steepest].Rate, curve.Suggestion);
    }

    [Fact]
    public void ALossThatNeverFallsGivesNoSuggestion()
    {
        Assert.Null(
            new NetworkTrainer<double>(Networks.OneWeight(1), s_plain).FindLearningRate(Samples.Pairs((1, 1)), updates: 10).Suggestion);
        Assert.Empty(
            new NetworkTrainer<double>(Networks.OneWeight(), s_plain).FindLearningRate(Samples.Pairs((1, double.NaN)), updates: 10).Points);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(TrainingOptions.FullBatch)]
    public void ItTakesAsManyEpochsAsTheUpdatesNeedAndLeavesTheNetworkAlone(int batchSize)
    {
        DataSet<float> iris = RealSets.Iris();
        Network<float> network = Iris(iris);
        byte[] before = network.ToBytes();
        LearningRateCurve curve =
            new NetworkTrainer<float>(network, IrisOptions(batchSize)).FindLearningRate(iris, highest: 0.01, updates: 250);
        Assert.Equal(250, curve.Points.Count);
        Assert.Equal(before, network.ToBytes());
    }

    [Fact]
    public void TheSuggestedRateLearnsIris()
    {
        DataSet<float> iris = RealSets.Iris();
        Network<float> network = Iris(iris);
        TrainingOptions options = IrisOptions(16);
        double rate = new NetworkTrainer<float>(network, options).FindLearningRate(iris).Suggestion!.Value;
        Assert.InRange(rate, 1e-3, 1);
        network.Train(options with { Optimizer = Optimizer.Momentum(rate), Epochs = 50 }, iris);
        Assert.InRange(RealSets.Accuracy(network, iris), 0.95, 1);
    }

    public static TheoryData<string> WithARateToFind => [.. EveryOptimizer.All.Where(HasRateToFind).Select(optimizer => optimizer.Name)];

    public static TheoryData<string> WithoutARateToFind =>
        [.. EveryOptimizer.All.Where(optimizer => !HasRateToFind(optimizer)).Select(optimizer => optimizer.Name)];

    [Theory]
    [MemberData(nameof(WithARateToFind))]
    public void OptimizersWithARateHaveACurve(string name)
    {
        var trainer = new NetworkTrainer<double>(Networks.OneWeight(), s_plain with { Optimizer = EveryOptimizer.Of(name) });
        Assert.Equal(10, trainer.FindLearningRate(Samples.Pairs((1, 1)), highest: 0.01, updates: 10).Points.Count);
    }

    [Theory]
    [MemberData(nameof(WithoutARateToFind))]
    public void OptimizersWithoutARateToLookForAreRefused(string name)
    {
        var trainer = new NetworkTrainer<double>(Networks.OneWeight(), s_plain with { Optimizer = EveryOptimizer.Of(name) });
        var error = Assert.Throws<ArgumentException>(() => trainer.FindLearningRate(Samples.Pairs((1, 1))));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    private static bool HasRateToFind(Optimizer optimizer) =>
        !optimizer.Name.StartsWith("adaptive", StringComparison.Ordinal) && !optimizer.IsFullBatchOnly;

    [Fact]
    public void CancelledItGivesWhatItSaw() =>
        Assert.Empty(new NetworkTrainer<double>(Networks.OneWeight(), s_plain).FindLearningRate(
            Samples.Pairs((1, 1)), cancellationToken: new CancellationToken(canceled: true)).Points);

    [Theory]
    [InlineData(0, 1, 20, "lowest")]
    [InlineData(1, 1, 20, "highest")]
    [InlineData(1, double.PositiveInfinity, 20, "highest")]
    [InlineData(0.1, 1, 9, "updates")]
    public void FiguresOutOfTheirRangeAreRefused(double lowest, double highest, int updates, string name) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            name,
            () => new NetworkTrainer<double>(Networks.OneWeight(), s_plain)
                .FindLearningRate(Samples.Pairs((1, 1)), lowest, highest, updates));

    private static TrainingOptions IrisOptions(int batchSize) => new() { Loss = Loss.CategoricalCrossEntropy(), BatchSize = batchSize };

    private static Network<float> Iris(DataSet<float> iris) => new NetworkBuilder(4).ScaleInputs(ColumnScaling.StandardizeInputs(iris))
        .Add(8, Activation.Tanh).Add(3, Activation.Softmax).Build<float>(1);
}
