using BpTrainer.Files;

namespace BpTrainer.Stopping;

/// <summary>
/// Early stopping: counts the epochs in a row without a new low of the validation loss. Many trainings begin on a plateau, where the loss
/// is about that of the best constant prediction. An epoch on the plateau counts as a tenth, because it is not a sign of overfitting.
/// </summary>
/// <param name="allowed">The number of epochs without a new low that ends the training.</param>
/// <param name="constantLoss">The validation loss of the best constant prediction.</param>
internal sealed class EarlyStopping(int allowed, double constantLoss)
{
    /// <summary>The number of epochs on the plateau that count as one.</summary>
    public const int PlateauEpochs = 10;

    /// <summary>
    /// A training has left the plateau when its loss has been below this share of the constant's loss. The margin is small: chance alone
    /// can reach it.
    /// </summary>
    public const double Below = 0.99;

    /// <summary>Above this share of the constant's loss, a training is not on the plateau but overfits or diverges.</summary>
    public const double Above = 1.1;

    private double _lowest = double.PositiveInfinity;

    /// <summary>The epochs without a new low; an epoch on the plateau counts 1, any other epoch <see cref="PlateauEpochs"/>.</summary>
    private long _failed;

    /// <summary>Whether the allowed number of epochs has failed.</summary>
    public bool IsExhausted => _failed >= (long)PlateauEpochs * allowed;

    /// <summary>The number of epochs in a row without a new low; an epoch on the plateau counts as a tenth.</summary>
    public double Checks => (double)_failed / PlateauEpochs;

    /// <summary>Adds the loss of an epoch and returns whether it is a new low.</summary>
    public bool Improves(double loss)
    {
        if (loss < _lowest)
        {
            _lowest = loss;
            _failed = 0;
            return true;
        }

        bool isOnPlateau = _lowest >= Below * constantLoss && loss <= Above * constantLoss;
        _failed += isOnPlateau ? 1 : PlateauEpochs;
        return false;
    }

    public void SaveOrLoad(CheckpointState state)
    {
        state.SaveOrLoad(ref _lowest, double.NegativeInfinity, double.PositiveInfinity);
        state.SaveOrLoad(ref _failed, 0, (long)PlateauEpochs * state.Epochs);
    }
}

