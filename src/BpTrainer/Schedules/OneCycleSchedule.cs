namespace BpTrainer;

/// <summary>From 1/divisor to 1 at update rise·N − 1, then to 1/(divisor·finalDivisor) at the last, along half cosine waves.</summary>
internal sealed record OneCycleSchedule(double Rise, double Divisor, double FinalDivisor) : LearningRateSchedule
{
    internal override bool NeedsLength => true;

    internal override bool BeginsLow => true;

    internal override double Factor(long update, TrainingLength length)
    {
        double peak = Math.Max((Rise * length.Updates) - 1, 0);
        return update < peak
            ? CosineSchedule.HalfWave(1 / Divisor, 1, update / peak)
            : CosineSchedule.HalfWave(1, 1 / (Divisor * FinalDivisor), (update - peak) / Math.Max(length.Updates - 1 - peak, 1));
    }

    internal override void Validate()
    {
        Guard.InnerShare(Rise, "rise");
        Guard.FiniteAtLeast(Divisor, 1, "divisor");
        Guard.FiniteAtLeast(FinalDivisor, 1, "finalDivisor");
    }
}
