using BpTrainer.Optimizers;
using BpTrainer.Schedules;
using BpTrainer.Stopping;

namespace BpTrainer;

/// <summary>The options for training a network. All values are checked when a <see cref="NetworkTrainer{T}"/> is created.</summary>
public sealed record TrainingOptions
{
    /// <summary>The <see cref="BatchSize"/> that makes every epoch one update from all samples.</summary>
    public const int FullBatch = int.MaxValue;

    /// <summary>The loss to minimize. Default: <see cref="Loss.HalfSquaredError"/>.</summary>
    public Loss Loss { get; init; } = Loss.HalfSquaredError;

    /// <summary>The optimizer, which changes the parameters by their gradient, and its learning rate. Default:
    /// <see cref="Optimizer.Momentum"/>.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Momentum();

    /// <summary>Penalties, clipping, bounds and dropout. Default: none.</summary>
    public Regularization Regularization { get; init; } = new();

    /// <summary>
    /// How the learning rate changes during the training. Optimizers with an adaptive rate or without a rate allow only the constant
    /// schedule. Default: <see cref="LearningRateSchedule.Constant"/>.
    /// </summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>The average of the weights that the network gets instead of the last or best weights. Default: null, no average.</summary>
    public WeightAveraging? Averaging { get; init; }

    /// <summary>
    /// The number of samples per update, 1 or more: 1 for incremental learning, <see cref="FullBatch"/> for all samples at once, other
    /// values for mini-batches. The last batch of an epoch may be smaller. Default: 32.
    /// </summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The maximum number of epochs, which are passes over the training set; 1 or more. Default: 200.</summary>
    public int Epochs { get; init; } = 200;

    /// <summary>Whether every epoch uses the samples in a new random order. Default: true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// The seed of the order of the samples and of the units that dropout leaves out. The same seed gives the same network. Default: 0.
    /// </summary>
    public int Seed { get; init; }

    /// <summary>
    /// Training stops when the training loss of an epoch is at or below this; finite, not negative; null for no target. Default: null.
    /// </summary>
    public double? TargetLoss { get; init; }

    /// <summary>
    /// Training stops after this number of epochs in a row without a new lowest validation loss; 1 or more. Only used with a validation
    /// set. Default: 6, as MATLAB's max_fail.
    /// </summary>
    /// <remarks>
    /// An epoch counts a tenth while the training is on the plateau on which many trainings begin: the validation loss has not yet been 1 %
    /// below the loss of the best constant prediction, <see cref="TrainingResult.ConstantLoss"/>, and is at most 10 % above it.
    /// </remarks>
    public int EarlyStoppingRounds { get; init; } = 6;

    /// <summary>The maximum number of updates of the weights, 1 or more; the last epoch may be incomplete. Null for no limit. Default:
    /// null.</summary>
    public long? MaximumUpdates { get; init; }

    /// <summary>
    /// The maximum time from the start of training, above 0 and at most 24 days. Training ends within one batch after that, and the current
    /// epoch does not count: the network gets the weights of a complete epoch. Null for no limit. Default: null.
    /// </summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>
    /// Training stops when the Euclidean norm of the gradient, over all samples and parameters and including penalties, is at or below this
    /// value after an epoch, like MATLAB's min_grad. Finite, 0 or more. It needs one more pass over the samples per epoch. Null for no
    /// limit. Default: null.
    /// </summary>
    public double? MinimumGradient { get; init; }

    /// <summary>
    /// Whether <see cref="TrainingResult.OptimizerState"/> has the optimizer state that belongs to the final weights, so that another
    /// training can start from it. It needs as much memory as the optimizer. Not allowed with optimizers whose
    /// <see cref="Optimizer.KeepsState"/> is false. Default: false.
    /// </summary>
    public bool KeepOptimizerState { get; init; }

    /// <summary>Where the state of the training is saved, so that it can be resumed. Default: null, nowhere.</summary>
    public Checkpoint? Checkpoint { get; init; }

    /// <summary>
    /// The maximum number of threads that share a batch; 0 for the number of processors. A batch that is too small for them is shared by
    /// fewer. The result is the same, bit for bit, for every number. Default: 0.
    /// </summary>
    public int NumberOfThreads { get; init; }

    /// <summary>The instructions to use; null for the widest that the processor supports, or those that the environment selects.</summary>
    internal KernelKind? Kernel { get; init; }

    /// <summary>Whether the last epoch is kept regardless of the losses if there is no validation set.</summary>
    internal bool KeepsLastEpoch { get => field || Optimizer.ChangesItsObjective; init; }

    internal KernelKind KernelInUse => Kernel ?? Kernels.Kernel.Default;

    /// <summary>Whether something is measured on the training set in addition to learning from it.</summary>
    internal bool MeasuresTrainingSet => Optimizer.MeasuresLoss || MinimumGradient is not null;

