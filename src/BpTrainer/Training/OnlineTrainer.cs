using BpTrainer.Data;
using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Training;

namespace BpTrainer;

/// <summary>
/// Trains a network sample by sample, as the samples come: each call of <see cref="Learn"/> is one update, at about the cost of a sample
/// within an epoch, and allocates nothing. The network can predict between the calls.
/// </summary>
/// <remarks>
/// <para>
/// The samples of an epoch, one by one, make the same weights, bit for bit, as a <see cref="NetworkTrainer{T}"/> with a
/// <see cref="TrainingOptions.BatchSize"/> of 1 that does not shuffle. The scalings of the network apply; they stay as they are, so derive
/// them from samples that are typical. No epoch is the best and no validation ends the training: the network always has the last weights.
/// </para>
/// <para>
/// The optimizer keeps its state from call to call. For a learning rate that changes, set <see cref="LearningRate"/>.
/// </para>
/// <para>
/// It is for one thread at a time, and while <see cref="Learn"/> runs no other thread may use the network: take a
/// <see cref="Network{T}.Clone"/> to predict elsewhere. Nothing else may change the weights as long as the trainer is in use.
/// </para>
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class OnlineTrainer<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _network;
    private readonly Optimizer _optimizer;
    private readonly T[] _inputs;
    private readonly T[] _targets;
    private readonly OptimizerStep<T> _step;
    private readonly TrainingParts<T> _parts;
    private readonly BatchLearner<T> _learner;
    private T _rate;
    private long _updates;
    private bool _isDisposed;

    /// <summary>Prepares to train a network.</summary>
    /// <param name="network">The network; every update changes its parameters, starting from what they are.</param>
    /// <param name="options">Loss, optimizer, regularization, the seed of dropout and the number of threads; the batch size is 1. Options
    /// that have to do with epochs keep their defaults, and so does the schedule.</param>
    /// <param name="state">The state that the optimizer starts from, of an earlier training of this network; null for a new one.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or has no meaning for single samples; the message names
    /// it, its value and what is right.</exception>
    /// <exception cref="ArgumentException">Two options do not go together, or an option or the state does not go with the
    /// network.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor does not support the kernel of the options.</exception>
    public OnlineTrainer(Network<T> network, TrainingOptions options, OptimizerState? state = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        CheckOptions(options);
        options = options with { BatchSize = 1 };
        NetworkTrainer<T>.Check(options, network.Layouts, network.OutputScaling);
        OptimizerState<T>? start = OptimizerState<T>.Check(state, options.Optimizer);
        _optimizer = options.Optimizer;
        options = _optimizer.Complete(options);
        LearningRate = _optimizer.LearningRate!.Value;
        _network = network;
        _inputs = GC.AllocateArray<T>(network.Inputs, pinned: true);
        _targets = GC.AllocateArray<T>(network.Outputs, pinned: true);
        var sample = new DataSet<T>(new DataPart<T>(_inputs, _targets, default), network.Inputs, network.Outputs, T.One);
        _step = ((StepOptimizer)options.Optimizer).CreateStep<T>(network.Parameters.Length, options.KernelInUse);
        start?.CopyTo(_step.Memory, [_step.Numbers]);
        _parts = new RowParts<T>(network, options, new InMemoryRows<T>(sample));
        _learner = _parts.CreateLearner(_step);
    }

    /// <summary>The learning rate of the next updates, at first that of the optimizer; finite and above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public double LearningRate
    {
        get;
        set
        {
            Guard.PositiveFinite(value, nameof(LearningRate));
            field = value;
            _rate = T.CreateChecked(value);
        }
    }

    /// <summary>The number of samples learned.</summary>
    public long Updates => _updates;

    /// <summary>Learns from one sample.</summary>
    /// <param name="inputs">As many as the network has inputs, in the user's units.</param>
    /// <param name="targets">As many as the network has outputs, in the user's units: numbers for regression, 0 or 1 for binary, one-hot
    /// for multiclass classification.</param>
    /// <returns>The loss before the update, of the targets as the network sees them, without penalties: the training loss of an epoch is
    /// the mean of it.</returns>
    /// <exception cref="ArgumentException">There are more or fewer inputs or targets.</exception>
    /// <exception cref="NotFiniteNumberException">The loss is infinite or NaN, because a number of the sample is, or since the training
    /// diverged. The weights and the state of the optimizer are as they were before the call.</exception>
    /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
    public double Learn(ReadOnlySpan<T> inputs, ReadOnlySpan<T> targets)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (inputs.Length != _inputs.Length || targets.Length != _targets.Length)
        {
            throw new ArgumentException(
                $"The sample has {inputs.Length} inputs and {targets.Length} targets, "
                + $"but the network has {_inputs.Length} inputs and {_targets.Length} outputs.");
        }

        inputs.CopyTo(_inputs);
        targets.CopyTo(_targets);
        long updates = _updates;
        double loss = _learner.Learn(0, 1, _rate, ref updates, CancellationToken.None);
        if (!double.IsFinite(loss))
        {
            throw NotFinite(loss);
        }

        _updates = updates;
        return loss;
    }

    /// <summary>Copies the state of the optimizer, for another training to start from.</summary>
    /// <returns>The state after the last update.</returns>
    public OptimizerState CopyOptimizerState() => OptimizerState<T>.Of(_optimizer, _step.Memory, [_step.Numbers]);

    /// <summary>Releases the memory of the trainer. The network stays.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _parts.Dispose();
    }

    /// <summary>Throws if an option has no meaning without epochs.</summary>
    private static void CheckOptions(TrainingOptions options)
    {
        var defaults = new TrainingOptions();
        int batchSize = options.BatchSize == 1 ? defaults.BatchSize : options.BatchSize;
        (string Option, object? Value, object? Default)[] ofEpochs =
        [
            (nameof(options.Schedule), options.Schedule, defaults.Schedule),
            (nameof(options.Averaging), options.Averaging, defaults.Averaging),
            (nameof(options.BatchSize), batchSize, defaults.BatchSize),
            (nameof(options.Epochs), options.Epochs, defaults.Epochs),
            (nameof(options.TargetLoss), options.TargetLoss, defaults.TargetLoss),
            (nameof(options.EarlyStoppingRounds), options.EarlyStoppingRounds, defaults.EarlyStoppingRounds),
            (nameof(options.MaximumUpdates), options.MaximumUpdates, defaults.MaximumUpdates),
            (nameof(options.TimeBudget), options.TimeBudget, defaults.TimeBudget),
            (nameof(options.MinimumGradient), options.MinimumGradient, defaults.MinimumGradient),
            (nameof(options.Checkpoint), options.Checkpoint, defaults.Checkpoint),
        ];
        foreach ((string option, object? value, object? right) in ofEpochs)
        {
            if (!Equals(value, right))
            {
                string rule = $"left at its default, {right ?? "null"}: there are no batches and no epochs, only single samples";
                throw Guard.OutOfRange(option, value ?? "null", rule);
            }
        }

        if (options.Optimizer is not (null or StepOptimizer { IsFullBatchOnly: false, AdaptiveRate: null }))
        {
            throw Guard.OutOfRange(
                nameof(options.Optimizer), options.Optimizer, "one that learns from single samples and does not adapt its rate to epochs");
        }
    }

    private NotFiniteNumberException NotFinite(double loss)
    {
        int input = Array.FindIndex(_inputs, value => !T.IsFinite(value));
        int target = Array.FindIndex(_targets, value => !T.IsFinite(value));
        FormattableString reason = input >= 0 ? $"Input {input} is {_inputs[input]}."
            : target >= 0 ? $"Target {target} is {_targets[target]}."
            : (FormattableString)$"The training diverged: lower the learning rate, which is {LearningRate}, or scale inputs and targets.";
        return new NotFiniteNumberException(
            FormattableString.Invariant($"The loss of the sample is {loss}, so that nothing was learned from it. ")
            + FormattableString.Invariant(reason),
            loss);
    }
}
