using BpTrainer.Numbers;

namespace BpTrainer.Schedules;

/// <summary>1.</summary>
internal sealed record ConstantSchedule : LearningRateSchedule
{
    internal override double Factor(long update, TrainingLength length) => 1;
}

/// <summary>factor^⌊u / (epochs·E)⌋.</summary>
internal sealed record StepSchedule(int Epochs, double Drop) : LearningRateSchedule
{
    internal override double Factor(long update, TrainingLength length) =>
        Math.Pow(Drop, update / length.UpdatesOfEpoch / Epochs);

    internal override void Validate()
    {
        Guard.AtLeast(Epochs, 1, "epochs");
        Guard.Share(Drop, "factor");
    }
}

/// <summary>1 / (u + 1)^power.</summary>
internal sealed record InverseScalingSchedule(double Power) : LearningRateSchedule
{
    internal override double Factor(long update, TrainingLength length) => Math.Pow(update + 1, -Power);

    internal override void Validate() => Guard.Share(Power, "power");
}

/// <summary>factor^(u/E).</summary>
internal sealed record ExponentialSchedule(double OfEpoch) : LearningRateSchedule
{
    internal override double Factor(long update, TrainingLength length) =>
        Math.Pow(OfEpoch, (double)update / length.UpdatesOfEpoch);

    internal override void Validate() => Guard.Share(OfEpoch, "factor");
}
