namespace BpTrainer.Tests.Stopping;

/// <summary>A function of the user's sees every epoch and may stop the training.</summary>
public class StopWhenTests
{
    private static readonly DataSet<double> s_pair = Samples.Pairs((1, 1));

    [Fact]
    public void Training_stops_when_it_says_so()
    {
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(Training.FullBatch(0.1, epochs: 100) with { StopWhen = epoch => epoch.TrainingLoss < 0.3 }, s_pair);

        // E before update n + 1 is ½·0.81ⁿ: 0.5, 0.405, 0.328, 0.2657.
        Assert.Equal(StopReason.StopRequested, result.StopReason);
        Assert.Equal(4, result.History.Count);
        Close.Absolute(1 - Math.Pow(0.9, 4), network.Weight(), 1e-15);
    }

    [Fact]
    public void It_sees_the_record_of_every_epoch_behind_the_callback()
    {
        var calls = new List<(string From, EpochRecord Record)>();
        TrainingOptions options = Training.FullBatch(0.1, epochs: 3) with
        {
            StopWhen = epoch =>
            {
                calls.Add(("stop", epoch));
                return false;
            },
        };
        TrainingResult result = Networks.OneWeight().Train(options, s_pair, Samples.Pairs((1, 2)), epoch => calls.Add(("callback", epoch)));
        Assert.Equal(StopReason.EpochsReached, result.StopReason);
        Assert.Equal(result.History.SelectMany(record => new[] { ("callback", record), ("stop", record) }), calls);
    }

    [Fact]
    public void The_best_weights_come_back()
    {
        // w: 0.1, 0.19, 0.271, 0.3439; the target 0.2 is nearest to the second.
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(
            Training.FullBatch(0.1, epochs: 100) with { StopWhen = epoch => epoch.Epoch == 4 }, s_pair, Samples.Pairs((1, 0.2)));
        Assert.Equal(StopReason.StopRequested, result.StopReason);
        Assert.Equal(2, result.BestEpoch);
        Close.Absolute(0.19, network.Weight(), 1e-15);
    }
}
