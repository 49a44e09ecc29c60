using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// One batch from samples to changed weights, shared by the threads of a team in two jobs: first the rows (gather, forward,
/// loss, backward), then the parameters (gradient, update).
/// </summary>
/// <remarks>
/// A batch that fits the workspace updates each part of the parameters right behind its gradient, while that is in the
/// cache. A larger one goes through in slices, whose gradients add up first.
/// </remarks>
internal sealed unsafe class SharedBatchStep<T> : BatchStep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchSource<T> _source;
    private readonly BackPropagation<T> _backPropagation;
    private readonly Workspace<T> _work;
    private readonly UpdateStep<T> _update;
    private readonly AlignedBuffer<T> _parameters;
    private readonly AlignedBuffer<T> _gradient;
    private readonly ParameterPart[] _parts;
    private readonly WorkTeam _team;
    private readonly Action<int> _rowItem;
    private readonly Action<int> _partItem;
    private readonly int _partsOfItem;
    private readonly int _longestPart;
    private readonly bool _fitsWorkspace;

    private int[] _order = [];
    private int _first;
    private int _rows;
    private int _rowsOfItem;
    private int _batchSize;
    private bool _isFirstSlice;
    private bool _isLastSlice;
    private T _learningRate;

    public SharedBatchStep(
        Network<T> network,
        BatchSource<T> source,
        BackPropagation<T> backPropagation,
        Workspace<T> work,
        UpdateStep<T> update,
        WorkTeam team,
        int batchSize)
    {
        _source = source;
        _backPropagation = backPropagation;
        _work = work;
        _update = update;
        _parameters = network.Parameters;
        _team = team;
        _parts = ParameterPart.Cut(network.Layouts);
        _partsOfItem = WorkItems.Size(_parts.Length, team.Threads, group: 1);
        _longestPart = _parts.Max(part => part.Length);
        _fitsWorkspace = batchSize <= work.Rows;

        // Behind a single slice a gradient is used at once: each item needs room for one part of it only.
        int items = WorkItems.Count(_parts.Length, _partsOfItem);
        _gradient = new AlignedBuffer<T>(_fitsWorkspace ? checked(items * _longestPart) : _parameters.Length);
        _rowItem = RunRows;
        _partItem = RunParts;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Run(int[] order, int first, int count, T learningRate)
    {
        _order = order;
        _batchSize = count;
        _learningRate = learningRate;
        double loss = 0;
        for (int done = 0; done < count; done += _rows)
        {
            _first = first + done;
            _rows = Math.Min(_work.Rows, count - done);
            _isFirstSlice = done == 0;
            _isLastSlice = done + _rows == count;
            _rowsOfItem = WorkItems.Size(_rows, _team.Threads, WorkItems.RowGroup);
            _team.Run(WorkItems.Count(_rows, _rowsOfItem), _rowItem);
            _team.Run(WorkItems.Count(_parts.Length, _partsOfItem), _partItem);
            loss += _work.SumOfLosses(_rows);
        }

        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRows(int item)
    {
        int first = item * _rowsOfItem;
        int end = Math.Min(first + _rowsOfItem, _rows);
        _source.Gather(_work, _order, _first, first, end, _batchSize);
        _backPropagation.Forward(first, end);
        _backPropagation.Loss(first, end);
        _backPropagation.Backward(first, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunParts(int item)
    {
        int first = item * _partsOfItem;
        int end = Math.Min(first + _partsOfItem, _parts.Length);
        for (int p = first; p < end; p++)
        {
            ParameterPart part = _parts[p];
            T* gradient = _gradient.Pointer + (_fitsWorkspace ? item * _longestPart : part.Offset);
            _backPropagation.Gradient(part, gradient, accumulate: !_isFirstSlice, _rows);
            if (_isLastSlice)
            {
                _backPropagation.FinishGradient(part, gradient);
                _update.Apply(_parameters.Pointer + part.Offset, gradient, part.Offset, part.Length, _learningRate);
                _backPropagation.RefreshTransposed(part);
            }
        }
    }
}
