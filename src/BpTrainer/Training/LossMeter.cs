namespace BpTrainer.Training;

/// <summary>Measures the mean loss over a data set with the weights as they are, without dropout.</summary>
internal sealed class LossMeter<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RowPass<T> _pass;
    private readonly BackPropagation<T> _backPropagation;
    private readonly Action<int, int> _compute;

    public LossMeter(RowPass<T> pass, BackPropagation<T> backPropagation)
    {
        _pass = pass;
        _backPropagation = backPropagation;
        _compute = Compute;
    }

    /// <summary>The mean loss of the first samples, at most <paramref name="most"/>; meaningless when cancelled.</summary>
    public double Measure(CancellationToken cancellationToken, long most = long.MaxValue)
    {
        double loss = 0;
        _pass.Restart();
        while (_pass.NextSlice(cancellationToken, most))
        {
            _pass.Run(divisor: 1, _compute);
            loss += _pass.Work.SumOfLosses(_pass.SliceRows);
        }

        return loss / Math.Min(_pass.Rows.Rows, most);
    }

    private void Compute(int first, int end)
    {
        _backPropagation.Forward(first, end);
        _backPropagation.Loss(first, end);
    }
}
