namespace BpTrainer.Growing;

/// <summary>The stages of a growing network so far, and which of them is the best.</summary>
internal sealed class GrowthHistory<T>(GrowthOptions growth) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<EpochRecord> _epochs = [];
    private readonly List<GrowthStage> _stages = [];
    private readonly List<(string Id, string Text)> _warnings = [];
    private (Network<T> Network, TrainingResult Result)? _best;
    private (Network<T> Network, double Loss)? _lowest;
    private StopReason _reason;
    private int _threads;
    private int _failed;

    /// <summary>The network with the lowest loss, whether or not its units were worth it.</summary>
    public Network<T> Lowest => _lowest!.Value.Network;

    /// <summary>Whether growth ends with the last stage, independent of the number of allowed units.</summary>
    public bool IsEnd => _failed >= growth.Rounds
        || _reason is StopReason.TargetLossReached or StopReason.NonFinite or StopReason.Cancelled or StopReason.TimeBudgetReached
            or StopReason.StopRequested;

    /// <summary>An epoch of the current stage, with its number and seconds counted from the first stage.</summary>
    public EpochRecord CountOn(EpochRecord epoch)
    {
        double before = _epochs.Count > 0 ? _epochs[^1].Seconds : 0;
        return epoch with { Epoch = epoch.Epoch + _epochs.Count, Seconds = epoch.Seconds + before };
    }

    /// <summary>Adds a stage whose epochs are counted from 1.</summary>
    public void Add(Network<T> network, TrainingResult stage)
    {
        int bestEpoch = stage.BestEpoch == 0 ? 0 : stage.BestEpoch + _epochs.Count;
        EpochRecord? best = stage.BestEpoch == 0 ? null : stage.History[stage.BestEpoch - 1];
        _epochs.AddRange([.. stage.History.Select(CountOn)]);
        int units = network.Layers[0].Outputs;
        _stages.Add(new GrowthStage(
            units, stage.History.Count, bestEpoch, best?.TrainingLoss ?? double.PositiveInfinity, best?.ValidationLoss, stage.StopReason));
        _warnings.AddRange(stage.Warnings.Select(warning => (warning.Id, $"With {units} hidden units: {warning.Text}")));
        _reason = stage.StopReason;
        _threads = Math.Max(_threads, stage.Threads);
        Judge(network, stage with { BestEpoch = bestEpoch });
    }

    /// <summary>The best network, and all stages as one training.</summary>
    public GrowingResult<T> ToResult()
    {
        (Network<T> network, TrainingResult best) = _best!.Value;
        var history = new TrainingHistory(_epochs);
        TrainingResult all = best with { StopReason = _reason, History = history, Threads = _threads, Warnings = _warnings };
        return new GrowingResult<T>(network, all, _stages);
    }

    private void Judge(Network<T> network, TrainingResult stage)
    {
        if (_best is null || IsWorthIt(stage, _best.Value.Result.Loss))
        {
            _best = (network, stage);
            _failed = 0;
        }
        else
        {
            _failed++;
        }

        if (_lowest is null || stage.Loss < _lowest.Value.Loss)
        {
            _lowest = (network, stage.Loss);
        }
    }

    /// <summary>Whether a stage lowers a loss by the required share, or to the target.</summary>
    private bool IsWorthIt(TrainingResult stage, double loss) =>
        loss - stage.Loss > growth.LeastGain * Math.Abs(loss) || (stage.StopReason == StopReason.TargetLossReached && stage.Loss < loss);
}
