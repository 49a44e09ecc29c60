using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Regularizers;
using BpTrainer.Threads;

namespace BpTrainer.Training;

/// <summary>
/// Updates the parameters by their gradient: decay, optimizer step, bounds. It takes the gradient part by part, from any thread, or as a
/// whole if its norm is clipped.
/// </summary>
internal sealed unsafe class ParameterUpdate<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BackPropagation<T> _backPropagation;
    private readonly AlignedBuffer<T> _parameters;
    private readonly OptimizerStep<T> _step;
    private readonly WorkTeam _team;
    private readonly Regularizer<T>? _regularizer;
    private readonly T _biasRateFactor;
    private readonly Action<int> _clippedItem;
    private readonly Action<int> _boundItem;
    private readonly ParameterPart[] _parts;
    private readonly double[] _sumsOfSquares;

    private AlignedBuffer<T>? _gradient;
    private int _clippedItems;
    private T _learningRate;
    private T _clipFactor = T.One;

    public ParameterUpdate(TrainingParts<T> training, OptimizerStep<T> step)
    {
        Network<T> network = training.Network;
        TrainingOptions options = training.Options;
        Workspace<T> work = training.Work;
        _backPropagation = training.BackPropagation;
        _parameters = network.Parameters;
        _step = step;
        _team = training.Team;
        _regularizer = options.Regularization.ChangesUpdates ? new Regularizer<T>(options.Regularization, training.Kernel) : null;
        _biasRateFactor = T.CreateChecked(options.Optimizer.BiasRateFactor);
        Memory = step.Memory.FirstOrDefault();
        bool updatesAtOnce = training.BatchSize <= work.Rows && _regularizer is null;
        Deferred = updatesAtOnce && !network.Layouts[0].IsNarrow && work.SparseInputs is { } sparse
            ? new DeferredRows<T>(network, step, sparse, _team)
            : null;
        _parts = ParameterPart.Cut(network.Layouts);
        _sumsOfSquares = new double[_parts.Length];
        _clippedItem = UpdateClipped;
        _boundItem = BoundLayer;
    }

    /// <summary>The first block of the optimizer state, for <see cref="Take"/>; null if there is none.</summary>
    public AlignedBuffer<T>? Memory { get; }

    /// <summary>Deferred updates of weights whose inputs are 0 in the whole batch; null if none are deferred.</summary>
    public DeferredRows<T>? Deferred { get; }

    /// <summary>Whether the whole gradient must be known before any parameter changes.</summary>
    public bool NeedsWholeGradient => _regularizer is { NeedsWholeGradient: true };

    /// <summary>Begins an update after a batch with this mean loss.</summary>
    public void Begin(double loss, T learningRate)
    {
        _learningRate = learningRate;
        _step.Begin(loss);
        Deferred?.Note(learningRate);
    }

    /// <summary>
    /// Takes the gradient of a part, whose number is not used if rows are deferred; <paramref name="memory"/> is the start of
    /// <see cref="Memory"/>. Several threads may call it for different parts.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Take(ParameterPart part, int index, T* parameters, T* gradient, T* memory)
    {
        if (NeedsWholeGradient)
        {
            _sumsOfSquares[index] = _backPropagation.SumOfSquares(part, gradient);
            return;
        }

        Update(part, parameters, gradient, memory);
        if (part is { Layer: 0, Kind: ParameterKind.Weights })
        {
            Deferred?.MarkUpdated(part.FirstRow);
        }
    }

    /// <summary>Ends an update; <paramref name="gradient"/> is the whole gradient if it is needed.</summary>
    public void Finish(AlignedBuffer<T> gradient)
    {
        if (_regularizer is null)
        {
            return;
        }

        if (NeedsWholeGradient)
        {
            _clipFactor = _regularizer.ClipFactor(_sumsOfSquares.Sum());
            _gradient = gradient;
            _clippedItems = Math.Min(_parts.Length, WorkItems.Most(_team.Threads));
            _team.Run(_clippedItems, _clippedItem);
        }

        if (_regularizer.BoundsNorms)
        {
            _team.Run(_backPropagation.Layouts.Length, _boundItem);
            _backPropagation.RefreshTransposed();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void UpdateClipped(int item)
    {
        fixed (T* parameters = _parameters, gradients = _gradient, memory = Memory)
        {
            for (int p = item; p < _parts.Length; p += _clippedItems)
            {
                ParameterPart part = _parts[p];
                if (_clipFactor != T.One)
                {
                    _regularizer!.Scale(gradients + part.Offset, part.Length, _clipFactor);
                }

                Update(part, parameters + part.Offset, gradients + part.Offset, memory);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update(ParameterPart part, T* parameters, T* gradient, T* memory)
    {
        _regularizer?.Decay(parameters, part, _learningRate);
        T rate = part.Kind == ParameterKind.Biases ? _learningRate * _biasRateFactor : _learningRate;
        _step.Apply(parameters, gradient, memory, part.Offset, part.Length, rate);
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
