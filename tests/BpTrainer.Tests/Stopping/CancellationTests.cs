namespace BpTrainer.Tests.Stopping;

/// <summary>A cancelled training ends within a batch and leaves the weights of the last whole epoch.</summary>
public class CancellationTests
{
    private static readonly TrainingOptions s_options = new() { LearningRate = 0.1, BatchSize = 1, Epochs = 1000, Seed = 5 };

    [Fact]
    public void Cancelling_after_an_epoch_keeps_that_epoch()
    {
        using var source = new CancellationTokenSource();
        Network<float> network = Start();
        TrainingResult result = network.Train(s_options, Data(), onEpoch: epoch => CancelAt(epoch, 3, source), cancellationToken: source.Token);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Equal(3, result.History.Count);
        Assert.Equal(3, result.BestEpoch);
        Assert.Equal(After(epochs: 3), network.ToBytes());
    }

    [Fact]
    public void Cancelling_in_an_epoch_ends_within_one_batch_and_goes_back_to_the_epoch_before()
    {
        const int EpochOfCancellation = 3, BatchOfCancellation = 4;
        using var source = new CancellationTokenSource();
        DataSet<float> plain = Data();
        int epochs = 0, batches = 0, after = 0;
        using var inputs = new WatchedMemory(plain.Inputs.ToArray(), () =>
        {
            after += source.IsCancellationRequested ? 1 : 0;
            if (epochs == EpochOfCancellation - 1 && ++batches == BatchOfCancellation)
            {
                source.Cancel();
            }
        });
        var data = new DataSet<float>(inputs.Memory, plain.InputColumns, plain.Targets, plain.TargetColumns);

        Network<float> network = Start();
        TrainingResult result = network.Train(s_options, data, onEpoch: _ => epochs++, cancellationToken: source.Token);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Equal(BatchOfCancellation, batches);
        Assert.Equal(0, after);
        Assert.Equal(EpochOfCancellation - 1, result.History.Count);
        Assert.Equal(After(EpochOfCancellation - 1), network.ToBytes());
    }

    [Fact]
    public void A_token_cancelled_before_leaves_the_network_as_it_was()
    {
        Network<float> network = Start();
        TrainingResult result = network.Train(s_options, Data(), cancellationToken: new CancellationToken(canceled: true));
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Empty(result.History);
        Assert.Equal(0, result.BestEpoch);
        Assert.Equal(Start().ToBytes(), network.ToBytes());
    }

    private static Network<float> Start() =>
        new NetworkBuilder(3).Add(6, Activation.Tanh).Add(2, Activation.Linear).Build<float>(seed: 9);

    private static DataSet<float> Data() => Samples.Random<float>(4, rows: 30, inputs: 3, targets: 2);

    private static byte[] After(int epochs)
    {
        Network<float> network = Start();
        network.Train(s_options with { Epochs = epochs }, Data());
        return network.ToBytes();
    }

    private static void CancelAt(EpochRecord epoch, int number, CancellationTokenSource source)
    {
        if (epoch.Epoch == number)
        {
            source.Cancel();
        }
    }
}
