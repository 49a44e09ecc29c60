namespace BpTrainer;

/// <summary>The factor shrinks when the loss stands still; a <see cref="PlateauWatch"/> looks at it.</summary>
internal sealed record PlateauSchedule(double Shrink, int Patience, double Threshold, double Floor) : LearningRateSchedule
{
    internal override PlateauSchedule Plateau => this;

    /// <summary>What is a matter of updates: nothing.</summary>
    internal override double Factor(long update, TrainingLength length) => 1;

    internal override void Validate()
    {
        Guard.InnerShare(Shrink, "factor");
        Guard.AtLeast(Patience, 0, "patience");
        Guard.InRange(Threshold, 0, 1, "threshold");
        Guard.InRange(Floor, 0, 1, "floor");
    }
}
