using System.Numerics;

namespace BpTrainer;

/// <summary>Trains a network by back-propagation.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class NetworkTrainer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _network;
    private readonly TrainingOptions _options;

    /// <summary>Prepares to train a network.</summary>
    /// <param name="network">The network; training changes its parameters, starting from what they are.</param>
    /// <param name="options">How to train.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it, its value and the range.</exception>
    /// <exception cref="ArgumentException">The loss is not defined for the outputs of the network, a layer has an activation that no gradient comes through, or the rates of dropout do not fit the number of hidden layers.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor does not support the kernel of the options.</exception>
    public NetworkTrainer(Network<T> network, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        CheckCanLearn(network);
        options.Dropout.Validate(hiddenLayers: network.Layers.Count - 1);
        options.Loss.CreateFunction<T>(network.Layouts[^1].Spec);
        _network = network;
        _options = options;
    }

    /// <summary>Trains until a stopping rule says so. The network is then left with the weights of the best validation, or without one with the last finite weights.</summary>
    /// <param name="training">The samples to learn.</param>
    /// <param name="validation">Samples that judge and never teach; null for none.</param>
    /// <param name="onEpoch">Called after every epoch, on the calling thread; null for none.</param>
    /// <param name="cancellationToken">Ends the training within one batch; the best weights so far are kept.</param>
    /// <returns>Why and how it ended.</returns>
    /// <exception cref="ArgumentException">A data set does not have the network's numbers of inputs and outputs.</exception>
    public TrainingResult Train(
        DataSet<T> training,
        DataSet<T>? validation = null,
        Action<EpochRecord>? onEpoch = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        CheckShape(training.InputColumns, training.TargetColumns, nameof(training));
        return Train(new HeldFeed<T>(training), validation, onEpoch, cancellationToken);
    }

    /// <summary>
    /// Trains on samples that do not fit into memory, block by block; everything else is as for samples in memory, and with
    /// a block that holds all of them the result is the same, bit for bit, as long as the stream keeps their order.
    /// </summary>
    /// <remarks>
    /// Each block is read, shuffled in itself and learned from in batches; only the last one may end in a smaller batch.
    /// Samples are mixed no further than a block reaches, unless the stream gives them in a new order itself: sorted data
    /// in a stream that does not teaches badly. A rule with an adaptive rate reads the stream twice an epoch, because it judges an
    /// epoch by the error over all samples with the weights as they are then.
    /// </remarks>
    /// <param name="training">The samples to learn.</param>
    /// <param name="blockRows">The most rows to have in memory at once, at least those of a batch.</param>
    /// <param name="validation">Samples that judge and never teach, in memory; null for none.</param>
    /// <param name="onEpoch">Called after every epoch, on the calling thread; null for none.</param>
    /// <param name="cancellationToken">Ends the training within one batch; the best weights so far are kept.</param>
    /// <returns>Why and how it ended.</returns>
    /// <exception cref="ArgumentException">The stream or the validation set does not have the network's numbers of inputs and outputs, or the stream has no rows or a total weight that is not finite and above 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A batch is larger than a block.</exception>
    /// <exception cref="InvalidOperationException">The stream did not hand out as many rows as it has.</exception>
    public TrainingResult Train(
        ISampleStream<T> training,
        int blockRows,
        DataSet<T>? validation = null,
        Action<EpochRecord>? onEpoch = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        CheckShape(training.InputColumns, training.TargetColumns, nameof(training));
        if (training.Rows < 1 || training.TotalWeight is { } total && !(total > 0 && double.IsFinite(total)))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The stream has {training.Rows} rows and the total weight {training.TotalWeight ?? training.Rows}; both must be above 0 and finite."),
                nameof(training));
        }

        long wholeBlock = Math.Min(training.Rows, Guard.AtLeast(blockRows, 1));
        if (wholeBlock < training.Rows)
        {
            if (_options.BatchSize > blockRows)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(blockRows),
                    blockRows,
                    $"{nameof(blockRows)} is {blockRows}, but must be at least the {nameof(TrainingOptions.BatchSize)} {_options.BatchSize}: the samples of a batch come from one block.");
            }

            wholeBlock -= wholeBlock % _options.BatchSize;
        }

        var feed = StreamFeed<T>.Create(training, _options.Seed, (int)wholeBlock);
        return Train(feed, validation, onEpoch, cancellationToken);
    }

    private TrainingResult Train(SampleFeed<T> training, DataSet<T>? validation, Action<EpochRecord>? onEpoch, CancellationToken cancellationToken)
    {
        if (validation is not null)
        {
            CheckShape(validation.InputColumns, validation.TargetColumns, nameof(validation));
        }

        using var run = new TrainingRun<T>(_network, _options, training, validation);
        return run.Run(onEpoch, cancellationToken);
    }

    /// <summary>The memory that a training will take, besides the data. Nothing is allocated for the answer.</summary>
    /// <param name="trainingRows">The number of samples to learn; 1 or more.</param>
    /// <param name="validationRows">The number of samples to judge by; 0 for none.</param>
    /// <returns>Bytes, by purpose.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number of samples is out of its range.</exception>
    public TrainingMemory EstimateMemory(int trainingRows, int validationRows = 0) =>
        TrainingMemory.Of(_network, _options, Guard.AtLeast(trainingRows, 1), Guard.AtLeast(validationRows, 0));

    private static void CheckCanLearn(Network<T> network)
    {
        for (int k = 0; k < network.Layers.Count; k++)
        {
            if (!network.Layers[k].Activation.CanLearn)
            {
                throw new ArgumentException(
                    $"Layer {k + 1} of {network.Layers.Count} has the activation {network.Layers[k].Activation}, whose derivative is 0: no gradient comes through it, so the network can predict but not learn. Train with logistic or tanh instead.",
                    nameof(network));
            }
        }
    }

    private void CheckShape(int inputs, int targets, string name)
    {
        if (inputs != _network.Inputs || targets != _network.Outputs)
        {
            throw new ArgumentException(
                $"The data have {inputs} inputs and {targets} targets, but the network has {_network.Inputs} inputs and {_network.Outputs} outputs.",
                name);
        }
    }
}
