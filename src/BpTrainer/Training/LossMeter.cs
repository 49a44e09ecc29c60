namespace BpTrainer.Training;

/// <summary>Measures the mean loss over a whole data set with the weights as they are, without dropout.</summary>
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

    /// <summary>Goes once through the samples. The result of a cancelled pass has no meaning.</summary>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <param name="most">The most samples to measure: the first ones.</param>
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compute(int first, int end)
    {
        _backPropagation.Forward(first, end);
        _backPropagation.Loss(first, end);
    }
}
