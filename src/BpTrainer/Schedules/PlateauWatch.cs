namespace BpTrainer;

/// <summary>Watches the loss of the epochs for a <see cref="PlateauSchedule"/>.</summary>
internal sealed class PlateauWatch(PlateauSchedule figures)
{
    private double _lowest = double.PositiveInfinity;
    private int _failed;

    /// <summary>The factor of the next epoch.</summary>
    public double Factor { get; private set; } = 1;

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
            Factor = Math.Max(Factor * figures.Shrink, figures.Floor);
            _failed = 0;
        }
    }
}
