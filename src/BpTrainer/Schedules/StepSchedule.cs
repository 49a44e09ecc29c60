namespace BpTrainer;

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
