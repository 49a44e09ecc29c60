using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Data;
using BpTrainer.Threads;

namespace BpTrainer.Training;

/// <summary>Measures the mean loss over a whole data set with the weights as they are, shared by the threads of a team.</summary>
internal sealed class LossMeter<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingRows<T> _feed;
    private readonly BatchSource<T> _source;
    private readonly BackPropagation<T> _backPropagation;
    private readonly Workspace<T> _work;
    private readonly WorkTeam _team;
    private readonly SampleOrder<T> _order;
    private readonly Action<int> _rowItem;

    private int[] _samples = [];
    private int _first;
    private int _rows;
    private int _rowsOfItem;

    public LossMeter(TrainingRows<T> feed, BatchSource<T> source, BackPropagation<T> backPropagation, Workspace<T> work, WorkTeam team)
    {
        _feed = feed;
        _source = source;
        _backPropagation = backPropagation;
        _work = work;
        _team = team;
        _order = new SampleOrder<T>(feed.Block);
        _rowItem = RunRows;
    }

    /// <summary>Goes once through the samples. When cancelled it ends early, and what it returns is of no use.</summary>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <param name="most">The most samples to look at: the first ones.</param>
    public double Measure(CancellationToken cancellationToken, long most = long.MaxValue)
    {
        double loss = 0;
        long seen = 0;
        int rows;
        _feed.Restart(isShuffled: false);
        while (seen < most && (rows = _feed.Next(cancellationToken, (int)Math.Min(most - seen, int.MaxValue))) > 0)
        {
            seen += rows;
            _samples = _order.For(rows);
            for (_first = 0; _first < rows && !cancellationToken.IsCancellationRequested; _first += _rows)
            {
                _rows = Math.Min(_work.Rows, rows - _first);
                _source.Begin(_work, _samples, _first, _rows);
                _rowsOfItem = WorkItems.Size(_rows, _team.Threads, WorkItems.RowGroup);
                _team.Run(WorkItems.Count(_rows, _rowsOfItem), _rowItem);
                loss += _work.SumOfLosses(_rows);
            }
        }

        return loss / Math.Min(_feed.Rows, most);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRows(int item)
    {
        int first = item * _rowsOfItem;
        int end = Math.Min(first + _rowsOfItem, _rows);
        // A "batch" of 1: the losses add up to their sum, not to their mean.
        _source.Gather(_work, _samples, _first, first, end, batchSize: 1);
        _backPropagation.Forward(first, end);
        _backPropagation.Loss(first, end);
    }
}
