using BpTrainer.Files;
using BpTrainer.Numbers;

namespace BpTrainer.Schedules;

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

/// <summary>Watches the loss of the epochs for a <see cref="PlateauSchedule"/>.</summary>
internal sealed class PlateauWatch(PlateauSchedule figures)
{
    private double _lowest = double.PositiveInfinity;
    private int _failed;
    private double _factor = 1;

    /// <summary>The factor of the next epoch.</summary>
    public double Factor => _factor;

    /// <summary>Takes note of the loss of an epoch.</summary>
    public void Note(double loss)
    {
        if (loss < _lowest * (1 - figures.Threshold))
        {
            _lowest = loss;
            _failed = 0;
        }
        else if (++_failed > figures.Patience)
        {
            _factor = Math.Max(_factor * figures.Shrink, figures.Floor);
            _failed = 0;
        }
    }

    /// <summary>Writes or reads what goes on from epoch to epoch.</summary>
    public void SaveOrLoad(CheckpointState state)
    {
        state.SaveOrLoad(ref _lowest, double.NegativeInfinity, double.PositiveInfinity);
        state.SaveOrLoad(ref _failed, 0, state.Epochs);
        state.SaveOrLoad(ref _factor, 0, 1);
    }
}
