using BpTrainer.Files;
using BpTrainer.Networks;
using BpTrainer.Regularizers;
using BpTrainer.Threads;

namespace BpTrainer.Training;

/// <summary>
/// Computes ∂E/∂w of a batch, including penalties, in two jobs that threads share: first the rows (forward, loss, backward), then the
/// parameters, part by part.
/// </summary>
/// <remarks>
/// If a batch fits into the workspace, each part is updated right after its gradient is computed, while that is in the cache. The whole
/// gradient is then never stored. A larger batch is processed in slices, whose gradients are added up first.
/// </remarks>
internal sealed unsafe class BatchGradient<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private RowPass<T> _pass;
    private readonly BackPropagation<T> _backPropagation;
    private readonly AlignedBuffer<T> _parameters;
    private readonly ParameterUpdate<T>? _update;
    private readonly DropoutMasks<T>? _masks;
    private readonly Regularizer<T> _regularizer;
    private readonly bool _hasPenalties;
    private readonly ParameterPart[] _parts;
    private readonly int _longestPart;
    private readonly bool _isWhole;
    private readonly Action<int, int> _compute;
    private readonly Action<int> _partItem;
    private readonly Action<int> _finishItem;

    private DropoutMasks<T>? _dropout;
    private int _touched;
    private int _partItems;
    private bool _isFirstSlice;
    private bool _isLastSlice;

    /// <summary>Creates a gradient with penalties that is passed to an update. Without an update, the whole gradient is kept, and there is
    /// no dropout.</summary>
    public BatchGradient(RowParts<T> training, Regularization regularization, ParameterUpdate<T>? update = null)
        : this(
            training.Pass, training.BackPropagation, training.Network, regularization, training.Kernel,
            update is null
                ? null
                : DropoutMasks<T>.For(
                    training.Network, regularization, training.Options.Seed, (int)Math.Min(training.BatchSize, training.Work.Rows),
                    training.Kernel),
            update, isWhole: update is not { NeedsWholeGradient: false } || training.BatchSize > training.Work.Rows)
    {
    }

    /// <summary>Creates the gradient of a shard, one of several that share the workspace. The whole gradient is kept, without
    /// penalties.</summary>
    public BatchGradient(
        RowPass<T> pass, BackPropagation<T> backPropagation, Network<T> network, KernelKind kernel, DropoutMasks<T>? masks)
        : this(pass, backPropagation, network, new Regularization(), kernel, masks, update: null, isWhole: true)
    {
    }

    private BatchGradient(
        RowPass<T> pass, BackPropagation<T> backPropagation, Network<T> network, Regularization regularization, KernelKind kernel,
        DropoutMasks<T>? masks, ParameterUpdate<T>? update, bool isWhole)
    {
        _pass = pass;
        _backPropagation = backPropagation;
        _parameters = network.Parameters;
        _update = update;
        _masks = masks;
        _regularizer = new Regularizer<T>(regularization, kernel);
        _hasPenalties = regularization.ChangesUpdates;
        ParameterPart[] parts = ParameterPart.Cut(network.Layouts);
        _longestPart = parts.Max(part => part.Length);
        bool defersRows = update?.Deferred is not null;
        _parts = defersRows ? Array.FindAll(parts, part => part is not { Layer: 0, Kind: ParameterKind.Weights }) : parts;
        _isWhole = isWhole;

        // If parts are used at once, an item needs room for only one of them.
        int items = Math.Min(defersRows ? int.MaxValue : parts.Length, WorkItems.Most(_pass.Team.Threads));
        Whole = new AlignedBuffer<T>(_isWhole ? _parameters.Length : checked(items * _longestPart));
        _compute = Compute;
        _partItem = RunParts;
        _finishItem = FinishSum;
    }

    /// <summary>∂E/∂w in the layout of the parameters, unless its parts are passed to the update one by one.</summary>
    public AlignedBuffer<T> Whole { get; }

    /// <summary>Computes the gradient over samples order[first .. first + count], passes it to the update and returns the mean loss. If the
    /// loss is not finite, there is no update.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Run(int[] order, int first, int count, T learningRate)
    {
        double loss = 0;
        _dropout = _masks;
        _dropout?.StartUpdate();
        for (int done = 0; done < count; done += _pass.SliceRows)
        {
            _pass.Select(order, first + done, Math.Min(_pass.Work.Rows, count - done));
            _dropout?.StartSlice(done);
            _isFirstSlice = done == 0;
            _isLastSlice = done + _pass.SliceRows == count;
            RunRows(divisor: count);
            loss += _pass.Work.SumOfLosses(_pass.SliceRows);
            if (_isLastSlice && _update is not null)
            {
                if (!double.IsFinite(loss))
                {
                    return loss;
                }

                _update.Begin(loss, learningRate);
            }

            _pass.Team.Run(_partItems, _partItem);
        }

        _update?.Finish(Whole);
        return loss;
    }

    /// <summary>
    /// Computes <see cref="Whole"/> for the mean loss over all samples plus penalties, and returns that loss; not meaningful if cancelled.
    /// </summary>
    /// <param name="onSlice">Called for every slice in the workspace, with the losses and error terms of each sample; null for
    /// none.</param>
    public double RunAll(CancellationToken cancellationToken, Action? onSlice = null)
    {
        double loss = 0;
        _dropout = null;
        _isFirstSlice = true;
        _isLastSlice = false;
        _pass.Restart();
        while (_pass.NextSlice(cancellationToken))
        {
            RunRows(divisor: 1);
            loss += _pass.Work.SumOfLosses(_pass.SliceRows);
            _pass.Team.Run(_partItems, _partItem);
            onSlice?.Invoke();
            _isFirstSlice = false;
        }

        _pass.Team.Run(_parts.Length, _finishItem);
        return loss / _pass.Rows.Rows;
    }

    /// <summary>
    /// Computes <see cref="Whole"/> as the sum over samples order[first .. first + count] of a shard, and returns the sum of their losses.
    /// The gradient is complete after the sums of all shards are added.
    /// </summary>
    /// <param name="pass">The pass over the rows of the shard.</param>
    /// <param name="order">The order of its rows.</param>
    /// <param name="first">The first of the samples.</param>
    /// <param name="count">Their number; 0 or more.</param>
    /// <param name="divisor">The divisor of losses and gradients: the batch size for a mean, 1 for a sum.</param>
    /// <param name="update">The number of the update, from 1, which determines the dropout masks; 0 for no dropout.</param>
    /// <param name="rowsBefore">The number of rows of the batch in earlier shards.</param>
    /// <param name="cancellationToken">Stops the sum between two slices.</param>
    /// <exception cref="OperationCanceledException">The sum was cancelled.</exception>
    public double Sum(
        RowPass<T> pass, int[] order, int first, int count, long divisor, long update, long rowsBefore,
        CancellationToken cancellationToken)
    {
        double loss = 0;
        _pass = pass;
        _dropout = update > 0 ? _masks : null;
        _dropout?.StartUpdate(update);
        _isLastSlice = false;
        for (int done = 0; done < count; done += pass.SliceRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            pass.Select(order, first + done, Math.Min(pass.Work.Rows, count - done));
            _dropout?.StartSlice(rowsBefore + done);
            _isFirstSlice = done == 0;
            RunRows(divisor);
            loss += pass.Work.SumOfLosses(pass.SliceRows);
            pass.Team.Run(_partItems, _partItem);
        }

        if (count == 0)
        {
            Whole.Span.Clear();
        }

        return loss;
    }

    /// <summary>Returns ‖∂E/∂w‖ of the mean loss over all samples plus penalties; not meaningful if cancelled.</summary>
    public double Norm(CancellationToken cancellationToken)
    {
        RunAll(cancellationToken);
        double sum = 0;
        fixed (T* gradient = Whole)
        {
            foreach (ParameterPart part in _parts)
            {
                sum += _backPropagation.SumOfSquares(part, gradient + part.Offset);
            }
        }

        return Math.Sqrt(sum);
    }

    public void SaveOrLoad(CheckpointState state) => _masks?.SaveOrLoad(state);

    /// <summary>Runs forward, loss and backward for the slice. With sparse inputs, the weights that they need are first brought up to
    /// date.</summary>
    private void RunRows(long divisor)
    {
        _pass.Work.SparseInputs?.Transpose();
        _update?.Deferred?.Begin();
        _touched = _update?.Deferred is null ? 0 : _pass.Work.SparseInputs!.TouchedCount;
        _partItems = Math.Min(_touched + _parts.Length, WorkItems.Most(_pass.Team.Threads));
        _pass.Run(divisor, _compute);
    }

    private void Compute(int first, int end)
    {
        _backPropagation.Forward(first, end, _dropout);
        _backPropagation.Loss(first, end);
        _backPropagation.Backward(first, end, _dropout);
    }

    /// <summary>
    /// An item consists of parts at regular distances. The consecutive parts of large layers are then shared equally, and always belong to
    /// the same items.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunParts(int item)
    {
        fixed (T* parameters = _parameters, gradients = Whole, memory = _update?.Memory)
        {
            for (int p = item; p < _touched + _parts.Length; p += _partItems)
            {
                ParameterPart part = p < _touched
                    ? ParameterPart.Row(_backPropagation.Layouts[0], layer: 0, _pass.Work.SparseInputs!.Touched[p])
                    : _parts[p - _touched];
                T* gradient = gradients + (_isWhole ? part.Offset : item * _longestPart);

                // Prefetch what the update will read.
                T* state = memory is null ? parameters : memory;
                Upcoming soon = _isLastSlice ? new(parameters + part.Offset, state + part.Offset, part.Length * sizeof(T)) : default;
                _backPropagation.Gradient(part, gradient, accumulate: !_isFirstSlice, _pass.SliceRows, _dropout, soon);
                if (_isLastSlice)
                {
                    _backPropagation.FinishGradient(part, gradient);
                    if (_hasPenalties)
                    {
                        _regularizer.AdaptGradient(parameters + part.Offset, gradient, part);
                    }

                    _update?.Take(part, p - _touched, parameters + part.Offset, gradient, memory);
                }
            }
        }
    }

    /// <summary>Turns the sum over all samples into their mean, and adds the penalties.</summary>
    private void FinishSum(int index)
    {
        ParameterPart part = _parts[index];
        fixed (T* parameters = _parameters, gradients = Whole)
        {
            T* gradient = gradients + part.Offset;
            _backPropagation.FinishGradient(part, gradient);
            _regularizer.Scale(gradient, part.Length, T.One / T.CreateChecked(_pass.Rows.Rows));
            _regularizer.AdaptGradient(parameters + part.Offset, gradient, part);
        }
    }
}
