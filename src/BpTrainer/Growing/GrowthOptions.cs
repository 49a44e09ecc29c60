namespace BpTrainer;

/// <summary>
/// How a hidden layer grows: how many units it begins with, how many are added at a time, and when growth ends. The description of the
/// network sets the maximum number of units.
/// </summary>
public sealed record GrowthOptions
{
    /// <summary>The number of units to begin with; 1 or more. Default: 1.</summary>
    public int First { get; init; } = 1;

    /// <summary>The number of units that a stage adds; 1 or more. Default: 1.</summary>
    public int Step { get; init; } = 1;

    /// <summary>
    /// The share by which a stage must lower the loss, compared with the best stage so far, for its units to be worth it; at least 0 and
    /// below 1. Default: 0.01.
    /// </summary>
    public double LeastGain { get; init; } = 0.01;

    /// <summary>
    /// Growth ends after this many stages in a row that were not worth their units; 1 or more. Default: 2, because in some problems one
    /// more unit does not help, but two do.
    /// </summary>
    public int Rounds { get; init; } = 2;

    /// <summary>Checks the values, like the constructor of a <see cref="GrowingTrainer{T}"/>.</summary>
    /// <param name="most">The maximum number of units of the hidden layer.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the message names the option, its value and the
    /// range.</exception>
    public void Validate(int most)
    {
        Guard.AtLeast(First, 1);
        Guard.AtLeast(Step, 1);
        Guard.InRange(LeastGain, 0, 1);
        Guard.AtLeast(Rounds, 1);
        if (First > most)
        {
            throw Guard.OutOfRange(nameof(First), First, $"at most {most}, the maximum number of units of the hidden layer");
        }
    }
}

/// <summary>A stage of a growing network: a training with one number of hidden units.</summary>
/// <param name="Units">The number of hidden units.</param>
/// <param name="Epochs">The number of epochs.</param>
/// <param name="BestEpoch">The best epoch, counted from the first epoch of the first stage; 0 if no epoch was good.</param>
/// <param name="TrainingLoss">The training loss of the best epoch; infinite if no epoch was good.</param>
/// <param name="ValidationLoss">The validation loss after the best epoch; null without a validation set.</param>
/// <param name="StopReason">Why the stage ended.</param>
public sealed record GrowthStage(
    int Units, int Epochs, int BestEpoch, double TrainingLoss, double? ValidationLoss, StopReason StopReason);

/// <summary>A network that has grown, with its training and its stages.</summary>
/// <param name="Network">The network of the best stage.</param>
/// <param name="Training">
/// All stages as one training: its history counts epochs and seconds across stages, its best epoch is the one whose weights the network
/// has, and its stop reason is that of the last stage.
/// </param>
/// <param name="Stages">Every stage, in order; the last ones may not have been worth their units.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed record GrowingResult<T>(Network<T> Network, TrainingResult Training, IReadOnlyList<GrowthStage> Stages)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
