using System.Diagnostics;
using System.Numerics;

namespace BpTrainer;

/// <summary>One training from start to stop: the loop over epochs.</summary>
internal sealed class TrainingRun<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingOptions _options;
    private readonly KernelKind _kernel;
    private readonly WorkTeam _team;
    private readonly BatchSource<T> _trainingSource;
    private readonly BatchSource<T>? _validationSource;
    private readonly EpochPass<T> _pass;
    private readonly RateJudge<T>? _judge;
    private readonly LossMeter<T>? _validationLoss;
    private readonly ValidationCheck _validationCheck;
    private readonly WeightKeeper<T> _keeper;
    private readonly List<EpochRecord> _history = [];

    public TrainingRun(Network<T> network, TrainingOptions options, SampleFeed<T> training, DataSet<T>? validation)
    {
        _options = options;
        _validationCheck = new ValidationCheck(options.ValidationChecks);
        _keeper = new WeightKeeper<T>(network.Parameters);

        int batchSize = Math.Min(options.BatchSize, training.Block.Rows);
        bool measures = validation is not null || options.UpdateRule.Rate is not null;
        int rows = measures ? Math.Max(training.Block.Rows, validation?.Rows ?? 0) : batchSize;
        _kernel = options.Kernel ?? Kernel.Default;
        _team = new WorkTeam(WorkItems.Threads(options.NumberOfThreads, network.Layouts, batchSize));
        var work = new Workspace<T>(network, Math.Min(rows, Workspace<T>.MostRows));
        var backPropagation = new BackPropagation<T>(network, options.Loss, _kernel, work);
        _trainingSource = new BatchSource<T>(training.Block, network);
        UpdateStep<T> update = options.UpdateRule.CreateStep<T>(network.Parameters.Length, _kernel);
        BatchStep<T> batchStep = batchSize == 1 && !options.Regularization.IsActive
            ? Kernel.Create<T, BatchStep<T>, SampleStepFactory<T>>(_kernel, new(network, options, _kernel, _trainingSource, update))
            : new SharedBatchStep<T>(network, _trainingSource, backPropagation, work, update, options, _team, batchSize);
        _pass = new EpochPass<T>(options, training, batchStep);
        if (validation is not null)
        {
            _validationSource = new BatchSource<T>(validation, network);
            _validationLoss = new LossMeter<T>(new HeldFeed<T>(validation), _validationSource, backPropagation, work, _team);
        }

        if (options.UpdateRule.Rate is { } figures)
        {
            _judge = new RateJudge<T>(
                _pass,
                network.Parameters,
                backPropagation,
                update,
                new AdaptiveRateControl(figures, options.LearningRate),
                new LossMeter<T>(training, _trainingSource, backPropagation, work, _team),
                () => options.Regularization.Penalty(network));
        }
    }

    public void Dispose()
    {
        _team.Dispose();
        _trainingSource.Dispose();
        _validationSource?.Dispose();
    }

    public TrainingResult Run(Action<EpochRecord>? onEpoch, CancellationToken cancellationToken)
    {
        try
        {
            StopReason reason = RunEpochs(onEpoch, cancellationToken);
            return new TrainingResult(reason, _history, _keeper.Epoch, _team.Threads, _kernel);
        }
        finally
        {
            // Also when a callback throws, the network is left with the best weights.
            _keeper.Restore();
        }
    }

    private StopReason RunEpochs(Action<EpochRecord>? onEpoch, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        StopReason? reason = null;
        double? validationLoss = null;
        for (int epoch = 1; reason is null; epoch++)
        {
            double rate = _judge?.Rate ?? _options.LearningRate;
            (double loss, bool accepted) = _judge?.Run(cancellationToken) ?? (_pass.Run(rate, cancellationToken), true);
            if (cancellationToken.IsCancellationRequested)
            {
                reason = StopReason.Cancelled;
                break;
            }

            if (accepted || validationLoss is null)
            {
                validationLoss = _validationLoss?.Measure(cancellationToken);
                if (cancellationToken.IsCancellationRequested)
                {
                    // What was measured is no loss of all samples.
                    reason = StopReason.Cancelled;
                    break;
                }
            }

            bool isFinite = !accepted
                || (double.IsFinite(loss) && double.IsFinite(validationLoss ?? 0) && _keeper.ParametersAreFinite);
            if (isFinite && accepted && (validationLoss is null || _validationCheck.Improves(validationLoss.Value)))
            {
                _keeper.Keep(epoch);
            }

            var record = new EpochRecord(epoch, loss, validationLoss, rate, Stopwatch.GetElapsedTime(start).TotalSeconds);
            _history.Add(record);
            onEpoch?.Invoke(record);
            reason = !isFinite ? StopReason.NonFinite
                : accepted && loss <= _options.ErrorGoal ? StopReason.ErrorGoalReached
                : _validationCheck.IsExhausted ? StopReason.ValidationStopped
                : cancellationToken.IsCancellationRequested ? StopReason.Cancelled
                : epoch == _options.Epochs ? StopReason.EpochsReached
                : null;
        }

        return reason.Value;
    }
}
