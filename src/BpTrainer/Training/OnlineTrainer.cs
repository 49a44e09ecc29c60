using BpTrainer.Data;
using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Training;

namespace BpTrainer;

/// <summary>
/// Trains a network sample by sample, as the samples arrive. Each call of <see cref="Learn"/> is one update, costs about as much as a
/// sample within an epoch, and allocates no memory. The network can predict between the calls.
/// </summary>
/// <remarks>
/// <para>
/// The samples of an epoch, one by one, give the same weights, bit for bit, as a <see cref="NetworkTrainer{T}"/> with a
/// <see cref="TrainingOptions.BatchSize"/> of 1 that does not shuffle. The scalings of the network apply and do not change, so derive them
/// from typical samples. There is no best epoch and no early stopping: the network always has the last weights.
/// </para>
/// <para>
/// The optimizer keeps its state from call to call. For a learning rate that changes, set <see cref="LearningRate"/>.
/// </para>
/// <para>
/// Use it from one thread at a time. While <see cref="Learn"/> runs, no other thread may use the network; predict with a
/// <see cref="Network{T}.Clone"/> there. Nothing else may change the weights while the trainer is in use.
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

    /// <summary>Creates a trainer for a network.</summary>
    /// <param name="network">The network; every update changes its current parameters.</param>
    /// <param name="options">Loss, optimizer, regularization, the seed of dropout and the number of threads; the batch size is 1. Options
    /// for epochs, and the schedule, must have their defaults.</param>
    /// <param name="state">The optimizer state of an earlier training of this network, from which the optimizer starts; null for a new
    /// state.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range, or has no meaning for single samples; the message contains
    /// its name, its value and the allowed values.</exception>
    /// <exception cref="ArgumentException">Two options cannot be combined, or an option or the state does not match the
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
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite and above 0.</exception>
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

    /// <summary>The number of learned samples.</summary>
    public long Updates => _updates;

    /// <summary>Learns from one sample.</summary>
    /// <param name="inputs">One value for each input of the network, in the user's units.</param>
    /// <param name="targets">One value for each output of the network, in the user's units: numbers for regression, 0 or 1 for binary,
    /// one-hot for multiclass classification.</param>
    /// <returns>The loss before the update, for the scaled targets and without penalties. The training loss of an epoch is the mean of
    /// these losses.</returns>
    /// <exception cref="ArgumentException">The number of inputs or targets is wrong.</exception>
    /// <exception cref="NotFiniteNumberException">The loss is infinite or NaN, because a number of the sample is, or because the training
    /// diverged. The weights and the optimizer state are unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The trainer has been disposed.</exception>
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

    /// <summary>Copies the optimizer state, from which another training can start.</summary>
    /// <returns>The state after the last update.</returns>
    public OptimizerState CopyOptimizerState() => OptimizerState<T>.Of(_optimizer, _step.Memory, [_step.Numbers]);

    /// <summary>Releases the memory of the trainer. The network can still be used.</summary>
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
            FormattableString.Invariant($"The loss of the sample is {loss}, so nothing was learned from it. ")
            + FormattableString.Invariant(reason),
            loss);
    }
}
