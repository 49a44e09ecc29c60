namespace BpTrainer;

/// <summary>0.5 · (1 − cos(2π · log₂(1 + 15·u/N))).</summary>
internal sealed record CosLog4Schedule : LearningRateSchedule
{
    internal override bool NeedsLength => true;

    internal override bool BeginsLow => true;

    internal override double Factor(long update, TrainingLength length) =>
        0.5 * (1 - Math.Cos(2 * Math.PI * Math.Log2(1 + (15.0 * update / length.Updates))));
}
