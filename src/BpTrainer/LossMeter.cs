using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>Measures the mean loss over a whole data set with the weights as they are, shared by the threads of a team.</summary>
internal sealed class LossMeter<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchSource<T> _source;
    private readonly BackPropagation<T> _backPropagation;
    private readonly Workspace<T> _work;
    private readonly WorkTeam _team;
    private readonly int[] _order;
    private readonly Action<int> _rowItem;

    private int _first;
    private int _rows;
    private int _rowsOfItem;

    public LossMeter(BatchSource<T> source, BackPropagation<T> backPropagation, Workspace<T> work, WorkTeam team)
    {
        _source = source;
        _backPropagation = backPropagation;
        _work = work;
        _team = team;
        _order = [.. Enumerable.Range(0, source.Rows)];
        _rowItem = RunRows;
    }

    public double Measure()
    {
        double loss = 0;
        for (_first = 0; _first < _order.Length; _first += _rows)
        {
            _rows = Math.Min(_work.Rows, _order.Length - _first);
            _rowsOfItem = WorkItems.Size(_rows, _team.Threads, WorkItems.RowGroup);
            _team.Run(WorkItems.Count(_rows, _rowsOfItem), _rowItem);
            loss += _work.SumOfLosses(_rows);
        }

        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRows(int item)
    {
        int first = item * _rowsOfItem;
        int end = Math.Min(first + _rowsOfItem, _rows);
        _source.Gather(_work, _order, _first, first, end, _order.Length);
        _backPropagation.Forward(first, end);
        _backPropagation.Loss(first, end);
    }
}
