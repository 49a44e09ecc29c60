using BpTrainer.Numbers;

namespace BpTrainer.Schedules;

/// <summary>(u + 1)/W in the first W updates, then another schedule for the rest.</summary>
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
        if (Then.BeginsLow)
        {
            throw new ArgumentException($"A warm-up in front of {Then} makes no sense: that schedule begins with small rates itself.", nameof(TrainingOptions.Schedule));
        }

        Then.Validate();
    }
}
