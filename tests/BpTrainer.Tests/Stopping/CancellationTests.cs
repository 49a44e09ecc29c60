using BpTrainer.Data;
using BpTrainer.Optimizers;
using BpTrainer.Schedules;
using BpTrainer.Training;

namespace BpTrainer.Tests.Stopping;

/// <summary>A cancelled training ends within a batch and leaves the weights of the last whole epoch.</summary>
public class CancellationTests
{
    private static readonly TrainingOptions s_options =
        new() { Optimizer = Optimizer.Momentum(0.1), BatchSize = 1, Epochs = 1000, Seed = 5 };

    [Fact]
    public void CancellingAfterAnEpochKeepsThatEpoch()
    {
        using var source = new CancellationTokenSource();
        Network<float> network = Start();
        TrainingResult result = network.Train(
            s_options, Data(), onEpoch: epoch => CancelAt(epoch, 3, source), cancellationToken: source.Token);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Equal(3, result.History.Count);
        Assert.InRange(result.BestEpoch, 1, 3);
        Assert.Equal(After(result.BestEpoch), network.ToBytes());
    }

    [Fact]
    public void CancellingInAnEpochEndsItWithinOneBatch()
    {
        using var source = new CancellationTokenSource();
        var rates = new CancellingRates(batch: 4, source);
        using var parts = new RowParts<float>(Start(), s_options, new InMemoryRows<float>(Data()));
        new BatchEpoch<float>(parts, (StepOptimizer)s_options.Optimizer, rates).Run(source.Token);
        Assert.Equal(4, rates.Batches);
    }

    [Fact]
    public void CancellingFromAnotherThreadGoesBackToAWholeEpoch()
    {
        using var source = new CancellationTokenSource();
        Network<float> network = Start();
        source.CancelAfter(TimeSpan.FromMilliseconds(20));
        TrainingResult result = network.Train(s_options with { Epochs = int.MaxValue }, Data(), cancellationToken: source.Token);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.InRange(result.BestEpoch, Math.Min(result.History.Count, 1), result.History.Count);
        Assert.Equal(result.BestEpoch == 0 ? Start().ToBytes() : After(result.BestEpoch), network.ToBytes());
    }

    [Fact]
    public void AnEpochThatIsKeptIsRecordedWheneverTheTokenComes()
    {
        // To keep two million weights takes a good part of an epoch of one sample, so that the token often comes meanwhile.
        var options = new TrainingOptions { Optimizer = Optimizer.GradientDescent(1e-4), Epochs = int.MaxValue, NumberOfThreads = 1 };
        DataSet<float> sample = Samples.Random<float>(4, rows: 1, inputs: 1000, targets: 1000);
        // Every run starts anew, so that the loss is far from the lowest and each epoch is better than the one before.
        Network<float> start = new NetworkBuilder(1000).Add(1000, Activation.Tanh).Add(1000, Activation.Linear).Build<float>(seed: 9);
        for (int run = 0; run < 60; run++)
        {
            Network<float> network = start.Clone();
            using var source = new CancellationTokenSource();
            // A thread of its own: the timer of CancelAfter waits for the thread pool, which other tests keep busy.
            var canceller = new Thread(() =>
            {
                Thread.Sleep(15);
                source.Cancel();
            });
            canceller.Start();
            TrainingResult result = network.Train(options, sample, cancellationToken: source.Token);
            canceller.Join();
            Assert.Equal(StopReason.Cancelled, result.StopReason);
            Assert.Equal(result.History.Count, result.BestEpoch);
        }
    }

    [Fact]
    public void ATokenCancelledBeforeLeavesTheNetworkAsItWas()
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
        network.TrainToTheLast(s_options with { Epochs = epochs }, Data());
        return network.ToBytes();
    }

    /// <summary>Counts the batches, and cancels at one of them.</summary>
    private sealed class CancellingRates(int batch, CancellationTokenSource source) : RateCourse
    {
        public int Batches { get; private set; }

        public override bool ChangesInEpochs => true;

        public override bool WatchesBatches => true;

        public override double RateAt(long update) => 0.1;

        public override void EndStretch(double loss)
        {
            if (++Batches == batch)
            {
                source.Cancel();
            }
        }
    }

    private static void CancelAt(EpochRecord epoch, int number, CancellationTokenSource source)
    {
        if (epoch.Epoch == number)
        {
            source.Cancel();
        }
    }
}
