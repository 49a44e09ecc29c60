using BpTrainer.Stopping;

namespace BpTrainer.Tests.Stopping;

/// <summary>An epoch without a new low counts a tenth on the plateau with which many trainings begin.</summary>
public class EarlyStoppingTests
{
    [Theory]
    [InlineData(0.5, 0.6, 3)]
    [InlineData(0.98, 1.0, 3)]
    [InlineData(0.995, 1.0, 30)]
    [InlineData(0.995, 1.09, 30)]
    [InlineData(0.995, 1.11, 3)]
    [InlineData(1.05, 1.05, 30)]
    [InlineData(1.2, 1.3, 3)]
    [InlineData(1.05, double.NaN, 3)]
    public void AnEpochOnThePlateauCountsATenth(double lowest, double next, int rounds) =>
        Assert.Equal(rounds, RoundsAfter(lowest, next, constant: 1));

    [Theory]
    [InlineData(0)]
    [InlineData(1e-15)]
    public void WhereTheConstantIsPerfectThereIsNoPlateau(double constant) => Assert.Equal(3, RoundsAfter(lowest: 2, next: 2, constant));

    [Fact]
    public void APlateauThatIsLeftEndsTheTolerance()
    {
        var stopping = new EarlyStopping(allowed: 3, constantLoss: 1);
        for (int epoch = 0; epoch < 25; epoch++)
        {
            stopping.Improves(1);
            Assert.False(stopping.IsExhausted);
        }

        Assert.True(stopping.Improves(0.9));
        Assert.False(stopping.Improves(0.95));
        Assert.False(stopping.Improves(2));
        Assert.False(stopping.IsExhausted);
        Assert.False(stopping.Improves(0.9));
        Assert.True(stopping.IsExhausted);
    }

    /// <summary>
    /// Exclusive or with four units of tanh from small weights: for long the loss stays at that of the mean, then it falls.
    /// </summary>
    [Fact]
    public void ATrainingThatBeginsWithAPlateauLearns()
    {
        Network<double> network = new NetworkBuilder(2)
            .Add(new LayerSpec(4, Activation.Tanh) { Initializer = Initializer.Uniform(0.1).WithUniformBiases() })
            .Add(new LayerSpec(1, Activation.Linear) { Initializer = Initializer.Zero }).Build<double>(seed: 2);
        TrainingOptions options = Training.FullBatch(0.3, epochs: 20_000) with { EarlyStoppingRounds = 50 };
        DataSet<double> samples = Samples.Xor(), validation = new(
            new double[] { 0.1, 0.1, 0, 0.9, 0.9, 0, 0.9, 0.9 }, 2, new double[] { 0, 1, 1, 0 }, 1);
        TrainingResult result = network.Train(options, samples, validation);
        Assert.Equal(0.125, result.ConstantLoss!.Value, 1e-14);
        Assert.True(result.Loss < 0.03);

        // On the plateau the loss goes up and down.
        EpochRecord lowest = result.History.Take(500).MinBy(epoch => epoch.ValidationLoss)!;
        Assert.True(lowest.ValidationLoss > 0.99 * result.ConstantLoss);
        Assert.True(result.History.First(epoch => epoch.ValidationLoss < lowest.ValidationLoss).Epoch > lowest.Epoch + 50);
    }

    [Fact]
    public void WithoutAValidationSetThereIsNoLossOfAConstant() =>
        Assert.Null(Networks.OneWeight().Train(Training.FullBatch(0.1, epochs: 2), Samples.Pairs((1, 1))).ConstantLoss);

    /// <summary>The epochs of the loss <paramref name="next"/> after one of a lower loss until the training ends.</summary>
    private static int RoundsAfter(double lowest, double next, double constant)
    {
        var stopping = new EarlyStopping(allowed: 3, constant);
        Assert.True(stopping.Improves(lowest));
        int rounds = 0;
        for (; !stopping.IsExhausted; rounds++)
        {
            Assert.False(stopping.Improves(next));
        }

        return rounds;
    }
}
