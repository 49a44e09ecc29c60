namespace BpTrainer;

/// <summary>1.</summary>
internal sealed record ConstantSchedule : LearningRateSchedule
{
    internal override double Factor(long update, TrainingLength length) => 1;
}