    /// <summary>Checks the options, like the constructor of <see cref="NetworkTrainer{T}"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message contains its name, its value and the
    /// range.</exception>
    /// <exception cref="ArgumentException">Two options cannot be combined; the message names both.</exception>
    /// <exception cref="ArgumentNullException">An option that must not be null is null.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor does not support the kernel.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Loss);
        ArgumentNullException.ThrowIfNull(Optimizer);
        ArgumentNullException.ThrowIfNull(Regularization);
        ArgumentNullException.ThrowIfNull(Schedule);
        Regularization.Validate();
        Guard.AtLeast(BatchSize, 1);
        Guard.AtLeast(Epochs, 1);
        Guard.AtLeast(EarlyStoppingRounds, 1);
        const string NotNegative = "a finite number, 0 or more, or null";
        Refuse(!IsNotNegativeOrNull(TargetLoss), TargetLoss, NotNegative);
        Refuse(!IsNotNegativeOrNull(MinimumGradient), MinimumGradient, NotNegative);
        Refuse(MaximumUpdates is < 1, MaximumUpdates, "1 or more, or null");
        bool isOutOfReach = TimeBudget <= TimeSpan.Zero || TimeBudget > StopSignal.LongestBudget;
        Refuse(isOutOfReach, TimeBudget, $"above 0 and at most {StopSignal.LongestBudget.Days} days, or null");
        Averaging?.Validate();
        Guard.AtLeast(NumberOfThreads, 0);
        if (Kernel is { } kernel)
        {
            Kernels.Kernel.Check(kernel);
        }

        Optimizer.Validate();
        Optimizer.Check(this);
        Schedule.Validate();
        CheckSchedule();
    }

    /// <summary>
    /// Whether a training can use sparse inputs without their zeros: 0 stays 0 when it is scaled, inputs are not encoded and not masked,
    /// and the optimizer does not read them.
    /// </summary>
    internal bool TakesSparse(ColumnScaling? inputScaling, PiecewiseLinearEncoding? encoding) =>
        inputScaling is null or { KeepsZero: true } && encoding is null
        && Regularization.InputDropout == 0 && Optimizer is not LevenbergMarquardtOptimizer;

    /// <summary>Like <see cref="TakesSparse(ColumnScaling, PiecewiseLinearEncoding)"/>; both sets must be sparse.</summary>
    internal bool TakesSparse<T>(Network<T> network, DataSet<T> training, DataSet<T>? validation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        training.IsSparse && validation is null or { IsSparse: true } && TakesSparse(network.InputScaling, network.InputEncoding);

    /// <summary>Whether all options allow encoded inputs.</summary>
    internal bool TakesEncoding => EncodingClash is null;

    /// <summary>The option that cannot be combined with encoded inputs, and why; null if there is none.</summary>
    private string? EncodingClash => Regularization.InputDropout != 0
        ? $"{nameof(Regularization.InputDropout)} {Regularization.InputDropout}: their codes would remain. "
            + $"Use {nameof(Regularization.HiddenDropout)}"
        : Optimizer is LevenbergMarquardtOptimizer
        ? $"the {nameof(Optimizer)} {Optimizer}: its equations have an unknown for every weight of a code. Use another optimizer"
        : null;

    /// <summary>Throws if an option cannot be combined with encoded inputs.</summary>
    internal void CheckEncoding()
    {
        if (EncodingClash is { } clash)
        {
            throw new ArgumentException($"A network that encodes its inputs cannot be combined with {clash}.");
        }
    }

    /// <summary>Returns the batch size for this number of samples.</summary>
    internal long BatchSizeOn(long rows) => BatchSize == FullBatch ? rows : Math.Min(BatchSize, rows);

    internal TrainingLength LengthOn(long rows)
    {
        long batchSize = BatchSizeOn(rows);
        long updates = (rows + batchSize - 1) / batchSize;
        long most = MaximumUpdates ?? long.MaxValue;
        return new TrainingLength(updates, updates > most / Epochs ? most : updates * Epochs);
    }

    private void CheckSchedule()
    {
        string? clash =
            Schedule is not ConstantSchedule && !Optimizer.TakesSchedule
                ? Optimizer.MeasuresLoss
                    ? $"the {nameof(Optimizer)} {Optimizer}, which adapts the learning rate itself"
                    : $"the {nameof(Optimizer)} {Optimizer}, which has no learning rate to change"
            : Schedule.NeedsLength && Epochs == int.MaxValue && MaximumUpdates is null
                ? $"{nameof(Epochs)} without limit, because it depends on the length of the training. "
                    + $"Set {nameof(Epochs)} or {nameof(MaximumUpdates)}"
            : Schedule is WarmUpSchedule warmUp && warmUp.Epochs >= Epochs
                ? $"{nameof(Epochs)} {Epochs}: the whole training would be warm-up"
            : null;
        if (clash is not null)
        {
            throw new ArgumentException($"The {nameof(Schedule)} {Schedule} cannot be combined with {clash}.", nameof(Schedule));
        }
    }

    private static bool IsNotNegativeOrNull(double? value) => value is null or (>= 0 and < double.PositiveInfinity);

    private static void Refuse(
        bool isWrong, object? value, string right, [CallerArgumentExpression(nameof(value))] string option = "")
    {
        if (isWrong)
        {
            throw Guard.OutOfRange(option, value!, right);
        }
    }
}
