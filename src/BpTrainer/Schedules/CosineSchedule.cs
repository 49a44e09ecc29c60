namespace BpTrainer;

/// <summary>floor + (1 − floor) · 0.5 · (1 + cos(π·u/N)).</summary>
internal sealed record CosineSchedule(double Floor) : LearningRateSchedule
{
    internal override bool NeedsLength => true;

    internal override double Factor(long update, TrainingLength length) =>
        HalfWave(1, Floor, (double)update / length.Updates);

    internal override void Validate() => Guard.InRange(Floor, 0, 1, "floor");

    /// <summary>From one number to another along half a cosine wave.</summary>
    /// <param name="from">The number at the share 0.</param>
    /// <param name="to">The number at the share 1.</param>
    /// <param name="share">How far along, in [0, 1].</param>
    public static double HalfWave(double from, double to, double share) =>
        to + ((from - to) * 0.5 * (1 + Math.Cos(Math.PI * share)));
}
