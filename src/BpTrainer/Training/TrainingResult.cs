using BpTrainer.Stopping;

namespace BpTrainer;

/// <summary>The reason why a training ended.</summary>
public enum StopReason
{
    /// <summary>The maximum number of epochs was reached.</summary>
    EpochsReached = 0,

    /// <summary>The training loss reached the target loss.</summary>
    TargetLossReached = 1,

    /// <summary>The validation loss did not improve for the allowed number of validation checks.</summary>
    EarlyStopping = 2,

    /// <summary>The cancellation token was cancelled.</summary>
    Cancelled = 3,

    /// <summary>The loss, its gradient or a parameter became NaN or infinite; usually the learning rate is too large.</summary>
    NonFinite = 4,

    /// <summary>The gradient became so small that there is nothing left to learn: MATLAB's "minimum gradient reached".</summary>
    MinimumGradientReached = 5,

    /// <summary>The damping μ of Levenberg–Marquardt went above its maximum: MATLAB's "maximum mu reached".</summary>
    MaximumDampingReached = 6,

    /// <summary>A line search found no lower loss; usually the loss is as low as the precision of the numbers allows.</summary>
    NoLowerLossFound = 7,

    /// <summary>The maximum number of updates was reached.</summary>
    UpdatesReached = 8,

    /// <summary>The time budget was reached; an incomplete epoch does not count.</summary>
    TimeBudgetReached = 9,

    /// <summary>The callback called <see cref="EpochProgress{T}.Stop"/>.</summary>
    StopRequested = 10,

    /// <summary>All samples belonged to one class. The network always predicts this class and was not trained.</summary>
    OneClass = 11,
}

/// <summary>The results of <see cref="Optimizer.BayesianRegularization"/>: the weights of its objective β E_D + α E_W.</summary>
/// <param name="Alpha">α, the weight of the sum of the squares of all parameters; 1 / (2α) is the variance of the parameters.</param>
/// <param name="Beta">β, the weight of the sum of the squared errors; 1 / (2β) is the variance of the noise in the scaled targets,
/// multiplied by 2 / m for m outputs with <see cref="Loss.MeanSquaredError"/>.</param>
/// <param name="EffectiveParameters">γ, the number of parameters that the data determines: from 0 to <paramref name="Parameters"/>.</param>
/// <param name="Parameters">N, the number of weights, biases and slopes that are trained.</param>
public sealed record BayesianFigures(double Alpha, double Beta, double EffectiveParameters, int Parameters);

/// <summary>The result of a training.</summary>
/// <param name="StopReason">Why it ended.</param>
/// <param name="History">Every epoch, in order.</param>
/// <param name="BestEpoch">The epoch whose weights the network now has; 0 for the weights before training.</param>
/// <param name="Threads">The number of threads that shared the work; fewer than allowed if a batch is too small to share.</param>
public sealed record TrainingResult(StopReason StopReason, TrainingHistory History, int BestEpoch, int Threads)
{
    /// <summary>
    /// The loss of the weights that the network now has, which made their epoch the best: the validation loss, or, without a validation
    /// set, the training loss with penalties. Infinite if no epoch was kept.
    /// </summary>
    /// <remarks>
    /// A training loss is measured if the optimizer does so anyway. Otherwise it is an estimate between the losses of the batches before
    /// and after the end of the epoch, which is exact if all samples are one batch; for the last epoch, it is the loss of its own batches.
    /// </remarks>
    public double Loss { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// The validation loss of the best prediction that is the same for every sample, such as the mean of the targets; null without a
    /// validation set. As long as its validation loss is not below this value, a network has learned nothing from its inputs; see
    /// <see cref="TrainingOptions.EarlyStoppingRounds"/>.
    /// </summary>
    public double? ConstantLoss { get; init; }

    /// <summary>
    /// The results of <see cref="Optimizer.BayesianRegularization"/> after <see cref="BestEpoch"/>; null with other optimizers.
    /// </summary>
    public BayesianFigures? BayesianRegularization { get; init; }

    internal KernelKind Kernel { get; init; }

    /// <summary>
    /// The optimizer state that belongs to the final weights, from which another training can start; null unless
    /// <see cref="TrainingOptions.KeepOptimizerState"/> is set.
    /// </summary>
    public OptimizerState? OptimizerState { get; init; }

    /// <summary>
    /// Warnings that the user might otherwise miss; usually there are none. Each has an id, which is always the same for the same kind of
    /// warning, such as <c>NonFinite</c>, and a text of one or two sentences.
    /// </summary>
    public IReadOnlyList<(string Id, string Text)> Warnings { get; init; } = [];
}
