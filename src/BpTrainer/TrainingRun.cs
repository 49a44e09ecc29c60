using System.Diagnostics;
using System.Numerics;

namespace BpTrainer;

/// <summary>One training from start to stop: the loop over epochs.</summary>
internal sealed class TrainingRun<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingOptions _options;
    private readonly EpochPass<T> _pass;
    private readonly RateJudge<T>? _judge;
    private readonly LossMeter<T>? _validationLoss;
    private readonly ValidationCheck _validationCheck;
    private readonly WeightKeeper<T> _keeper;
    private readonly List<EpochRecord> _history = [];

    public TrainingRun(Network<T> network, TrainingOptions options, DataSet<T> training, DataSet<T>? validation)
    {
        _options = options;
        _validationCheck = new ValidationCheck(options.ValidationChecks);
        _keeper = new WeightKeeper<T>(network.Parameters);

        bool measures = validation is not null || options.UpdateRule.Rate is not null;
        int rows = measures ? Math.Max(training.Rows, validation?.Rows ?? 0) : Math.Min(options.BatchSize, training.Rows);
        var work = new Workspace<T>(network, Math.Min(rows, Workspace<T>.MostRows));
        var backPropagation = new BackPropagation<T>(network, options.Loss, work);
        var source = new BatchSource<T>(training, network);
        UpdateStep<T> step = options.UpdateRule.CreateStep<T>(network.Parameters.Length);
        var gradientPass = new GradientPass<T>(network, backPropagation, work, Math.Min(options.BatchSize, training.Rows));
        _pass = new EpochPass<T>(network, options, source, gradientPass, step);
        if (validation is not null)
        {
            _validationLoss = new LossMeter<T>(new BatchSource<T>(validation, network), backPropagation, work);
        }

        if (options.UpdateRule.Rate is { } figures)
        {
            _judge = new RateJudge<T>(
                _pass,
                network.Parameters,
                step,
                new AdaptiveRateControl(figures, options.LearningRate),
                new LossMeter<T>(source, backPropagation, work));
        }
    }

    public TrainingResult Run(Action<EpochRecord>? onEpoch, CancellationToken cancellationToken)
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

            if (accepted)
            {
                validationLoss = _validationLoss?.Measure();
            }

            bool isFinite = IsFinite(loss, accepted, validationLoss);
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

        _keeper.Restore();
        return new TrainingResult(reason.Value, _history, _keeper.Epoch);
    }

    /// <summary>A rejected epoch may have had any error, as it was undone, but not when nothing good ever came before it.</summary>
    private bool IsFinite(double loss, bool accepted, double? validationLoss) =>
        accepted
            ? double.IsFinite(loss) && double.IsFinite(validationLoss ?? 0) && _keeper.ParametersAreFinite
            : double.IsFinite(loss) || double.IsFinite(_judge!.AcceptedLoss);
}