/// <summary>Keeps a copy of the weights of the best epoch, with the optimizer state if it is to be kept.</summary>
/// <remarks>
/// <para>
/// If every epoch ends with a measured loss Lₙ, on the validation set or by an optimizer that measures the training set, the epoch with the
/// lowest loss is the best.
/// </para>
/// <para>
/// Otherwise Lₙ is the mean over the B batches of epoch n, each measured before its update, so it belongs to a point (B + 1) / 2 updates
/// before the weights wₙ after the epoch. The mean over the B′ batches of the next epoch belongs to a point (B′ − 1) / 2 updates after wₙ.
/// The loss of wₙ is therefore interpolated between both, Lₙ + (B + 1) / (B + B′) · (Lₙ₊₁ − Lₙ). With all samples in one batch, this is
/// exactly the loss of wₙ. Weights that are followed by an epoch with a loss that is not finite are never the best.
/// </para>
/// </remarks>
internal sealed class BestWeights<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _parameters;
    private readonly Func<OptimizerState<T>?, OptimizerState<T>?> _copyState;
    private Copy _best;
    private Copy? _waiting;

    /// <summary>
    /// <paramref name="waits"/> says whether epochs wait for the loss of the next one. <paramref name="copyState"/> copies the optimizer
    /// state, into the given object if there is one; it returns null if the state is not to be kept.
    /// </summary>
    public BestWeights(
        AlignedBuffer<T> parameters, bool waits, OptimizerState<T>? state, Func<OptimizerState<T>?, OptimizerState<T>?> copyState)
    {
        _parameters = parameters;
        _copyState = copyState;
        _best = new Copy(parameters.Clone()) { State = state };
        _waiting = waits ? new Copy(new AlignedBuffer<T>(parameters.Length)) : null;
    }

    /// <summary>The best epoch; 0 for the weights before training.</summary>
    public int Epoch => _best.Epoch;

    /// <summary>The loss of the best epoch, with penalties; infinite before the first epoch.</summary>
    public double Loss => _best.Loss + _best.Penalty;

    /// <summary>The loss of the waiting epoch, from its own batches, with penalties.</summary>
    public double WaitingLoss => _waiting!.Loss + _waiting.Penalty;

    /// <summary>The optimizer state of the best epoch; null if it is not kept.</summary>
    public OptimizerState<T>? State => _best.State;

    /// <summary>Whether an epoch waits for the loss of the next one.</summary>
    public bool IsWaiting => _waiting is { Epoch: > 0 };

    /// <summary>Keeps the current weights, which are the best so far.</summary>
    public void Keep(int epoch, double loss, double penalty) => Fill(_best, epoch, loss, penalty, batches: 0);

    /// <summary>Keeps the weights after an epoch with this mean loss and number of batches, until the next epoch judges them.</summary>
    public void Wait(int epoch, double loss, double penalty, long batches) => Fill(_waiting!, epoch, loss, penalty, batches);

    /// <summary>Judges the waiting epoch by the mean loss and the number of batches of the next one.</summary>
    public void Judge(double nextLoss, long nextBatches)
    {
        if (!IsWaiting)
        {
            return;
        }

        double share = (_waiting!.Batches + 1.0) / (_waiting.Batches + nextBatches);
        _waiting.Loss += share * (nextLoss - _waiting.Loss);
        Settle(isGood: WaitingLoss <= Loss);
    }

    /// <summary>Makes the waiting epoch the best one, or drops it.</summary>
    public void Settle(bool isGood)
    {
        if (isGood)
        {
            (_best, _waiting) = (_waiting!, _best);
        }

        _waiting!.Epoch = 0;
    }

    /// <summary>Puts the waiting weights into the network.</summary>
    public void EnterWaiting() => _waiting!.Parameters.Span.CopyTo(_parameters.Span);

    /// <summary>Puts the best weights into the network.</summary>
    public void Restore() => _best.Parameters.Span.CopyTo(_parameters.Span);

    public void SaveOrLoad(CheckpointState state)
    {
        SaveOrLoad(state, _best);
        if (_waiting is not null)
        {
            SaveOrLoad(state, _waiting);
        }
    }

    private void Fill(Copy copy, int epoch, double loss, double penalty, long batches)
    {
        _parameters.Span.CopyTo(copy.Parameters.Span);
        copy.State = _copyState(copy.State);
        copy.Epoch = epoch;
        copy.Loss = loss;
        copy.Penalty = penalty;
        copy.Batches = batches;
    }

    private void SaveOrLoad(CheckpointState state, Copy copy)
    {
        state.SaveOrLoad(ref copy.Epoch, 0, state.Epochs);
        state.SaveOrLoad(ref copy.Loss);
        state.SaveOrLoad(ref copy.Penalty);
        state.SaveOrLoad(ref copy.Batches, 0, long.MaxValue / 2);
        state.SaveOrLoadFinite(copy.Parameters.Span);
        bool hasState = copy.State is not null;
        state.SaveOrLoad(ref hasState);
        copy.State = hasState ? copy.State ?? _copyState(null) : null;
        state.Require(hasState == copy.State is not null, "it has an optimizer state, but the training keeps none");
        copy.State?.SaveOrLoad(state);
    }

    /// <summary>The weights after an epoch.</summary>
    private sealed class Copy(AlignedBuffer<T> parameters)
    {
        public readonly AlignedBuffer<T> Parameters = parameters;
        public OptimizerState<T>? State;
        public int Epoch;
        public double Loss = double.PositiveInfinity;
        public double Penalty;
        public long Batches;
    }
}
