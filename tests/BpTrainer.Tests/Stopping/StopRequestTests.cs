namespace BpTrainer.Tests.Stopping;

/// <summary>The callback sees every epoch and may stop the training.</summary>
public class StopRequestTests
{
    private static readonly DataSet<double> s_pair = Samples.Pairs((1, 1));

    [Fact]
    public void TrainingStopsWhenItSaysSo()
    {
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(Training.FullBatch(0.1, epochs: 100), s_pair, stopWhen: epoch => epoch.TrainingLoss < 0.3);

        // E before update n + 1 is ½·0.81ⁿ: 0.5, 0.405, 0.328, 0.2657.
        Assert.Equal(StopReason.StopRequested, result.StopReason);
        Assert.Equal(4, result.History.Count);
        Close.Absolute(1 - Math.Pow(0.9, 4), network.Weight(), 1e-15);
    }

    [Fact]
    public void ItSeesTheRecordOfEveryEpoch()
    {
        var seen = new List<EpochProgress<double>>();
        TrainingResult result = new NetworkTrainer<double>(Networks.OneWeight(), Training.FullBatch(0.1, epochs: 3))
            .Train(s_pair, Samples.Pairs((1, 2)), seen.Add);
        Assert.Equal(StopReason.EpochsReached, result.StopReason);
        Assert.Equal(result.History, seen.Select(progress => progress.Epoch));
        Assert.All(seen, progress => Assert.Equal((0, 1), (progress.NetworkIndex, progress.NumberOfNetworks)));
    }

    [Fact]
    public void TheBestWeightsComeBack()
    {
        // w: 0.1, 0.19, 0.271, 0.3439; the target 0.2 is nearest to the second.
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(
            Training.FullBatch(0.1, epochs: 100), s_pair, Samples.Pairs((1, 0.2)), stopWhen: epoch => epoch.Epoch == 4);
        Assert.Equal(StopReason.StopRequested, result.StopReason);
        Assert.Equal(2, result.BestEpoch);
        Close.Absolute(0.19, network.Weight(), 1e-15);
    }
}
