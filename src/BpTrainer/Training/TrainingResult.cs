using BpTrainer.Stopping;

namespace BpTrainer;

/// <summary>Why a training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were used up.</summary>
    EpochsReached = 0,

    /// <summary>The training loss reached the target loss.</summary>
    TargetLossReached = 1,

    /// <summary>The validation loss did not improve for the number of checks allowed.</summary>
    EarlyStopping = 2,

    /// <summary>The cancellation token was cancelled.</summary>
    Cancelled = 3,

    /// <summary>The loss, its gradient or a parameter was no longer a finite number; usually the learning rate is too large.</summary>
    NonFinite = 4,

    /// <summary>The gradient became so small that nothing is left to learn: MATLAB's "minimum gradient reached".</summary>
    MinimumGradientReached = 5,

    /// <summary>The damping μ of Levenberg–Marquardt went above its maximum: MATLAB's "maximum mu reached".</summary>
    MaximumDampingReached = 6,

    /// <summary>A line search found no lower loss; usually the loss is as low as the precision of its numbers lets it be.</summary>
    NoLowerLossFound = 7,

    /// <summary>All updates were used up.</summary>
    UpdatesReached = 8,

    /// <summary>The time budget was used up; an epoch that was not complete does not count.</summary>
    TimeBudgetReached = 9,

    /// <summary>The callback called <see cref="EpochProgress{T}.Stop"/>.</summary>
    StopRequested = 10,

    /// <summary>All samples were of one class: the network always predicts it, without having been trained.</summary>
    OneClass = 11,
}

/// <summary>What <see cref="Optimizer.BayesianRegularization"/> found: the weights of its objective β E_D + α E_W.</summary>
/// <param name="Alpha">α, the weight of the sum of the squares of all parameters; 1 / (2α) is the variance of the parameters.</param>
/// <param name="Beta">β, the weight of the sum of the squared errors; 1 / (2β) is the variance of the noise in the targets, as the network
/// sees them: scaled, and with <see cref="Loss.MeanSquaredError"/> times 2 / m for m outputs.</param>
/// <param name="EffectiveParameters">γ, the number of parameters that the data determine: from 0 to <paramref name="Parameters"/>.</param>
/// <param name="Parameters">N, the number of weights, biases and slopes that are trained.</param>
public sealed record BayesianFigures(double Alpha, double Beta, double EffectiveParameters, int Parameters);

/// <summary>What a training did.</summary>
/// <param name="StopReason">Why it ended.</param>
/// <param name="History">Every epoch, in order.</param>
/// <param name="BestEpoch">The epoch whose weights the network now has; 0 for the weights before training.</param>
/// <param name="Threads">The threads that shared the work; fewer than allowed when a batch is too small to share.</param>
public sealed record TrainingResult(StopReason StopReason, TrainingHistory History, int BestEpoch, int Threads)
{
    /// <summary>
    /// The loss of the weights that the network now has, by which their epoch is the best: the validation loss, or without a validation set
    /// the training loss with penalties. Infinite when no epoch was good.
    /// </summary>
    /// <remarks>
    /// A training loss is measured where the optimizer does so anyway. Else it is an estimate between the losses of the batches before and
    /// behind the end of the epoch, exact where all samples are one batch; for the last epoch it is that of its own batches.
    /// </remarks>
    public double Loss { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// The validation loss of the best prediction that is the same for every sample, such as the mean of the targets; null without a
    /// validation set. A network has learned nothing from its inputs before its validation loss is below: see
    /// <see cref="TrainingOptions.EarlyStoppingRounds"/>.
    /// </summary>
    public double? ConstantLoss { get; init; }

    /// <summary>
    /// What <see cref="Optimizer.BayesianRegularization"/> had found after <see cref="BestEpoch"/>; null with other optimizers.
    /// </summary>
    public BayesianFigures? BayesianRegularization { get; init; }

    internal KernelKind Kernel { get; init; }

    /// <summary>
    /// What the optimizer remembered when the network had the weights that it is left with, for another training to start from; null unless
    /// <see cref="TrainingOptions.KeepOptimizerState"/> is set.
    /// </summary>
    public OptimizerState? OptimizerState { get; init; }

    /// <summary>
    /// What the user should know and might not see, usually nothing: each with an id, which is the same word for the same kind of warning,
    /// such as <c>NonFinite</c>, and a text of a sentence or two.
    /// </summary>
    public IReadOnlyList<(string Id, string Text)> Warnings { get; init; } = [];
}
