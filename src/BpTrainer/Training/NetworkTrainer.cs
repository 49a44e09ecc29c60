using BpTrainer.Data;
using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Schedules;
using BpTrainer.Shards;
using BpTrainer.Stopping;
using BpTrainer.Training;

namespace BpTrainer;

/// <summary>Trains a network by back-propagation.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class NetworkTrainer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _network;
    private readonly TrainingOptions _options;
    private readonly OptimizerState<T>? _state;

    /// <summary>Creates a trainer for a network.</summary>
    /// <param name="network">The network; training starts from its current parameters and changes them.</param>
    /// <param name="options">The training options.</param>
    /// <param name="state">The optimizer state of an earlier training of this network, from which the optimizer starts; null for a new
    /// state.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message contains its name, its value and the
    /// range.</exception>
    /// <exception cref="ArgumentException">Two options cannot be combined, the loss is not defined for the outputs of the network or for
    /// the scaling of the targets, a layer has an activation whose gradient is 0, the dropout rates do not match the number of hidden
    /// layers, or the state belongs to another optimizer.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor does not support the kernel of the options.</exception>
    public NetworkTrainer(Network<T> network, TrainingOptions options, OptimizerState? state = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        Check(options, network.Layouts, network.OutputScaling);
        _network = network;
        _state = OptimizerState<T>.Check(state, options.Optimizer);
        _options = options.Optimizer.Complete(options);
    }

    /// <summary>
    /// Trains until a stopping criterion is met. The network then has the weights of the epoch with the lowest validation loss, or, without
    /// a validation set, those with the lowest training loss including penalties; see <see cref="TrainingResult.Loss"/>.
    /// </summary>
    /// <param name="training">The samples to learn.</param>
    /// <param name="validation">Samples to validate on, in memory; null for none.</param>
    /// <param name="onEpoch">Called after every epoch, on the calling thread; it can stop the training. Null for none.</param>
    /// <param name="cancellationToken">Stops the training within one batch; the best weights so far are kept.</param>
    /// <returns>Why and how it ended.</returns>
    /// <exception cref="ArgumentException">The samples do not have the network's numbers of inputs and outputs, or the optimizer state
    /// belongs to a network with another shape.</exception>
    /// <exception cref="NotFiniteNumberException">The loss or the weights became NaN or infinite before any epoch could be kept. The
    /// network is unchanged.</exception>
    public TrainingResult Train(
        DataSet<T> training, DataSet<T>? validation = null, Action<EpochProgress<T>>? onEpoch = null,
        CancellationToken cancellationToken = default) =>
        Good(Run(training, validation, Report(onEpoch), cancellationToken));

    /// <summary>
    /// Resumes a training from one of its <see cref="Checkpoint"/>s. The weights, bit for bit, and the <see cref="TrainingResult"/>, except
    /// for the seconds, are the same as without the interruption.
    /// </summary>
    /// <remarks>
    /// The network, the data, the validation set and the options for learning must be the same as before. The options that end the training
    /// may differ, such as more epochs, unless the schedule depends on them.
    /// </remarks>
    /// <inheritdoc cref="Train(DataSet{T}, DataSet{T}, Action{EpochProgress{T}}, CancellationToken)"/>
    /// <param name="checkpoint">The checkpoint, read from the current position of the stream.</param>
    /// <returns>The result, including the epochs before the checkpoint.</returns>
    /// <exception cref="ArgumentException">The checkpoint belongs to another network, training or data set; the message contains the
    /// difference. The network is unchanged.</exception>
    /// <exception cref="InvalidDataException">The stream contains no checkpoint, a damaged one or one of another version. The network is
    /// unchanged.</exception>
    public TrainingResult Resume(
        Stream checkpoint, DataSet<T> training, DataSet<T>? validation = null, Action<EpochProgress<T>>? onEpoch = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Good(Run(InMemory(training), validation, checkpoint, Report(onEpoch), cancellationToken));
    }

    /// <summary>
    /// Trains on samples that do not fit into memory, block by block. Everything else is the same as for samples in memory. If a block
    /// holds all samples and the stream keeps their order, the result is the same, bit for bit.
    /// </summary>
    /// <remarks>
    /// Each block is read, shuffled and learned from in batches; only the last block may end with a smaller batch. Samples are mixed only
    /// within a block, unless the stream itself returns them in a new order; training on a stream of sorted data that is never reordered
    /// gives poor results. An optimizer with an adaptive rate reads the stream twice per epoch, because it needs the loss over all samples
    /// with the weights after the epoch. Without a validation set, the first 1,024 samples are read two more times at the end, to compare
    /// the last epoch with the best one.
    /// </remarks>
    /// <inheritdoc cref="Train(DataSet{T}, DataSet{T}, Action{EpochProgress{T}}, CancellationToken)"/>
    /// <param name="blockRows">The maximum number of rows in memory at once, at least the batch size.</param>
    /// <exception cref="ArgumentException">The stream has no rows, or its total weight is not finite and above 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A batch is larger than a block, or a block is larger than an array.</exception>
    /// <exception cref="InvalidOperationException">The stream did not return as many rows as it has.</exception>
    public TrainingResult Train(
        IRowStream<T> training, int blockRows, DataSet<T>? validation = null, Action<EpochProgress<T>>? onEpoch = null,
        CancellationToken cancellationToken = default) =>
        Good(Run(training, blockRows, validation, Report(onEpoch), cancellationToken));

    /// <summary>Resumes a training on a stream, which must return the same samples as before.</summary>
    /// <inheritdoc cref="Resume(Stream, DataSet{T}, DataSet{T}, Action{EpochProgress{T}}, CancellationToken)"/>
    /// <param name="blockRows">The maximum number of rows in memory at once, the same as before.</param>
    public TrainingResult Resume(
        Stream checkpoint, IRowStream<T> training, int blockRows, DataSet<T>? validation = null, Action<EpochProgress<T>>? onEpoch = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Good(Run(Streamed(training, blockRows), validation, checkpoint, Report(onEpoch), cancellationToken));
    }

    /// <summary>
    /// Trains on samples in shards, which may be on several machines. Everything else is the same as for samples in memory. With one shard,
    /// the result is the same, bit for bit; with more shards, it depends on the shards but not on the machines.
    /// </summary>
    /// <remarks>
    /// A batch takes its share from every shard, as <see cref="IShardedRows{T}"/> describes, and each shard shuffles its own samples in
    /// every epoch. Single samples, with a <see cref="TrainingOptions.BatchSize"/> of 1, are learned as batches of one sample, with the
    /// same result except for rounding. After a cancellation, the shards are not used again; the best epoch is then chosen by the losses of
    /// the batches.
    /// </remarks>
    /// <inheritdoc cref="Train(DataSet{T}, DataSet{T}, Action{EpochProgress{T}}, CancellationToken)"/>
    /// <param name="rows">The samples to learn and the samples to validate on.</param>
    /// <exception cref="ArgumentException">The samples do not have the network's numbers of inputs and outputs; or the optimizer is
    /// <see cref="Optimizer.LevenbergMarquardt"/> or <see cref="Optimizer.BayesianRegularization"/>, which do not support
    /// shards.</exception>
    /// <exception cref="InvalidOperationException">The answer of the shards is incomplete or does not belong to the training.</exception>
    public TrainingResult Train(
        IShardedRows<T> rows, Action<EpochProgress<T>>? onEpoch = null, CancellationToken cancellationToken = default) =>
        Good(Run(rows, checkpoint: null, Report(onEpoch), cancellationToken));

    /// <summary>Resumes a training on shards. The number of shards and their samples must be the same as before.</summary>
    /// <inheritdoc cref="Train(IShardedRows{T}, Action{EpochProgress{T}}, CancellationToken)"/>
    /// <param name="checkpoint">The checkpoint, read from the current position of the stream.</param>
    /// <exception cref="InvalidDataException">The stream contains no checkpoint, a damaged one or one of another version. The network is
    /// unchanged.</exception>
    public TrainingResult Resume(
        Stream checkpoint, IShardedRows<T> rows, Action<EpochProgress<T>>? onEpoch = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Good(Run(rows, checkpoint, Report(onEpoch), cancellationToken));
    }

    /// <summary>
    /// Runs a range test for the learning rate (Smith, Cyclical Learning Rates for Training Neural Networks, arXiv 1506.01186): a short
    /// training of a copy of the network, in which the rate grows by a constant factor from batch to batch, from far too small to far too
    /// large. The rate, schedule, averaging and stopping rules of the options have no effect on it.
    /// </summary>
    /// <param name="training">The samples to learn.</param>
    /// <param name="lowest">The first rate; finite and above 0. Default: 0.000001.</param>
    /// <param name="highest">The last rate; finite and above the first. Default: 10.</param>
    /// <param name="updates">The number of batches in the test, from 10 to 1,000,000; it takes as many epochs as necessary. Default:
    /// 200.</param>
    /// <param name="cancellationToken">Stops the test within one batch; the result contains what was measured so far.</param>
    /// <returns>The loss at every rate, up to the rate at which the training diverged, and a suggestion.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    /// <exception cref="ArgumentException">The optimizer has no learning rate to search for, or the data does not match the
    /// network.</exception>
    public LearningRateCurve FindLearningRate(
        DataSet<T> training, double lowest = 1e-6, double highest = 10, int updates = 200, CancellationToken cancellationToken = default)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var test = new RangeTest(lowest, highest, updates, end);
        if (!_options.Optimizer.TakesSchedule)
        {
            throw new ArgumentException(
                $"The {nameof(_options.Optimizer)} {_options.Optimizer} has no learning rate to search for: "
                + "it chooses its steps or its rate itself.");
        }

        InMemoryRows<T> rows = InMemory(training);
        CheckMemory(rows, validation: null);
        TrainingOptions options = _options with { Schedule = LearningRateSchedule.Constant, Averaging = null, MaximumUpdates = null };
        using var parts = new RowParts<T>(_network.Clone(), options, rows);
        var epoch = new BatchEpoch<T>(parts, (StepOptimizer)options.Optimizer, test);
        while (!end.IsCancellationRequested)
        {
            epoch.Run(end.Token);
        }

        return test.Curve;
    }

    /// <summary>Trains like the public methods, but returns a result even if no epoch could be kept.</summary>
    internal TrainingResult Run(
        DataSet<T> training, DataSet<T>? validation, Func<EpochRecord, bool>? onEpoch, CancellationToken cancellationToken) =>
        Run(InMemory(training), validation, checkpoint: null, onEpoch, cancellationToken);

    /// <inheritdoc cref="Run(DataSet{T}, DataSet{T}, Func{EpochRecord, bool}, CancellationToken)"/>
    internal TrainingResult Run(
        IRowStream<T> training, int blockRows, DataSet<T>? validation, Func<EpochRecord, bool>? onEpoch,
        CancellationToken cancellationToken) =>
        Run(Streamed(training, blockRows), validation, checkpoint: null, onEpoch, cancellationToken);

    /// <summary>Trains on shards like the public methods, but returns a result even if no epoch could be kept.</summary>
    internal TrainingResult Run(
        IShardedRows<T> rows, Stream? checkpoint, Func<EpochRecord, bool>? onEpoch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _network.CheckShape(rows.InputColumns, rows.TargetColumns, nameof(rows));
        if (_options.Optimizer is LevenbergMarquardtOptimizer optimizer)
        {
            throw new ArgumentException(
                $"The {nameof(_options.Optimizer)} {optimizer} does not work on shards: it needs the errors of all samples at once. "
                + $"{nameof(Optimizer.Lbfgs)} works.");
        }

        TrainingMemory.Check<T>(_network.Layouts, _options, trainingRows: 1, validationRows: 0, isSparse: false);
        return Run(new ShardedParts<T>(_network, _options, rows, cancellationToken), checkpoint, onEpoch, cancellationToken);
    }

    /// <summary>Throws if options do not match a network.</summary>
    internal static void Check(TrainingOptions options, LayerLayout[] layouts, ColumnScaling? outputScaling)
    {
        options.Validate();
        for (int k = 0; k < layouts.Length; k++)
        {
            if (!layouts[k].Spec.Activation.CanLearn)
            {
                throw new ArgumentException(
                    $"Layer {k + 1} of {layouts.Length} has the activation {layouts[k].Spec.Activation}, whose derivative is 0: "
                    + "no gradient passes through it, so the network can predict but not learn. Train with logistic or tanh instead.",
                    "network");
            }
        }

        options.Regularization.CheckDropout(hiddenLayers: layouts.Length - 1);
        if (layouts[0].Codes > 0)
        {
            options.CheckEncoding();
        }

        options.Loss.CreateFunction<T>(layouts[^1].Spec);
        options.Loss.CheckTargets(outputScaling);
        TrainingMemory.Check<T>(layouts, options, trainingRows: 1, validationRows: 0, isSparse: false);
    }

    /// <summary>Throws if a training ended with numbers that are not finite before any epoch could be kept.</summary>
    internal static TrainingResult ThrowIfDiverged(TrainingResult result, TrainingOptions options) =>
        result.StopReason == StopReason.NonFinite && result.BestEpoch == 0
            ? throw new NotFiniteNumberException(Divergence.Describe(result, options), result.History[^1].TrainingLoss)
            : result;

    private Func<EpochRecord, bool>? Report(Action<EpochProgress<T>>? onEpoch) => onEpoch is null ? null : epoch =>
    {
        var progress = new EpochProgress<T>(epoch, _network, networkIndex: 0, numberOfNetworks: 1);
        onEpoch(progress);
        return progress.IsStopRequested;
    };

    private TrainingResult Good(TrainingResult result) => ThrowIfDiverged(result, _options);

    private TrainingResult Run(
        TrainingRows<T> training, DataSet<T>? validation, Stream? checkpoint, Func<EpochRecord, bool>? onEpoch,
        CancellationToken cancellationToken)
    {
        if (validation is not null)
        {
            _network.CheckShape(validation.InputColumns, validation.TargetColumns, nameof(validation));
        }

        CheckMemory(training, validation);
        return Run(new RowParts<T>(_network, _options, training, validation), checkpoint, onEpoch, cancellationToken);
    }

    private TrainingResult Run(
        TrainingParts<T> parts, Stream? checkpoint, Func<EpochRecord, bool>? onEpoch, CancellationToken cancellationToken)
    {
        using var loop = new EpochLoop<T>(parts, checkpoint is null ? _state : null);
        if (checkpoint is not null)
        {
            loop.Load(checkpoint);
        }

        return loop.Run(onEpoch, cancellationToken);
    }

    private void CheckMemory(TrainingRows<T> training, DataSet<T>? validation)
    {
        bool isSparse = _options.TakesSparse(_network, training.Block, validation);
        TrainingMemory.Check<T>(_network.Layouts, _options, training.Block.Rows, validation?.Rows ?? 0, isSparse);
    }

    private InMemoryRows<T> InMemory(DataSet<T> training)
    {
        ArgumentNullException.ThrowIfNull(training);
        _network.CheckShape(training.InputColumns, training.TargetColumns, nameof(training));
        return new InMemoryRows<T>(training);
    }

    private StreamedRows<T> Streamed(IRowStream<T> training, int blockRows)
    {
        ArgumentNullException.ThrowIfNull(training);
        _network.CheckShape(training.InputColumns, training.TargetColumns, nameof(training));
        if (training.Rows < 1 || (training.TotalWeight is { } total && !(total > 0 && double.IsFinite(total))))
        {
            long rows = training.Rows;
            throw new ArgumentException(
                FormattableString.Invariant($"The stream has {rows} rows and the total weight {training.TotalWeight ?? rows}; ")
                + "both must be above 0 and finite.",
                nameof(training));
        }

        long wholeBlock = Math.Min(training.Rows, Guard.AtLeast(blockRows, 1));
        int mostRows = Array.MaxLength / Math.Max(training.InputColumns, training.TargetColumns);
        if (wholeBlock > mostRows)
        {
            string matrices = $"{training.InputColumns} inputs and {training.TargetColumns} targets";
            throw Guard.OutOfRange(nameof(blockRows), blockRows, $"at most {mostRows}: an array cannot hold more rows of {matrices}");
        }

        if (wholeBlock < training.Rows)
        {
            if (_options.BatchSize > blockRows)
            {
                string right = $"at least the {nameof(_options.BatchSize)} {_options.BatchSize}: "
                    + "the samples of a batch come from one block";
                throw Guard.OutOfRange(nameof(blockRows), blockRows, right);
            }

            wholeBlock -= wholeBlock % _options.BatchSize;
        }

        return StreamedRows<T>.Create(training, _options.Seed, (int)wholeBlock);
    }
}
