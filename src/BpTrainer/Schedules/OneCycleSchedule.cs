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
        if (!(Rise > 0 && Rise < 1))
        {
            throw Guard.OutOfRange("rise", Rise, "above 0 and below 1");
        }

        CheckDivisor(Divisor, "divisor");
        CheckDivisor(FinalDivisor, "finalDivisor");
    }

    private static void CheckDivisor(double divisor, string name)
    {
        if (!(divisor >= 1 && double.IsFinite(divisor)))
        {
            throw Guard.OutOfRange(name, divisor, "a finite number, 1 or more");
        }
    }
}
