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
    private readonly T _biasRateFactor;
    private readonly double[] _sumsOfSquares;
    private readonly int _partsOfItem;
    private readonly int _longestPart;
    private readonly bool _updatesAtOnce;

    private int[] _order = [];
    private int _first;
    private int _rows;
    private int _rowsOfItem;
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
        UpdateStep<T> update,
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
        _parts = ParameterPart.Cut(network.Layouts);
        _partsOfItem = WorkItems.Size(_parts.Length, team.Threads, group: 1);
        _longestPart = _parts.Max(part => part.Length);
        _regularizer = options.Regularization.IsActive ? new Regularizer<T>(options.Regularization) : null;
        _dropout = DropoutMasks<T>.For(network, options, Math.Min(batchSize, work.Rows));
        _biasRateFactor = T.CreateChecked(options.BiasRateFactor);
        _sumsOfSquares = new double[_parts.Length];
        _updatesAtOnce = batchSize <= work.Rows && _regularizer is not { NeedsWholeGradient: true };

        // A gradient that is used at once needs room for one part of it an item only.
        int items = WorkItems.Count(_parts.Length, _partsOfItem);
        _gradient = new AlignedBuffer<T>(_updatesAtOnce ? checked(items * _longestPart) : _parameters.Length);
        _rowItem = RunRows;
        _partItem = RunParts;
        _updateItem = UpdateParts;
        _boundItem = BoundLayer;
    }

    public override void Exchange(CheckpointState state) => _dropout?.Exchange(state);

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
            _rowsOfItem = WorkItems.Size(_rows, _team.Threads, WorkItems.RowGroup);
            _team.Run(WorkItems.Count(_rows, _rowsOfItem), _rowItem);
            loss += _work.SumOfLosses(_rows);
            if (_isLastSlice)
            {
                _update.Begin(loss);
            }

            _team.Run(WorkItems.Count(_parts.Length, _partsOfItem), _partItem);
        }

        if (_regularizer is not null)
        {
            FinishRegularized(_regularizer);
        }

        return loss;
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
        int end = Math.Min(first + _partsOfItem, _parts.Length);
        fixed (T* parameters = _parameters, gradients = _gradient, memory = _memory)
        {
            for (int p = first; p < end; p++)
            {
                ParameterPart part = _parts[p];
                T* gradient = gradients + (_updatesAtOnce ? item * _longestPart : part.Offset);
                _backPropagation.Gradient(part, gradient, accumulate: !_isFirstSlice, _rows, _dropout);
                if (_isLastSlice)
                {
                    _backPropagation.FinishGradient(part, gradient);
                    FinishPart(p, parameters + part.Offset, gradient, memory);
                }
            }
        }
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
                Regularizer<T>.Scale(gradients + part.Offset, part.Length, _clipFactor);
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
