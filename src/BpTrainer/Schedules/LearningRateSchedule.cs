using BpTrainer.Schedules;

namespace BpTrainer;

/// <summary>How the learning rate changes during a training, as a factor on <see cref="Optimizer.LearningRate"/>.</summary>
/// <remarks>
/// In the formulas, u is the number of updates so far, E is the number of updates in an epoch, and N is the number of updates in the whole
/// training: those of the allowed epochs, or <see cref="TrainingOptions.MaximumUpdates"/> if that is less. The factor is computed before
/// every update; with batches of fewer than 32 samples, only after every 32 samples, because computing a cosine takes as long as training a
/// small network on one sample. A training that stops early uses only the beginning of its schedule.
/// </remarks>
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule()
    {
    }

    /// <summary>The rate does not change: factor 1.</summary>
    public static LearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>
    /// 0.5 · (1 − cos(2π · log₂(1 + 15·u/N))): four humps, each twice as long as the one before. The schedule of RealMLP (Holzmüller,
    /// Grinsztajn and Steinwart, arXiv 2407.04491).
    /// </summary>
    public static LearningRateSchedule CosLog4 { get; } = new CosLog4Schedule();

    /// <summary>The rate drops every few epochs: factor^⌊u / (epochs·E)⌋.</summary>
    /// <param name="epochs">The number of epochs of a step; 1 or more.</param>
    /// <param name="factor">The factor by which the rate is multiplied at the end of a step; above 0 and at most 1. Default: 0.1.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule Step(int epochs, double factor = 0.1) => new StepSchedule(epochs, factor);

    /// <summary>1 / (u + 1)^power, the "invscaling" of scikit-learn's SGDRegressor, where t = u + 1.</summary>
    /// <param name="power">The exponent; above 0 and at most 1. Default: 0.25.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule InverseScaling(double power = 0.25) => new InverseScalingSchedule(power);

    /// <summary>factor^(u/E): every epoch multiplies the rate by the factor, in equal steps.</summary>
    /// <param name="factor">The factor by which an epoch multiplies the rate; above 0 and at most 1. Default: 0.95.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule Exponential(double factor = 0.95) => new ExponentialSchedule(factor);

    /// <summary>From 1 down to a floor along half a cosine wave: floor + (1 − floor) · 0.5 · (1 + cos(π·u/N)).</summary>
    /// <param name="floor">The factor at the end; in [0, 1). Default: 0.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule Cosine(double floor = 0) => new CosineSchedule(floor);

    /// <summary>
    /// The cosine with restarts (SGDR; Loshchilov and Hutter, arXiv 1608.03983): floor + (1 − floor) · 0.5 · (1 + cos(π·v/P)), where v is
    /// the number of updates since the last restart and P the number of updates in the period.
    /// </summary>
    /// <param name="epochs">The length of the first period in epochs; 1 or more.</param>
    /// <param name="multiplier">Each period is this many times as long as the one before; 1 or more. Default: 2.</param>
    /// <param name="floor">The factor at the end of a period; in [0, 1). Default: 0.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule CosineRestarts(int epochs, int multiplier = 2, double floor = 0) =>
        new CosineRestartsSchedule(epochs, multiplier, floor);

    /// <summary>
    /// One cycle (Smith and Topin, arXiv 1708.07120) in the form of PyTorch, with two half cosine waves: from 1/divisor up to 1, then down
    /// to 1/(divisor·finalDivisor). <see cref="Optimizer.LearningRate"/> is the peak.
    /// </summary>
    /// <param name="rise">The share of the training in which the rate rises; above 0 and below 1. Default: 0.3.</param>
    /// <param name="divisor">The peak divided by the first rate; finite, 1 or more. Default: 25.</param>
    /// <param name="finalDivisor">The first rate divided by the last rate; finite, 1 or more. Default: 10,000.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule OneCycle(double rise = 0.3, double divisor = 25, double finalDivisor = 1e4) =>
        new OneCycleSchedule(rise, divisor, finalDivisor);

    /// <summary>
    /// The rate decreases when the loss no longer decreases. The loss is that of the validation set or, without one, that of the training
    /// set; it is checked after every epoch.
    /// </summary>
    /// <param name="factor">The factor by which the rate is multiplied; above 0 and below 1. Default: 0.1.</param>
    /// <param name="patience">The number of epochs in a row without a new low that are tolerated; the next such epoch lowers the rate. 0 or
    /// more. Default: 10.</param>
    /// <param name="threshold">A loss is a new low if it is below (1 − threshold) times the lowest loss; in [0, 1). Default:
    /// 0.0001.</param>
    /// <param name="floor">The lowest factor; in [0, 1). Default: 0.</param>
    /// <returns>The schedule. The defaults are those of PyTorch's ReduceLROnPlateau.</returns>
    public static LearningRateSchedule ReduceOnPlateau(double factor = 0.1, int patience = 10, double threshold = 1e-4, double floor = 0) =>
        new PlateauSchedule(factor, patience, threshold, floor);

    /// <summary>
    /// Puts a linear warm-up before this schedule: the factor is (u + 1)/W in the first W updates. This schedule begins after the warm-up
    /// and has the remaining N − W updates.
    /// </summary>
    /// <param name="epochs">The length of the warm-up in epochs, finite and above 0. W is epochs·E, rounded, but at least one
    /// update.</param>
    /// <returns>The schedule.</returns>
    public LearningRateSchedule WithWarmUp(double epochs) => new WarmUpSchedule(epochs, this);

    /// <summary>Whether the schedule depends on the length of the training.</summary>
    internal virtual bool NeedsLength => false;

    /// <summary>Whether the schedule itself begins with small rates.</summary>
    internal virtual bool BeginsLow => false;

    /// <summary>The part of the schedule that watches the loss; null if there is none.</summary>
    internal virtual PlateauSchedule? Plateau => null;

    /// <summary>The factor after u updates; the length is E and N.</summary>
    internal abstract double Factor(long update, TrainingLength length);

    /// <summary>Throws if a parameter is out of its range.</summary>
    internal virtual void Validate()
    {
    }
}
