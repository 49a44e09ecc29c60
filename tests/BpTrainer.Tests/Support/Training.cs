using System.Numerics;

namespace BpTrainer.Tests;

/// <summary>Short ways to train.</summary>
internal static class Training
{
    /// <summary>Plain gradient descent, all samples at once, in their order.</summary>
    public static TrainingOptions FullBatch(double learningRate, int epochs) => new()
    {
        Optimizer = Optimizer.GradientDescent(learningRate),
        BatchSize = TrainingOptions.FullBatch,
        Epochs = epochs,
        Shuffle = false,
    };

    /// <summary>Plain gradient descent, an update after every sample, in their order.</summary>
    public static TrainingOptions Incremental(double learningRate, int epochs) => FullBatch(learningRate, epochs) with { BatchSize = 1 };

    public static TrainingResult Train<T>(
        this Network<T> network,
        TrainingOptions options,
        DataSet<T> training,
        DataSet<T>? validation = null,
        Action<EpochRecord>? onEpoch = null,
        CancellationToken cancellationToken = default,
        Func<EpochRecord, bool>? stopWhen = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new NetworkTrainer<T>(network, options).Train(
            training,
            validation,
            progress =>
            {
                onEpoch?.Invoke(progress.Epoch);
                if (stopWhen is not null && stopWhen(progress.Epoch))
                {
                    progress.Stop();
                }
            },
            cancellationToken);

    /// <summary>Trains, and leaves the network with the weights of the last epoch, whichever was the best.</summary>
    public static TrainingResult TrainToTheLast<T>(
        this Network<T> network, TrainingOptions options, DataSet<T> training, Func<EpochRecord, bool>? stopWhen = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] last = [];
        TrainingResult result = network.Train(
            options, training, onEpoch: _ => last = network.Parameters.Span.ToArray(), stopWhen: stopWhen);
        last.CopyTo(network.Parameters.Span);
        return result;
    }
}
