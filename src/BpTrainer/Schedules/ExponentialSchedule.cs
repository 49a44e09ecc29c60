namespace BpTrainer;

/// <summary>factor^(u/E).</summary>
internal sealed record ExponentialSchedule(double OfEpoch) : LearningRateSchedule
{
    internal override double Factor(long update, TrainingLength length) =>
        Math.Pow(OfEpoch, (double)update / length.UpdatesOfEpoch);

    internal override void Validate() => Guard.Share(OfEpoch, "factor");
}
