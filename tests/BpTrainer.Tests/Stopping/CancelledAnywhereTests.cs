namespace BpTrainer.Tests.Stopping;

/// <summary>Whenever a training is cancelled, it ends, and the network has the best weights of the epochs that were complete.</summary>
public class CancelledAnywhereTests
{
    private const int Trainings = 200;
    private const int Epochs = 30;
    private const int BlockRows = 20;
    private const int ReadsOfEpoch = 12;

    private static readonly DataSet<float> s_training = Samples.Random<float>(1, rows: 60, inputs: 5, targets: 2);
    private static readonly DataSet<float> s_validation = Samples.Random<float>(2, rows: 20, inputs: 5, targets: 2);
    private static readonly TrainingOptions s_options =
        new() { Optimizer = Optimizer.Momentum(0.3), BatchSize = 10, Epochs = Epochs, EarlyStoppingRounds = Epochs, Seed = 5 };

    [Fact]
    public async Task TwoHundredTrainings() => await Task.Run(TrainAll).WaitAsync(TimeSpan.FromMinutes(2));

    private static void TrainAll()
    {
        var random = new Random(11);
        Course inMemory = Course.Of(isStreamed: false), streamed = Course.Of(isStreamed: true);
        int cancelled = 0;
        for (int training = 0; training < Trainings; training++)
        {
            bool isStreamed = training % 2 == 0;
            using var source = new CancellationTokenSource();
            int epoch = random.Next(1, Epochs), read = random.Next(Epochs * ReadsOfEpoch), spins = random.Next(3000);
            int epochs = 0, reads = 0;
            Thread? other = training % 4 > 1 ? null : new Thread(() =>
            {
                SpinWait.SpinUntil(() => Volatile.Read(ref epochs) >= epoch);
                Thread.SpinWait(spins);
                source.Cancel();
            });
            other?.Start();

            Network<float> network = Start();
            TrainingResult result = Train(network, isStreamed, OnEpoch, OnRead, source.Token);
            Volatile.Write(ref epochs, int.MaxValue);
            other?.Join();

            cancelled += result.StopReason == StopReason.Cancelled ? 1 : 0;
            Assert.Equal(
                other is null || result.StopReason != StopReason.EpochsReached ? StopReason.Cancelled : StopReason.EpochsReached,
                result.StopReason);
            (isStreamed ? streamed : inMemory).AssertBeginsWith(result, network);

            void OnEpoch(EpochRecord record)
            {
                Volatile.Write(ref epochs, record.Epoch);
                if (other is null && !isStreamed && record.Epoch == epoch)
                {
                    source.Cancel();
                }
            }

            void OnRead(int row)
            {
                if (other is null && reads++ == read)
                {
                    source.Cancel();
                }
            }
        }

        Assert.InRange(cancelled, Trainings / 2, Trainings);
    }

    private static TrainingResult Train(
        Network<float> network, bool isStreamed, Action<EpochRecord> onEpoch, Action<int> onRead, CancellationToken token)
    {
        var trainer = new NetworkTrainer<float>(network, s_options);
        return isStreamed
            ? trainer.Train(
                new SampleStream<float>(s_training) { MostAtOnce = 5, OnRead = onRead },
                BlockRows,
                s_validation,
                progress => onEpoch(progress.Epoch),
                token)
            : trainer.Train(s_training, s_validation, progress => onEpoch(progress.Epoch), token);
    }

    private static Network<float> Start() => new NetworkBuilder(5).Add(6, Activation.Tanh).Add(2, Activation.Linear).Build<float>(seed: 9);

    /// <summary>
    /// The training as it goes when nobody cancels it: the validation loss of each epoch and the weights, before the first one and after
    /// each.
    /// </summary>
    private sealed record Course(List<double?> Losses, List<byte[]> Weights)
    {
        public static Course Of(bool isStreamed)
        {
            Network<float> network = Start();
            var course = new Course([], [network.ToBytes()]);
            Train(network, isStreamed, OnEpoch, _ => { }, CancellationToken.None);
            return course;

            void OnEpoch(EpochRecord record)
            {
                course.Losses.Add(record.ValidationLoss);
                course.Weights.Add(network.ToBytes());
            }
        }

        public void AssertBeginsWith(TrainingResult result, Network<float> network)
        {
            double?[] losses = [.. result.History.Select(record => record.ValidationLoss)];
            Assert.Equal(Losses.Take(losses.Length), losses);
            Assert.Equal(losses.Length == 0 ? 0 : Array.IndexOf(losses, losses.Min()) + 1, result.BestEpoch);
            Assert.Equal(Weights[result.BestEpoch], network.ToBytes());
        }
    }
}
