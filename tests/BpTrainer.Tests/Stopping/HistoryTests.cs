namespace BpTrainer.Tests.Stopping;

/// <summary>Every epoch has a record, and each is told as it ends.</summary>
public class HistoryTests
{
    [Fact]
    public void RecordsAreNumberedTimedAndInOrder()
    {
        TrainingResult result = Train(validation: Samples.Random<float>(2, rows: 10, inputs: 3, targets: 1));
        Assert.Equal(Enumerable.Range(1, 25), result.History.Select(epoch => epoch.Epoch));
        Assert.All(result.History, epoch => Assert.True(double.IsFinite(epoch.TrainingLoss) && epoch.TrainingLoss > 0));
        Assert.All(result.History, epoch => Assert.True(epoch.ValidationLoss > 0));
        Assert.All(result.History, epoch => Assert.Equal(0.05, epoch.LearningRate));
        Assert.All(result.History.Zip(result.History.Skip(1)), pair => Assert.True(pair.Second.Seconds >= pair.First.Seconds));
        Assert.InRange(result.History[0].Seconds, 0, 60);
    }

    [Fact]
    public void WithoutAValidationSetThereIsNoValidationLoss() =>
        Assert.All(Train().History, epoch => Assert.Null(epoch.ValidationLoss));

    [Fact]
    public void TheCallbackSeesTheRecordsOfTheHistory()
    {
        var seen = new List<EpochRecord>();
        TrainingResult result = Train(onEpoch: seen.Add);
        Assert.Equal(result.History, seen);
    }

    private static TrainingResult Train(DataSet<float>? validation = null, Action<EpochRecord>? onEpoch = null)
    {
        Network<float> network = new NetworkBuilder(3).Add(4, Activation.Tanh).Add(1, Activation.Linear).Build<float>();
        var options = new TrainingOptions { Optimizer = Optimizer.Momentum(0.05), BatchSize = 4, Epochs = 25, EarlyStoppingRounds = 25 };
        return network.Train(options, Samples.Random<float>(1, rows: 20, inputs: 3, targets: 1), validation, onEpoch);
    }
}
