using System.Diagnostics;
using BpTrainer.Files;
using BpTrainer.Optimizers;
using BpTrainer.Stopping;

namespace BpTrainer.Training;

/// <summary>The loop over epochs: one training from start to stop.</summary>
internal sealed class EpochLoop<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The maximum number of samples on which the last epoch is compared with the best one: less than 2 % of an epoch of
    /// 60,000.</summary>
    private const int ComparedSamples = 1024;

    private readonly TrainingOptions _options;
    private readonly Lazy<IReadOnlyList<(string Name, string Value)>> _identity;
    private readonly TrainingParts<T> _parts;
    private readonly Epoch<T> _epoch;
    private readonly EarlyStopping _earlyStopping;
    private readonly WholeGradient<T>? _wholeGradient;
    private readonly BestWeights<T> _best;
    private readonly List<EpochRecord> _history = [];
    private readonly long _start = Stopwatch.GetTimestamp();

    private BayesianFigures? _bayesian;
    private double? _validationLoss;
    private double? _gradientNorm;
    private bool _isAccepted;
    private StopReason? _epochStop;
    private double _secondsBefore;

    /// <summary>Starts with parts that it disposes at the end.</summary>
    public EpochLoop(TrainingParts<T> parts, OptimizerState<T>? state = null)
    {
        _parts = parts;
        _options = parts.Options;
        try
        {
            _earlyStopping = new EarlyStopping(_options.EarlyStoppingRounds, parts.ConstantLoss ?? 0);
            _epoch = Epoch<T>.Create(_parts);
            if (state is not null)
            {
                _epoch.Restore(state);
            }

            bool waits = ValidationMeter is null && _options.Optimizer.LossIsThatOfBatches && !_options.KeepsLastEpoch;
            _best = new BestWeights<T>(parts.Network.Parameters, waits, state is null ? null : CopyState(null), CopyState);
            _identity = new(() => TrainingIdentity.Describe(_parts));
            Regularization unclipped = _options.Regularization with { ClipValue = null, ClipNorm = null };
            _wholeGradient = _options.MinimumGradient is null ? null : parts.CreateGradient(unclipped);
        }
        catch
        {
            // If memory runs out, nothing stays pinned and no thread keeps waiting.
            Dispose();
            throw;
        }
    }

    private double Seconds => _secondsBefore + Stopwatch.GetElapsedTime(_start).TotalSeconds;

    private LossMeter<T>? ValidationMeter => _parts.ValidationMeter;

    public void Dispose() => _parts.Dispose();

    /// <summary>Trains until a stopping criterion is met, or <paramref name="onEpoch"/> returns true.</summary>
    public TrainingResult Run(Func<EpochRecord, bool>? onEpoch, CancellationToken cancellationToken)
    {
        try
        {
            using var signal = new StopSignal(cancellationToken, _options.TimeBudget - TimeSpan.FromSeconds(Seconds));
            StopReason? last = _history.Count == 0 ? null : ReasonAfterEpoch(isRequested: false, signal);
            while (last is null)
            {
                last = RunEpoch(onEpoch, signal);
            }

            StopReason reason = last.Value;
            if (_best.IsWaiting)
            {
                _best.Settle(_best.Epoch == 0 || (MayRead(reason) ? WaitingIsBest() : _best.WaitingLoss <= _best.Loss));
            }

            var result = new TrainingResult(reason, new TrainingHistory(_history), _best.Epoch, _parts.Team.Threads)
            {
                Kernel = _parts.Kernel,
                Loss = _best.Loss,
                ConstantLoss = _parts.ConstantLoss,
                OptimizerState = _best.State,
                BayesianRegularization = _bayesian,
            };
            return reason == StopReason.NonFinite
                ? result with { Warnings = [(nameof(StopReason.NonFinite), Divergence.Describe(result, _options))] }
                : result;
        }
        finally
        {
            // If a callback throws, the network gets the weights of the last epoch, or the best weights.
            if (_best.IsWaiting)
            {
                _best.Settle(isGood: true);
            }

            _best.Restore();
        }
    }

    /// <summary>Resumes from a checkpoint: the next <see cref="Run"/> continues the training that wrote it.</summary>
    public void Load(Stream checkpoint)
    {
        AlignedBuffer<T> before = _parts.Network.Parameters.Clone();
        try
        {
            CheckpointState.Load(checkpoint, SaveOrLoad);
        }
        catch
        {
            before.Span.CopyTo(_parts.Network.Parameters.Span);
            throw;
        }

        _parts.BackPropagation.RefreshTransposed();
    }

    /// <summary>Runs an epoch and returns why it is the last one, or null. An interrupted epoch leaves no record.</summary>
    private StopReason? RunEpoch(Func<EpochRecord, bool>? onEpoch, StopSignal signal)
    {
        int epoch = _history.Count + 1;
        double rate = _epoch.Rate;
        (double loss, _isAccepted) = _epoch.Run(signal.Token);
        _epochStop = _epoch.StopReason;
        if (signal.Reason is { } duringEpoch)
        {
            return duringEpoch;
        }

        if (Judge(epoch, loss, signal.Token) is not { } isFinite)
        {
            // The measurement was interrupted.
            return signal.Reason;
        }

        var record = new EpochRecord(epoch, loss, _validationLoss, rate, Seconds)
        {
            GradientNorm = _gradientNorm ?? _epoch.GradientNorm,
            ValidationChecks = ValidationMeter is null ? null : _earlyStopping.Checks,
            IsAccepted = _isAccepted,
        };
        _history.Add(record);
        bool isRequested = onEpoch?.Invoke(record) ?? false;
        if (!isFinite)
        {
            return StopReason.NonFinite;
        }

        if (_options.Checkpoint is { } checkpoint && epoch % checkpoint.EveryEpochs == 0)
        {
            checkpoint.Save(stream => CheckpointState.Save(stream, SaveOrLoad));
        }

        return ReasonAfterEpoch(isRequested, signal);
    }

    /// <summary>
    /// Measures the weights after an epoch and keeps them if they are the best so far. Returns whether all numbers are finite; null if
    /// interrupted.
    /// </summary>
    private bool? Judge(int epoch, double loss, CancellationToken cancellationToken)
    {
        if (!_isAccepted)
        {
            _validationLoss ??= ValidationMeter?.Measure(cancellationToken);
            return cancellationToken.IsCancellationRequested ? null : true;
        }

        AlignedBuffer<T> parameters = _parts.Network.Parameters;
        bool isFinite = double.IsFinite(loss) && parameters.IsFinite(0, parameters.Length) && _epochStop != StopReason.NonFinite;
        _gradientNorm = _wholeGradient?.Norm(cancellationToken);
        if (_parts.Average is { } average && !(average.FollowsUpdates && _epoch.AveragesUpdates))
        {
            average.Take();
        }

        _parts.Average?.Enter();
        _validationLoss = ValidationMeter?.Measure(cancellationToken);
        isFinite &= double.IsFinite(_validationLoss ?? 0);
        bool isInterrupted = cancellationToken.IsCancellationRequested;
        if (!isInterrupted)
        {
            Keep(epoch, loss, isFinite);
            _bayesian = _best.Epoch == epoch ? _epoch.Bayesian : _bayesian;
        }

        _parts.Average?.Leave();
        _parts.Course.EndEpoch(_validationLoss ?? loss);
        return isInterrupted ? null : isFinite;
    }

    /// <summary>Keeps the weights of an epoch if they are the best so far; if the loss is not measured, the next epoch decides.</summary>
    private void Keep(int epoch, double loss, bool isFinite)
    {
        if (_validationLoss is { } validationLoss)
        {
            if (isFinite && _earlyStopping.Improves(validationLoss))
            {
                _best.Keep(epoch, validationLoss, penalty: 0);
            }

            return;
        }

        if (!isFinite)
        {
            // The weights before a bad epoch are usually bad too; if there are no others, they must at least be better than those before
            // training.
            if (_best.IsWaiting)
            {
                _best.Settle(_best.Epoch == 0 && WaitingIsBest());
            }

            return;
        }

        double penalty = _options.Regularization.Penalty(_parts.Network);
        if (_options.KeepsLastEpoch)
        {
            _best.Keep(epoch, loss, penalty);
        }
        else if (_options.Optimizer.LossIsThatOfBatches)
        {
            _best.Judge(loss, _epoch.Batches!.UpdatesOfLastEpoch);
            _best.Wait(epoch, loss, penalty, _epoch.Batches.UpdatesOfLastEpoch);
        }
        else if (loss + penalty <= _best.Loss)
        {
            _best.Keep(epoch, loss, penalty);
        }
    }

    /// <summary>Whether samples may be read after training. A stream and shards are not read if training had to end at once.</summary>
    private bool MayRead(StopReason reason) =>
        _parts.RowsAreAtHand || reason is not (StopReason.Cancelled or StopReason.TimeBudgetReached);

    /// <summary>
    /// Whether the waiting epoch, which no later epoch can judge, is at least as good as the best one on the first samples. The losses of n
    /// samples out of more differ by chance by about 1/√n, so such a difference does not count against the last epoch.
    /// </summary>
    private bool WaitingIsBest()
    {
        LossMeter<T> meter = _parts.CreateLossMeter();
        double Measure() => meter.Measure(CancellationToken.None, ComparedSamples) + _options.Regularization.Penalty(_parts.Network);

        _best.Restore();
        double best = Measure();
        _best.EnterWaiting();
        double chance = _parts.Rows > ComparedSamples ? 1 / Math.Sqrt(ComparedSamples) : 0;
        return Measure() <= best * (1 + chance);
    }

    private StopReason? ReasonAfterEpoch(bool isRequested, StopSignal signal)
    {
        int epochs = _history.Count;
        return _isAccepted && _history[^1].TrainingLoss <= _options.TargetLoss ? StopReason.TargetLossReached
            : _epochStop is { } learned ? learned
            : _gradientNorm <= _options.MinimumGradient ? StopReason.MinimumGradientReached
            : _earlyStopping.IsExhausted ? StopReason.EarlyStopping
            : isRequested ? StopReason.StopRequested
            : signal.Reason is { } interrupted ? interrupted
            : (_epoch.Batches?.Updates ?? epochs) >= _options.MaximumUpdates ? StopReason.UpdatesReached
            : epochs >= _options.Epochs ? StopReason.EpochsReached
            : null;
    }

    /// <summary>Saves or loads the state of the training between two epochs.</summary>
    private void SaveOrLoad(CheckpointState state)
    {
        foreach ((string name, string value) in _identity.Value)
        {
            state.RequireSame(name, value);
        }

        HistoryFile.SaveOrLoad(state, _history);
        state.SaveOrLoadFinite(_parts.Network.Parameters.Span);
        _best.SaveOrLoad(state);
        _epoch.SaveOrLoad(state);
        SaveOrLoadBayesian(state);
        _parts.Average?.SaveOrLoad(state);
        _parts.Course.SaveOrLoad(state);
        _earlyStopping.SaveOrLoad(state);
        state.SaveOrLoad(ref _validationLoss);
        state.SaveOrLoad(ref _gradientNorm);
        state.SaveOrLoad(ref _isAccepted);
        state.SaveOrLoad(ref _epochStop);
        double seconds = Seconds;
        state.SaveOrLoad(ref seconds, 0, HistoryFile.MostSeconds);
        _secondsBefore = Math.Max(seconds - Stopwatch.GetElapsedTime(_start).TotalSeconds, 0);
    }

    private void SaveOrLoadBayesian(CheckpointState state)
    {
        if (_epoch.Bayesian is { } last)
        {
            BayesianFigures best = _bayesian ?? last;
            double[] figures = [best.Alpha, best.Beta, best.EffectiveParameters];
            state.SaveOrLoad<double>(figures);
            _bayesian = new BayesianFigures(figures[0], figures[1], figures[2], last.Parameters);
        }
    }

    /// <summary>Copies the optimizer state, to the given place if there is one; null if the state is not kept.</summary>
    private OptimizerState<T>? CopyState(OptimizerState<T>? place)
    {
        if (!_options.KeepOptimizerState)
        {
            return null;
        }

        place?.Take(_epoch.Memory, _epoch.Numbers);
        return place ?? OptimizerState<T>.Of(_options.Optimizer, _epoch.Memory, _epoch.Numbers);
    }
}
