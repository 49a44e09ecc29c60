using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Data;
using BpTrainer.Files;
using BpTrainer.Kernels;
using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Regularizers;
using BpTrainer.Threads;

namespace BpTrainer.Training;

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
    private readonly OptimizerStep<T> _update;
    private readonly AlignedBuffer<T> _parameters;
    private readonly AlignedBuffer<T>? _memory;
    private readonly AlignedBuffer<T> _gradient;
    private readonly ParameterPart[] _parts;
    private readonly WorkTeam _team;
    private readonly Action<int> _rowItem;
    private readonly Action<int> _partItem;
    private readonly Action<int> _updateItem;
    private readonly Action<int> _boundItem;
    private readonly Regularizer<T>? _regularizer;
    private readonly DropoutMasks<T>? _dropout;
    private readonly DeferredRows<T>? _deferred;
    private readonly T _biasRateFactor;
    private readonly double[] _sumsOfSquares;
    private readonly int _longestPart;
    private readonly bool _updatesAtOnce;

    private int[] _order = [];
    private int _first;
    private int _rows;
    private int _rowsOfItem;
    private int _touched;
    private int _partsOfItem;
    private int _batchSize;
    private bool _isFirstSlice;
    private bool _isLastSlice;
    private T _learningRate;
    private T _clipFactor = T.One;

    public SharedBatchStep(
        Network<T> network,
        BatchSource<T> source,
        BackPropagation<T> backPropagation,
        Workspace<T> work,
        OptimizerStep<T> update,
        TrainingOptions options,
        WorkTeam team,
        int batchSize)
    {
        _source = source;
        _backPropagation = backPropagation;
        _work = work;
        _update = update;
        _parameters = network.Parameters;
        _memory = update.Memory.FirstOrDefault();
        _team = team;
        _regularizer = options.Regularization.ChangesUpdates ? new Regularizer<T>(options.Regularization, options.KernelInUse) : null;
        _dropout = DropoutMasks<T>.For(network, options, Math.Min(batchSize, work.Rows));
        _biasRateFactor = T.CreateChecked(options.Optimizer.BiasRateFactor);
        _updatesAtOnce = batchSize <= work.Rows && _regularizer is not { NeedsWholeGradient: true };
        _deferred = _updatesAtOnce && _regularizer is null && update.CanCatchUp && !network.Layouts[0].IsNarrow && work.SparseInputs is { } batch
            ? new DeferredRows<T>(network, update, batch, team)
            : null;
        ParameterPart[] parts = ParameterPart.Cut(network.Layouts);
        _parts = _deferred is null ? parts : Array.FindAll(parts, part => part is not { Layer: 0, Kind: ParameterKind.Weights });
        _longestPart = parts.Max(part => part.Length);
        _sumsOfSquares = new double[_parts.Length];

        // A gradient that is used at once needs room for one part of it an item only.
        int items = _deferred is null
            ? WorkItems.Count(parts.Length, WorkItems.Size(parts.Length, team.Threads, group: 1))
            : WorkItems.Most(team.Threads);
        _gradient = new AlignedBuffer<T>(_updatesAtOnce ? checked(items * _longestPart) : _parameters.Length);
        _rowItem = RunRows;
        _partItem = RunParts;
        _updateItem = UpdateParts;
        _boundItem = BoundLayer;
    }

    public override void SaveOrLoad(CheckpointState state) => _dropout?.SaveOrLoad(state);

    public override void Finish() => _deferred?.Finish();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Run(int[] order, int first, int count, T learningRate)
    {
        _order = order;
        _batchSize = count;
        _learningRate = learningRate;
        double loss = 0;
        _dropout?.StartUpdate();
        for (int done = 0; done < count; done += _rows)
        {
            _first = first + done;
            _rows = Math.Min(_work.Rows, count - done);
            _dropout?.StartSlice(done);
            _isFirstSlice = done == 0;
            _isLastSlice = done + _rows == count;
            BeginSlice();
            _rowsOfItem = WorkItems.Size(_rows, _team.Threads, WorkItems.RowGroup);
            _team.Run(WorkItems.Count(_rows, _rowsOfItem), _rowItem);
            loss += _work.SumOfLosses(_rows);
            if (_isLastSlice)
            {
                _update.Begin(loss);
                _deferred?.Note(learningRate);
            }

            _team.Run(WorkItems.Count(_touched + _parts.Length, _partsOfItem), _partItem);
        }

        if (_regularizer is not null)
        {
            FinishRegularized(_regularizer);
        }

        return loss;
    }

    /// <summary>Brings sparse inputs, and the weights that they need, to the state that the slice begins with.</summary>
    private void BeginSlice()
    {
        _source.Begin(_work, _order, _first, _rows);
        _work.SparseInputs?.Transpose();
        _deferred?.Begin();
        _touched = _deferred is null ? 0 : _work.SparseInputs!.TouchedCount;
        _partsOfItem = WorkItems.Size(_touched + _parts.Length, _team.Threads, group: 1);
    }

    private void FinishRegularized(Regularizer<T> regularizer)
    {
        if (regularizer.NeedsWholeGradient)
        {
            _clipFactor = regularizer.ClipFactor(_sumsOfSquares.Sum());
            _team.Run(WorkItems.Count(_parts.Length, _partsOfItem), _updateItem);
        }

        if (regularizer.BoundsNorms)
        {
            _team.Run(_backPropagation.Layouts.Length, _boundItem);
            _backPropagation.RefreshTransposed();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRows(int item)
    {
        int first = item * _rowsOfItem;
        int end = Math.Min(first + _rowsOfItem, _rows);
        _source.Gather(_work, _order, _first, first, end, _batchSize);
        _backPropagation.Forward(first, end, _dropout);
        _backPropagation.Loss(first, end);
        _backPropagation.Backward(first, end, _dropout);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunParts(int item)
    {
        int first = item * _partsOfItem;
        int end = Math.Min(first + _partsOfItem, _touched + _parts.Length);
        fixed (T* parameters = _parameters, gradients = _gradient, memory = _memory)
        {
            for (int p = first; p < end; p++)
            {
                if (p < _touched)
                {
                    UpdateRow(_work.SparseInputs!.Touched[p], parameters, gradients + (item * _longestPart), memory);
                    continue;
                }

                ParameterPart part = _parts[p - _touched];
                T* gradient = gradients + (_updatesAtOnce ? item * _longestPart : part.Offset);
                _backPropagation.Gradient(part, gradient, accumulate: !_isFirstSlice, _rows, _dropout);
                if (_isLastSlice)
                {
                    _backPropagation.FinishGradient(part, gradient);
                    FinishPart(p - _touched, parameters + part.Offset, gradient, memory);
                }
            }
        }
    }

    /// <summary>Gradient and update of the weights of one input that is not 0 in the whole batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void UpdateRow(int row, T* parameters, T* gradient, T* memory)
    {
        var part = ParameterPart.Row(_backPropagation.Layouts[0], layer: 0, row);
        _backPropagation.Gradient(part, gradient, accumulate: false, _rows, _dropout);
        Update(part, parameters + part.Offset, gradient, memory);
        _deferred!.MarkUpdated(row);
    }

    /// <summary>Updates a part whose gradient is complete, or leaves that to <see cref="UpdateParts"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FinishPart(int index, T* parameters, T* gradient, T* memory)
    {
        ParameterPart part = _parts[index];
        _regularizer?.AdaptGradient(parameters, gradient, part);
        if (_regularizer is { NeedsWholeGradient: true })
        {
            _sumsOfSquares[index] = _backPropagation.SumOfSquares(part, gradient);
        }
        else
        {
            Update(part, parameters, gradient, memory);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void UpdateParts(int item)
    {
        int end = Math.Min((item + 1) * _partsOfItem, _parts.Length);
        fixed (T* parameters = _parameters, gradients = _gradient, memory = _memory)
        {
            for (int p = item * _partsOfItem; p < end; p++)
            {
                ParameterPart part = _parts[p];
                _regularizer?.Scale(gradients + part.Offset, part.Length, _clipFactor);
                Update(part, parameters + part.Offset, gradients + part.Offset, memory);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update(ParameterPart part, T* parameters, T* gradient, T* memory)
    {
        _regularizer?.Decay(parameters, part, _learningRate);
        T rate = part.Kind == ParameterKind.Biases ? _learningRate * _biasRateFactor : _learningRate;
        _update.Apply(parameters, gradient, memory, part.Offset, part.Length, rate);
        _backPropagation.RefreshTransposed(part);
    }

    private void BoundLayer(int layer)
    {
        LayerLayout layout = _backPropagation.Layouts[layer];
        fixed (T* parameters = _parameters)
        {
            _regularizer!.BoundNorms(parameters + layout.WeightOffset, layout);
        }
    }
}
