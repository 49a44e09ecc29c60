namespace BpTrainer;

/// <summary>1 / (u + 1)^power.</summary>
internal sealed record InverseScalingSchedule(double Power) : LearningRateSchedule
{
    internal override double Factor(long update, TrainingLength length) => Math.Pow(update + 1, -Power);

    internal override void Validate() => Guard.Share(Power, "power");
}
