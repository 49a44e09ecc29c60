using System.Numerics;

namespace BpTrainer;

/// <summary>Measures the mean loss over a whole data set with the weights as they are.</summary>
internal sealed class LossMeter<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchSource<T> _source;
    private readonly BackPropagation<T> _backPropagation;
    private readonly Workspace<T> _work;
    private readonly int[] _order;

    public LossMeter(BatchSource<T> source, BackPropagation<T> backPropagation, Workspace<T> work)
    {
        _source = source;
        _backPropagation = backPropagation;
        _work = work;
        _order = [.. Enumerable.Range(0, source.Rows)];
    }

    public double Measure()
    {
        double loss = 0;
        for (int first = 0; first < _order.Length; first += _work.Rows)
        {
            int rows = Math.Min(_work.Rows, _order.Length - first);
            _source.Gather(_work, _order.AsSpan(first, rows), 0, rows, _order.Length);
            _backPropagation.Forward(0, rows);
            _backPropagation.Loss(0, rows);
            loss += _work.SumOfLosses(rows);
        }

        return loss;
    }
}
