using System.Diagnostics;
using System.Numerics;
using BpTrainer.Kernels;
using BpTrainer.Serialization;

namespace BpTrainer;

/// <summary>One training from start to stop: the loop over epochs.</summary>
internal sealed class TrainingRun<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingOptions _options;
    private readonly Lazy<IReadOnlyList<(string Name, string Value)>> _identity;
    private readonly TrainingParts<T> _parts;
    private readonly Learner<T> _learner;
    private readonly BatchSource<T>? _validationSource;
    private readonly LossMeter<T>? _validationMeter;
    private readonly ValidationCheck _validationCheck;
    private readonly GradientNorm<T>? _gradientNorm;
    private readonly WeightKeeper<T> _keeper;
    private readonly List<EpochRecord> _history = [];
    private readonly long _start = Stopwatch.GetTimestamp();

    private double? _validationLoss;
    private double _gradient = double.PositiveInfinity;
    private bool _isAccepted;
    private StopReason? _learnerStop;
    private double _secondsBefore;

    public TrainingRun(Network<T> network, TrainingOptions options, SampleFeed<T> training, DataSet<T>? validation, UpdateState<T>? state = null)
    {
        _options = options;
        _validationCheck = new ValidationCheck(options.ValidationChecks);
        _keeper = new WeightKeeper<T>(network.Parameters);
        _parts = new TrainingParts<T>(
            network, options, training, Math.Max(options.MeasuresTrainingSet ? training.Block.Rows : 0, validation?.Rows ?? 0));
        try
        {
            _learner = options.UpdateRule.CreateLearner(_parts);
            state?.CopyTo(options.UpdateRule, _learner);
            State = options.KeepUpdateState && state is not null ? UpdateState<T>.Of(options.UpdateRule, _learner) : null;
            _identity = new(() => TrainingIdentity.Describe(_parts, validation));
            _gradientNorm = options.MinimumGradient is null ? null : new GradientNorm<T>(_parts);
            if (validation is not null)
            {
                _validationSource = new BatchSource<T>(validation, network);
                _validationMeter = new LossMeter<T>(
                    new HeldFeed<T>(validation), _validationSource, _parts.BackPropagation, _parts.Work, _parts.Team);
            }
        }
        catch
        {
            // Without memory for it all, nothing stays pinned and no thread waits.
            Dispose();
            throw;
        }
    }

    /// <summary>What the update rule remembered at the weights that are kept; null if it is not to be kept, or there was nothing before training.</summary>
    public UpdateState<T>? State { get; private set; }

    private double Seconds => _secondsBefore + Stopwatch.GetElapsedTime(_start).TotalSeconds;

    public void Dispose()
    {
        _parts.Dispose();
        _validationSource?.Dispose();
    }

    public TrainingResult Run(Action<EpochRecord>? onEpoch, CancellationToken cancellationToken)
    {
        try
        {
            StopReason reason = RunEpochs(onEpoch, cancellationToken);
            return new TrainingResult(reason, _history, _keeper.Epoch, _parts.Team.Threads, _parts.Kernel);
        }
        finally
        {
            // Also when a callback throws, the network is left with the best weights.
            _keeper.Restore();
        }
    }

    /// <summary>Goes on from a checkpoint: the next <see cref="Run"/> does what it would have done in the training that wrote it.</summary>
    public void Load(Stream checkpoint)
    {
        AlignedBuffer<T> before = _parts.Network.Parameters.Clone();
        try
        {
            CheckpointFile.Read(checkpoint, Exchange);
        }
        catch
        {
            before.Span.CopyTo(_parts.Network.Parameters.Span);
            throw;
        }

        _parts.BackPropagation.RefreshTransposed();
    }

    private StopReason RunEpochs(Action<EpochRecord>? onEpoch, CancellationToken cancellationToken)
    {
        using var signal = new StopSignal(cancellationToken, _options.TimeBudget - TimeSpan.FromSeconds(Seconds));
        StopReason? reason = _history.Count == 0 ? null : ReasonAfterEpoch(isRequested: false, signal);
        while (reason is null)
        {
            reason = RunEpoch(onEpoch, signal);
        }

        return reason.Value;
    }

    /// <summary>Runs an epoch and says why it is the last one, or null. One that is interrupted leaves no record.</summary>
    private StopReason? RunEpoch(Action<EpochRecord>? onEpoch, StopSignal signal)
    {
        int epoch = _history.Count + 1;
        double rate = _learner.Rate;
        (double loss, _isAccepted) = _learner.Run(signal.Token);
        _learnerStop = _learner.StopReason;
        if (signal.Reason is { } duringEpoch)
        {
            return duringEpoch;
        }

        if (Judge(epoch, loss, signal.Token) is not { } isFinite)
        {
            // What was measured is no loss of all samples.
            return signal.Reason;
        }

        var record = new EpochRecord(epoch, loss, _validationLoss, rate, Seconds);
        _history.Add(record);
        onEpoch?.Invoke(record);
        bool isRequested = _options.StopWhen?.Invoke(record) ?? false;
        if (!isFinite)
        {
            return StopReason.NonFinite;
        }

        if (_options.Checkpoint is { } checkpoint && epoch % checkpoint.EveryEpochs == 0)
        {
            checkpoint.Save(stream => CheckpointFile.Write(stream, Exchange));
        }

        return ReasonAfterEpoch(isRequested, signal);
    }

    /// <summary>Measures what an epoch has led to, and keeps the weights if they are the best so far.</summary>
    /// <returns>Whether all numbers are finite; null when it was interrupted. The token is looked at once, so that an epoch that is kept is recorded.</returns>
    private bool? Judge(int epoch, double loss, CancellationToken cancellationToken)
    {
        if (!_isAccepted)
        {
            _validationLoss ??= _validationMeter?.Measure(cancellationToken);
            return cancellationToken.IsCancellationRequested ? null : true;
        }

        bool isFinite = double.IsFinite(loss) && _keeper.ParametersAreFinite;
        _gradient = _gradientNorm?.Measure(cancellationToken) ?? _gradient;
        if (_parts.Average is { } average && !(average.FollowsUpdates && _learner.AveragesUpdates))
        {
            average.Take();
        }

        _parts.Average?.Enter();
        _validationLoss = _validationMeter?.Measure(cancellationToken);
        isFinite &= double.IsFinite(_validationLoss ?? 0);
        bool isInterrupted = cancellationToken.IsCancellationRequested;
        if (isFinite && !isInterrupted && (_validationLoss is null || _validationCheck.Improves(_validationLoss.Value)))
        {
            _keeper.Keep(epoch);
            KeepState();
        }

        _parts.Average?.Leave();
        _parts.Course.EndEpoch(_validationLoss ?? loss);
        return isInterrupted ? null : isFinite;
    }

    private StopReason? ReasonAfterEpoch(bool isRequested, StopSignal signal)
    {
        int epochs = _history.Count;
        return _isAccepted && _history[^1].TrainingLoss <= _options.ErrorGoal ? StopReason.ErrorGoalReached
            : _learnerStop is { } learned ? learned
            : _gradient <= _options.MinimumGradient ? StopReason.MinimumGradientReached
            : _validationCheck.IsExhausted ? StopReason.ValidationStopped
            : isRequested ? StopReason.StopRequested
            : signal.Reason is { } interrupted ? interrupted
            : (_learner.Pass?.Updates ?? epochs) >= _options.MaximumUpdates ? StopReason.UpdatesReached
            : epochs >= _options.Epochs ? StopReason.EpochsReached
            : null;
    }

    /// <summary>Writes or reads the state of the training between two epochs.</summary>
    private void Exchange(CheckpointState state)
    {
        foreach ((string name, string value) in _identity.Value)
        {
            state.RequireSame(name, value);
        }

        state.Exchange(_history);
        state.ExchangeFinite(_parts.Network.Parameters.Span);
        _keeper.Exchange(state);
        _learner.Exchange(state);
        ExchangeKeptState(state);
        _parts.Average?.Exchange(state);
        _parts.Course.Exchange(state);
        _validationCheck.Exchange(state);
        state.Exchange(ref _validationLoss);
        state.Exchange(ref _gradient);
        state.Exchange(ref _isAccepted);
        state.Exchange(ref _learnerStop);
        double seconds = Seconds;
        state.Exchange(ref seconds, 0, HistoryFile.MostSeconds);
        _secondsBefore = Math.Max(seconds - Stopwatch.GetElapsedTime(_start).TotalSeconds, 0);
    }

    private void KeepState()
    {
        if (!_options.KeepUpdateState)
        {
            return;
        }

        if (State is null)
        {
            State = UpdateState<T>.Of(_options.UpdateRule, _learner);
        }
        else
        {
            State.Take(_learner);
        }
    }

    private void ExchangeKeptState(CheckpointState state)
    {
        bool isKept = State is not null;
        if (_options.KeepUpdateState)
        {
            state.Exchange(ref isKept);
            State = isKept ? State ?? UpdateState<T>.Of(_options.UpdateRule, _learner) : null;
            State?.Exchange(state);
        }
    }
}
