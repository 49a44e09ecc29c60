namespace BpTrainer.Tests.Randomness;

/// <summary>The same seed gives the same network, bit for bit.</summary>
public class RepeatTests
{
    public static TheoryData<int> BatchSizes() => [1, 7, TrainingOptions.FullBatch];

    [Theory]
    [MemberData(nameof(BatchSizes))]
    public void TheSameSeedsGiveTheSameBitsAndTheSameHistory(int batchSize)
    {
        (byte[] network, TrainingResult result) = Train(weightSeed: 1, orderSeed: 2, batchSize);
        (byte[] again, TrainingResult resultAgain) = Train(weightSeed: 1, orderSeed: 2, batchSize);
        Assert.Equal(network, again);
        Assert.Equal(WithoutTime(result), WithoutTime(resultAgain));
        Assert.Equal(result.BestEpoch, resultAgain.BestEpoch);
    }

    [Fact]
    public void AnotherOrderOfSamplesGivesAnotherNetwork()
    {
        Assert.NotEqual(Train(weightSeed: 1, orderSeed: 2, 7).Network, Train(weightSeed: 1, orderSeed: 3, 7).Network);
    }

    [Fact]
    public void OtherInitialWeightsGiveAnotherNetwork()
    {
        Assert.NotEqual(Train(weightSeed: 1, orderSeed: 2, 7).Network, Train(weightSeed: 4, orderSeed: 2, 7).Network);
    }

    [Fact]
    public void WithoutShufflingTheSeedOfTheOrderDoesNotMatter()
    {
        Assert.Equal(Train(1, orderSeed: 2, 7, shuffle: false).Network, Train(1, orderSeed: 3, 7, shuffle: false).Network);
    }

    private static (byte[] Network, TrainingResult Result) Train(int weightSeed, int orderSeed, int batchSize, bool shuffle = true)
    {
        Network<float> network = new NetworkBuilder(4).Add(9, Activation.Tanh).Add(3, Activation.Softmax).Build<float>(weightSeed);
        var options = new TrainingOptions
        {
            Loss = Loss.CategoricalCrossEntropy(),
            Optimizer = Optimizer.Momentum(0.1),
            BatchSize = batchSize,
            Epochs = 10,
            Seed = orderSeed,
            Shuffle = shuffle,
        };
        TrainingResult result = network.Train(
            options, Samples.Random<float>(5, rows: 40, inputs: 4, targets: 3), Samples.Random<float>(6, rows: 20, inputs: 4, targets: 3));
        return (network.ToBytes(), result);
    }

    private static EpochRecord[] WithoutTime(TrainingResult result) => [.. result.History.Select(epoch => epoch with { Seconds = 0 })];
}
