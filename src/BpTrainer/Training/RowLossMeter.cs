namespace BpTrainer.Training;

/// <summary>Measures the loss of rows on this machine.</summary>
internal sealed class RowLossMeter<T> : LossMeter<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RowPass<T> _pass;
    private readonly BackPropagation<T> _backPropagation;
    private readonly Action<int, int> _compute;

    public RowLossMeter(RowPass<T> pass, BackPropagation<T> backPropagation)
    {
        _pass = pass;
        _backPropagation = backPropagation;
        _compute = Compute;
    }

    public override double Measure(CancellationToken cancellationToken, long most = long.MaxValue) =>
        Sum(cancellationToken, most) / Math.Min(_pass.Rows.Rows, most);

    /// <summary>Returns the sum of the losses of the first samples; only of some of them if cancelled.</summary>
    public double Sum(CancellationToken cancellationToken, long most)
    {
        double loss = 0;
        _pass.Restart();
        while (_pass.NextSlice(cancellationToken, most))
        {
            _pass.Run(divisor: 1, _compute);
            loss += _pass.Work.SumOfLosses(_pass.SliceRows);
        }

        return loss;
    }

    private void Compute(int first, int end)
    {
        _backPropagation.Forward(first, end);
        _backPropagation.Loss(first, end);
    }
}
