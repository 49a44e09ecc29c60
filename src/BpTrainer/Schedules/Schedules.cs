// The methods of LearningRateSchedule that create the schedules state their formulas.
namespace BpTrainer.Schedules;

internal sealed record CosineSchedule(double Floor) : LearningRateSchedule
{
    internal override bool NeedsLength => true;

    internal override double Factor(long update, TrainingLength length) => HalfWave(1, Floor, (double)update / length.Updates);

    internal override void Validate() => Guard.InRange(Floor, 0, 1, "floor");

    /// <summary>The value between two numbers on half a cosine wave, at the given share, in [0, 1], of its length.</summary>
    public static double HalfWave(double from, double to, double share) => to + ((from - to) * 0.5 * (1 + Math.Cos(Math.PI * share)));
}

internal sealed record CosineRestartsSchedule(int Epochs, int Multiplier, double Floor) : LearningRateSchedule
{
    internal override double Factor(long update, TrainingLength length)
    {
        long period = Epochs * length.UpdatesOfEpoch;
        if (Multiplier == 1)
        {
            update %= period;
        }

        while (update >= period)
        {
            update -= period;
            period *= Multiplier;
        }

        return CosineSchedule.HalfWave(1, Floor, (double)update / period);
    }

    internal override void Validate()
    {
        Guard.AtLeast(Epochs, 1, "epochs");
        Guard.AtLeast(Multiplier, 1, "multiplier");
        Guard.InRange(Floor, 0, 1, "floor");
    }
}

internal sealed record CosLog4Schedule : LearningRateSchedule
{
    internal override bool NeedsLength => true;

    internal override bool BeginsLow => true;

    internal override double Factor(long update, TrainingLength length) =>
        0.5 * (1 - Math.Cos(2 * Math.PI * Math.Log2(1 + (15.0 * update / length.Updates))));
}

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

internal sealed record ConstantSchedule : LearningRateSchedule
{
    internal override double Factor(long update, TrainingLength length) => 1;
}

internal sealed record StepSchedule(int Epochs, double Drop) : LearningRateSchedule
{
    internal override double Factor(long update, TrainingLength length) => Math.Pow(Drop, update / length.UpdatesOfEpoch / Epochs);

    internal override void Validate()
    {
        Guard.AtLeast(Epochs, 1, "epochs");
        Guard.Share(Drop, "factor");
    }
}

internal sealed record InverseScalingSchedule(double Power) : LearningRateSchedule
{
    internal override double Factor(long update, TrainingLength length) => Math.Pow(update + 1, -Power);

    internal override void Validate() => Guard.Share(Power, "power");
}

internal sealed record ExponentialSchedule(double OfEpoch) : LearningRateSchedule
{
    internal override double Factor(long update, TrainingLength length) => Math.Pow(OfEpoch, (double)update / length.UpdatesOfEpoch);

    internal override void Validate() => Guard.Share(OfEpoch, "factor");
}

/// <summary>The factor decreases when the loss no longer decreases; a <see cref="PlateauWatch"/> watches the loss.</summary>
internal sealed record PlateauSchedule(double Shrink, int Patience, double Threshold, double Floor) : LearningRateSchedule
{
    internal override PlateauSchedule Plateau => this;

    /// <summary>The factor does not depend on the update.</summary>
    internal override double Factor(long update, TrainingLength length) => 1;

    internal override void Validate()
    {
        Guard.InnerShare(Shrink, "factor");
        Guard.AtLeast(Patience, 0, "patience");
        Guard.InRange(Threshold, 0, 1, "threshold");
        Guard.InRange(Floor, 0, 1, "floor");
    }
}

internal sealed record WarmUpSchedule(double Epochs, LearningRateSchedule Then) : LearningRateSchedule
{
    internal override bool NeedsLength => Then.NeedsLength;

    internal override bool BeginsLow => true;

    internal override PlateauSchedule? Plateau => Then.Plateau;

    internal override double Factor(long update, TrainingLength length)
    {
        long warmUp = Math.Max((long)Math.Round(Epochs * length.UpdatesOfEpoch), 1);
        return update < warmUp
            ? (update + 1.0) / warmUp
            : Then.Factor(update - warmUp, length with { Updates = length.Updates - warmUp });
    }

    internal override void Validate()
    {
        Guard.PositiveFinite(Epochs, "epochs");
        Guard.Require(
            !Then.BeginsLow,
            $"A warm-up before {Then} does not work: that schedule already begins with small rates.", nameof(TrainingOptions.Schedule));

        Then.Validate();
    }
}
