namespace BpTrainer;

/// <summary>
/// How a hidden layer grows: from how many units, by how many at a time, and for how long. The network that is described with it says how
/// many it may have.
/// </summary>
public sealed record GrowthOptions
{
    /// <summary>The units to begin with; 1 or more. Default 1.</summary>
    public int First { get; init; } = 1;

    /// <summary>The units that a stage adds; 1 or more. Default 1.</summary>
    public int Step { get; init; } = 1;

    /// <summary>
    /// The share by which a stage must lower the loss, against the best stage so far, for its units to be worth it; at least 0 and below 1.
    /// Default 0.01.
    /// </summary>
    public double LeastGain { get; init; } = 0.01;

    /// <summary>
    /// Growth ends after this many stages in a row that were not worth it; 1 or more. Default 2: there are problems that one more unit does
    /// not help with, but two do.
    /// </summary>
    public int Rounds { get; init; } = 2;

    /// <summary>Checks the figures, as the constructor of a <see cref="GrowingTrainer{T}"/> does.</summary>
    /// <param name="most">The most units that the hidden layer may have.</param>
    /// <exception cref="ArgumentOutOfRangeException">A figure is out of its range; the message names it, its value and the
    /// range.</exception>
    public void Validate(int most)
    {
        Guard.AtLeast(First, 1);
        Guard.AtLeast(Step, 1);
        Guard.InRange(LeastGain, 0, 1);
        Guard.AtLeast(Rounds, 1);
        if (First > most)
        {
            throw Guard.OutOfRange(nameof(First), First, $"at most {most}, the units that the hidden layer may have");
        }
    }
}

/// <summary>A stage of a growing network: a training with one number of hidden units.</summary>
/// <param name="Units">The number of hidden units.</param>
/// <param name="Epochs">The number of its epochs.</param>
/// <param name="BestEpoch">The best of them, counted from the first epoch of the first stage; 0 if none was good.</param>
/// <param name="TrainingLoss">The training loss of the best epoch; infinite if none was good.</param>
/// <param name="ValidationLoss">The validation loss after it; null without a validation set.</param>
/// <param name="StopReason">Why the stage ended.</param>
public sealed record GrowthStage(
    int Units, int Epochs, int BestEpoch, double TrainingLoss, double? ValidationLoss, StopReason StopReason);

/// <summary>A network that has grown, and how.</summary>
/// <param name="Network">The network of the best stage.</param>
/// <param name="Training">
/// All stages as one training: its history counts epochs and seconds on from stage to stage, its best epoch is the one whose weights the
/// network has, its stop reason that of the last stage.
/// </param>
/// <param name="Stages">Every stage, in order; the last ones may be ones that were not worth it.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed record GrowingResult<T>(Network<T> Network, TrainingResult Training, IReadOnlyList<GrowthStage> Stages)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
