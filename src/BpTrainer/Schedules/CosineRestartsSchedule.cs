namespace BpTrainer;

/// <summary>floor + (1 − floor) · 0.5 · (1 + cos(π·v/P)), v updates after the last restart in a period of P.</summary>
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
