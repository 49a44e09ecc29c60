namespace BpTrainer;

/// <summary>Early stopping: counts the epochs in a row whose validation loss was no new low.</summary>
internal sealed class ValidationCheck(int allowed)
{
    private double _lowest = double.PositiveInfinity;
    private int _failed;

    /// <summary>Whether as many epochs failed as are allowed.</summary>
    public bool IsExhausted => _failed >= allowed;

    /// <summary>Takes note of the loss of an epoch.</summary>
    /// <returns>Whether it is a new low.</returns>
    public bool Improves(double loss)
    {
        if (loss < _lowest)
        {
            _lowest = loss;
            _failed = 0;
            return true;
        }

        _failed++;
        return false;
    }

    /// <summary>Writes or reads what goes on from epoch to epoch.</summary>
    public void Exchange(CheckpointState state)
    {
        state.Exchange(ref _lowest, double.NegativeInfinity, double.PositiveInfinity);
        state.Exchange(ref _failed, 0, state.Epochs);
    }
}
