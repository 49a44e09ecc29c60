using System.Diagnostics;
using BpTrainer.Ensembles;
using BpTrainer.Scalings;
using BpTrainer.Training;

namespace BpTrainer.ML.Training;

/// <summary>Trains networks on rows with the engine, with the layers and engine options that the rows need.</summary>
internal sealed class TrainingRun(
    IHost host, WarningList warnings, BackPropagationOptions options,
    LearningTask task, InitialModel? initial, string labelColumn, int seed)
{
    private readonly NetworkDesign _design = new(host, options, task);
    private HiddenSizeTrials? _trials;

    public TrainedNetwork Train(TrainingRows rows)
    {
        options = Decide(rows);
        if (HasOneClass(rows) && initial is null)
        {
            return OneClassModel.Make(host, options, task, rows, seed);
        }

        _design.CheckEnsemble(rows, options.ToEngine(seed, rows.Count), options.Ensemble.Size);
        CheckUnits();
        HoldOut(rows);
        rows.ReportFeatures(warnings);
        (NetworkBuilder[] builders, TrainingOptions engineOptions) = Prepare(rows);
        if (options.HiddenLayers.Trials is { } trials)
        {
            (builders, engineOptions) = Try(trials, builders, engineOptions, rows);
        }

        return ToModel(Run(builders, engineOptions, rows), engineOptions.Loss, rows);
    }

    /// <summary>Continues training with a few new rows. The weights of the networks in the ensemble and the choice of the best network do
    /// not change.</summary>
    public TrainedNetwork LearnMore(MemoryRows rows, InitialModel model)
    {
        CheckUnits();
        (NetworkBuilder[] builders, TrainingOptions engineOptions) = Prepare(rows);
        IReadOnlyList<EnsembleMember<float>> members = Run(builders, engineOptions with { KeepsLastEpoch = true }, rows).Members;
        NetworkEnsemble<float>? ensemble =
            members.Count > 1 ? new([.. members.Select(member => member.Network)], model.Weights) : null;
        EnsembleMember<float> best = members[model.Best];
        return new TrainedNetwork(best.Network, ensemble, best.Result.StopReason, best.Result.BestEpoch, best.Result.History)
        {
            OptimizerStates = [.. members.Select(member => member.Result.OptimizerState).OfType<OptimizerState>()],
        };
    }

    private EnsembleResult<float> Run(NetworkBuilder[] builders, TrainingOptions engineOptions, TrainingRows rows)
    {
        TrainingMemory memory = _design.CheckMemory(builders[0], engineOptions, rows);
        var report = new RunReport(host, warnings, options, seed);
        report.Begin(builders, engineOptions, rows, memory, isContinued: initial is not null);
        EnsembleTrainer<float> trainer = initial is null
            ? new(builders, engineOptions) { TriesAgain = true, Growth = options.HiddenLayers.Growth }
            : new(initial.Networks, engineOptions, StatesOf(initial));
        EnsembleResult<float> result = rows.Train(trainer, report.OnEpoch, options.CancellationToken);
        report.End(result);
        return result;
    }

    /// <summary>Tries numbers of hidden units; the networks get the chosen number, and the training gets the remaining time.</summary>
    private (NetworkBuilder[] Builders, TrainingOptions Options) Try(
        UnitTrials trials, NetworkBuilder[] builders, TrainingOptions engineOptions, TrainingRows rows)
    {
        _design.CheckMemory(builders[0], engineOptions, rows);
        long start = Stopwatch.GetTimestamp();
        _trials = new HiddenUnitTrials(host, warnings, options, seed)
            .Run(trials, trials.Sizes(rows.Inputs, task.Outputs), builders[0], engineOptions, rows);
        int units = _trials.Choice.Units;
        TimeSpan? left = engineOptions.TimeBudget - Stopwatch.GetElapsedTime(start);
        return (
            Array.ConvertAll(builders, builder => builder.WithHiddenUnits(units)),
            engineOptions with { TimeBudget = left <= TimeSpan.Zero ? TimeSpan.FromTicks(1) : left });
    }

    public LearningRateCurve FindLearningRate(MemoryRows rows, double lowest, double highest, int updates)
    {
        if (HasOneClass(rows))
        {
            throw warnings.Channel.Except(
                $"There is no learning rate to search for: all rows have the same label in column '{labelColumn}'.");
        }

        options = Decide(rows);
        _design.CheckEnsemble(rows, options.ToEngine(seed, rows.Count), options.Ensemble.Size);
        (NetworkBuilder[] builders, TrainingOptions engineOptions) = Prepare(rows);
        _design.CheckMemory(builders[0], engineOptions, rows);
        Network<float> network = initial?.Networks[0].Clone() ?? builders[0].Build<float>(seed);
        return new NetworkTrainer<float>(network, engineOptions)
            .FindLearningRate(rows.Samples, lowest, highest, updates, options.CancellationToken);
    }

    /// <summary>The options, with the number of networks if the rule chooses it.</summary>
    private BackPropagationOptions Decide(TrainingRows rows)
    {
        if (!options.Ensemble.IsAuto)
        {
            return options;
        }

        BackPropagationOptions decided = options.Copy();
        decided.Ensemble = initial?.Networks.Count ?? EnsembleRule.Size(
            rows.Count, [rows.Inputs, .. _design.Arrange(rows).Select(layer => layer.Outputs)],
            options.ToEngine(seed, rows.Count).Epochs);
        return decided;
    }

    /// <summary>
    /// Draws the validation part of each network. There is one part for all if the best network is kept, because the losses must then be
    /// measured on the same rows, or if the last rows are for validation.
    /// </summary>
    private void HoldOut(TrainingRows rows)
    {
        int parts = options.Ensemble.Averages && options.ValidationRows == ValidationRows.Random ? options.Ensemble.Size : 1;
        rows.HoldOut(options.ValidationFraction, EnsembleTrainer<float>.DrawSeeds(seed, parts));
    }

    /// <summary>Throws if training is to find a number of units that is already known from an initial model.</summary>
    private void CheckUnits() => host.CheckUserArg(
        initial is null || options.HiddenLayers is { Trials: null, Growth: null },
        nameof(options.HiddenLayers),
        $"{nameof(options.HiddenLayers)} is {options.HiddenLayers}, but the training of a model is continued, and its number of " +
        $"hidden units is known: give {string.Join(", ", initial?.Networks[0].Layers.SkipLast(1).Select(layer => layer.Outputs) ?? [])}.");

    /// <summary>A builder for each network, and the options of the engine.</summary>
    private (NetworkBuilder[] Builders, TrainingOptions Options) Prepare(TrainingRows rows)
    {
        initial?.CheckShape(host, readsCodes => _design.Arrange(rows, readsCodes), options.Ensemble.Size);
        int batchSize = options.BatchSizeFor(rows.Count);
        if (batchSize > rows.CountInMemory && rows.CountInMemory < rows.Count)
        {
            bool isFullBatch = options.Optimizer.IsFullBatchOnly;
            string why = isFullBatch
                ? $"The {nameof(options.Optimizer)} {options.Optimizer} learns from all rows at once"
                : $"{nameof(options.BatchSize)} is {batchSize}";
            batchSize = options.BatchSize is null && !isFullBatch ? rows.CountInMemory : throw warnings.Channel.Except(
                $"{why}, but {nameof(options.MaximumMemory)} leaves room for {rows.CountInMemory} of the {rows.Count} training rows; " +
                "a batch must fit into memory.");
        }

        ColumnStatistics targets = rows.TargetStatistics();
        TrainingOptions engineOptions =
            options.ToEngine(seed, rows.Count) with { Loss = task.LossFor(targets.Means), BatchSize = batchSize };
        ColumnScaling? outputScaling = task.TargetScaling(targets);
        NetworkBuilder plain = _design.Describe(rows, outputScaling), encoded = plain;
        if (initial is null)
        {
            OutputRange.Check(warnings, labelColumn, task, targets, outputScaling);
            encoded = _design.Encode(rows, engineOptions) is { } encoding ? _design.Describe(rows, outputScaling, encoding) : plain;
        }

        FeatureEncoding choice = options.FeatureEncoding;
        return ([.. Enumerable.Range(0, options.Ensemble.Size).Select(k => choice.Encodes(network: k) ? encoded : plain)], engineOptions);
    }

    /// <summary>The states with which the optimizer continues; null if the initial model has no states that fit it.</summary>
    private IReadOnlyList<OptimizerState>? StatesOf(InitialModel model)
    {
        if (model.States is [var first, ..] && !first.Fits(options.Optimizer))
        {
            warnings.Channel.Info($"The optimizer {options.Optimizer} starts anew: the initial model has the state of {first.Optimizer}.");
            return null;
        }

        return model.States.Count > 0 ? model.States : null;
    }

    /// <summary>Whether all rows belong to one class; if so, this warns.</summary>
    private bool HasOneClass(TrainingRows rows)
    {
        bool hasOne = task.IsClassification && !rows.HasSeveralLabels;
        if (hasOne)
        {
            string effect = initial is null ? "the model always predicts it" : "training continues with that class alone";
            warnings.Add(
                nameof(StopReason.OneClass),
                $"All {rows.Count} usable rows of the training data have the same label in column '{labelColumn}'; {effect}.");
        }

        return hasOne;
    }

    private TrainedNetwork ToModel(EnsembleResult<float> result, Loss loss, TrainingRows rows)
    {
        EnsembleMember<float> best = result.Best;
        NetworkEnsemble<float>? ensemble = options.Ensemble.Averages ? result.ToEnsemble() : null;
        IReadOnlyList<Network<float>> networks = ensemble?.Networks ?? [best.Network];
        List<DataSet<float>?> judges = [];
        for (int k = 0; k < result.Members.Count; k++)
        {
            if (networks.Contains(result.Members[k].Network))
            {
                judges.Add(rows.JudgesOf(k));
            }
        }

        ConstantBaseline.Report(
            warnings, task, loss, rows.Validation is null ? "training" : "validation", networks, judges,
            isSecondTry: result.Members.Any(run => run.Discarded is not null));
        var states = networks.Select(network => result.Members.First(run => run.Network == network).Result.OptimizerState);
        return new TrainedNetwork(best.Network, ensemble, best.Result.StopReason, best.Result.BestEpoch, best.Result.History)
        {
            OptimizerStates = [.. states.OfType<OptimizerState>()],
            HiddenSizeTrials = _trials,
            GrowthStages = best.Stages,
        };
    }
}
