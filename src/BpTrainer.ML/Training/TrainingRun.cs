using System.Diagnostics;
using BpTrainer.Ensembles;
using BpTrainer.Networks;
using BpTrainer.Numbers;
using BpTrainer.Scalings;
using BpTrainer.Training;

namespace BpTrainer.ML.Training;

/// <summary>Trains networks on rows with the engine, with layers and options that suit them.</summary>
internal sealed class TrainingRun(
    IHost host, WarningList warnings, BackPropagationOptions options,
    LearningTask task, InitialModel? initial, string labelColumn, int seed)
{
    private HiddenSizeTrials? _trials;

    public TrainedNetwork Train(TrainingRows rows)
    {
        options = Decide(rows);
        if (HasOneClass(rows) && initial is null)
        {
            return Constant(rows);
        }

        CheckEnsemble(rows);
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

    /// <summary>Continues with a few new rows. The networks weigh as before, and the best is the one that it was.</summary>
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
        TrainingMemory memory = CheckMemory(builders, engineOptions, rows);
        var report = new RunReport(host, warnings, options, seed);
        report.Begin(builders, engineOptions, rows, memory, isContinued: initial is not null);
        EnsembleTrainer<float> trainer = initial is null
            ? new(builders, engineOptions) { TriesAgain = true, Growth = options.HiddenLayers.Growth }
            : new(initial.Networks, engineOptions, StatesOf(initial));
        EnsembleResult<float> result = rows.Train(trainer, report.OnEpoch, options.CancellationToken);
        report.End(result);
        return result;
    }

    /// <summary>Tries numbers of hidden units; the networks get the one that is chosen, and the training the time that is left.</summary>
    private (NetworkBuilder[] Builders, TrainingOptions Options) Try(
        UnitTrials trials, NetworkBuilder[] builders, TrainingOptions engineOptions, TrainingRows rows)
    {
        CheckMemory(builders, engineOptions, rows);
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
            throw warnings.Channel.Except($"There is no learning rate to search: all rows have the same label in column '{labelColumn}'.");
        }

        options = Decide(rows);
        CheckEnsemble(rows);
        (NetworkBuilder[] builders, TrainingOptions engineOptions) = Prepare(rows);
        CheckMemory(builders, engineOptions, rows);
        Network<float> network = initial?.Networks[0].Clone() ?? builders[0].Build<float>(seed);
        return new NetworkTrainer<float>(network, engineOptions)
            .FindLearningRate(rows.Samples, lowest, highest, updates, options.CancellationToken);
    }

    /// <summary>The options with the number of networks, if that is left to the rule.</summary>
    private BackPropagationOptions Decide(TrainingRows rows)
    {
        if (!options.Ensemble.IsAuto)
        {
            return options;
        }

        BackPropagationOptions decided = options.Copy();
        decided.Ensemble = initial?.Networks.Count ?? EnsembleRule.Size(
            rows.Count, [rows.Inputs, .. Arrange(rows).Select(layer => layer.Outputs)],
            options.ToEngine(seed, rows.Count).Epochs);
        return decided;
    }

    /// <summary>
    /// Draws the validation part of each network; one for all where the best is kept, since their losses must be those of the same rows, and
    /// where the last rows validate.
    /// </summary>
    private void HoldOut(TrainingRows rows)
    {
        int parts = options.Ensemble.Averages && options.ValidationRows == ValidationRows.Random ? options.Ensemble.Size : 1;
        rows.HoldOut(options.ValidationFraction, EnsembleTrainer<float>.DrawSeeds(seed, parts));
    }

    /// <summary>Throws when the units that training is to find are known from an initial model.</summary>
    private void CheckUnits() => host.CheckUserArg(
        initial is null || options.HiddenLayers is { Trials: null, Growth: null },
        nameof(options.HiddenLayers),
        $"{nameof(options.HiddenLayers)} is {options.HiddenLayers}, but the training of a model is continued, whose number of hidden " +
        $"units is known: give {string.Join(", ", initial?.Networks[0].Layers.SkipLast(1).Select(layer => layer.Outputs) ?? [])}.");

    /// <summary>A builder for each network, and the options of the engine.</summary>
    private (NetworkBuilder[] Builders, TrainingOptions Options) Prepare(TrainingRows rows)
    {
        initial?.CheckShape(host, readsCodes => Arrange(rows, readsCodes), options.Ensemble.Size);
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
        if (initial is null)
        {
            CheckOutputRange(targets, outputScaling);
        }

        NetworkBuilder plain = Builder(rows, outputScaling);
        NetworkBuilder encoded = Encoding(rows, engineOptions) is { } encoding ? Builder(rows, outputScaling, encoding) : plain;
        FeatureEncoding choice = options.FeatureEncoding;
        return ([.. Enumerable.Range(0, options.Ensemble.Size).Select(k => choice.Encodes(network: k) ? encoded : plain)], engineOptions);
    }

    /// <summary>Warns of labels that are, as scaled, beyond what the output units can give.</summary>
    private void CheckOutputRange(ColumnStatistics targets, ColumnScaling? scaling)
    {
        // What a scaling takes to an end of the range may miss it by a rounding.
        const double Tolerance = 1e-6;
        (double lowest, double highest) = task.OutputActivation.Range;
        for (int c = 0; c < task.Outputs; c++)
        {
            double Scaled(double target) => scaling is null ? target : (target - scaling.Offsets[c]) * scaling.Scales[c];
            double least = Scaled(targets.Smallest[c]), most = Scaled(targets.Largest[c]);
            if (least < lowest - Tolerance || most > highest + Tolerance)
            {
                warnings.Add("LabelsOutOfRange", FormattableString.Invariant(
                    $"The network cannot give all labels of column '{labelColumn}': as it scales them, they are from {least:G4} to {most:G4}") +
                    FormattableString.Invariant($", but the outputs of {task.OutputActivation} from {lowest:G4} to {highest:G4}. ") +
                    $"Set LabelScaling to a {nameof(Scaling.MinMax)} within that range.");
                return;
            }
        }
    }

    /// <summary>The encoding of the features for the networks that read codes; null if none does.</summary>
    private PiecewiseLinearEncoding? Encoding(TrainingRows rows, TrainingOptions engineOptions)
    {
        FeatureEncoding choice = options.FeatureEncoding;
        bool isLeftOut = choice.IsAuto && (rows.IsSparse || !engineOptions.TakesEncoding);
        if (initial is not null || isLeftOut || !choice.Encodes(network: 0))
        {
            return null;
        }

        PiecewiseLinearEncoding encoding = rows.Encode(choice.Bins);
        return choice.Allows(encoding) ? encoding : null;
    }

    private NetworkBuilder Builder(TrainingRows rows, ColumnScaling? outputScaling, PiecewiseLinearEncoding? encoding = null)
    {
        NetworkBuilder builder = Layers(rows, readsCodes: encoding is not null);
        if (rows.InputScaling(options.FeatureScaling) is { } inputScaling)
        {
            builder.ScaleInputs(inputScaling);
        }

        if (encoding is not null)
        {
            builder.EncodeInputs(encoding);
        }

        return outputScaling is null ? builder : builder.ScaleOutputs(outputScaling);
    }

    private NetworkBuilder Layers(TrainingRows rows, bool readsCodes = false)
    {
        var builder = new NetworkBuilder(rows.Inputs);
        foreach (LayerSpec layer in options.HiddenLayers.For(rows.Inputs, task.Outputs, readsCodes))
        {
            builder.Add(layer);
        }

        return builder.Add(new LayerSpec(task.Outputs, task.OutputActivation)
        {
            Initializer = options.OutputInitializer,
            Bias = options.OutputBias,
        });
    }

    /// <summary>The states that the optimizer continues with; null if the initial model has none for it.</summary>
    private IReadOnlyList<OptimizerState>? StatesOf(InitialModel model)
    {
        if (model.States is [var first, ..] && !first.Fits(options.Optimizer))
        {
            warnings.Channel.Info($"The optimizer {options.Optimizer} starts anew: the initial model has the state of {first.Optimizer}.");
            return null;
        }

        return model.States.Count > 0 ? model.States : null;
    }

    /// <summary>Whether all rows are of one class, which a warning says.</summary>
    private bool HasOneClass(TrainingRows rows)
    {
        bool hasOne = task.IsClassification && !rows.HasSeveralLabels;
        if (hasOne)
        {
            string effect = initial is null ? "a model of them always predicts it" : "training is continued with that class alone";
            warnings.Add(
                nameof(StopReason.OneClass),
                $"All {rows.Count} usable rows of the training data have the same label in column '{labelColumn}'; {effect}.");
        }

        return hasOne;
    }

    /// <summary>
    /// A model that predicts one class whatever the features are. By the rule of succession, n rows of one of K classes give it the
    /// probability (n + 1) / (n + K).
    /// </summary>
    private TrainedNetwork Constant(TrainingRows rows)
    {
        var targets = new float[task.Outputs];
        task.WriteTargets(rows.FirstLabels, targets);
        double others = Math.Max(task.Classes - 1, 1), rare = 1 / (rows.Count + 1 + others);
        options = options.Copy();
        options.OutputBias = BiasKind.PerUnit;
        NetworkBuilder builder = Builder(rows, task.TargetScaling(rows.TargetStatistics()));
        var networks = new Network<float>[options.Ensemble.Averages ? options.Ensemble.Size : 1];
        for (int run = 0; run < networks.Length; run++)
        {
            networks[run] = builder.Build<float>(seed + run);
            Layer<float> output = networks[run].Layers[^1];
            for (int o = 0; o < output.Outputs; o++)
            {
                for (int i = 0; i < output.Inputs; i++)
                {
                    output.SetWeight(i, o, 0);
                }

                double p = targets[o] == 1 ? 1 - (others * rare) : rare;
                output.SetBias(o, ProbabilityOutput.BiasFor(task.OutputActivation, p));
            }
        }

        NetworkEnsemble<float>? ensemble = options.Ensemble.Averages ? new NetworkEnsemble<float>(networks) : null;
        return new TrainedNetwork(networks[0], ensemble, StopReason.OneClass, BestEpoch: 0, new TrainingHistory([]));
    }

    /// <summary>
    /// The memory for training. If it exceeds what there is, the option that asks for it is refused before any is allocated.
    /// </summary>
    private TrainingMemory CheckMemory(NetworkBuilder[] builders, TrainingOptions engineOptions, TrainingRows rows)
    {
        try
        {
            return TrainingMemory.Check<float>(
                builders[0], engineOptions, rows.CountInMemory, rows.Validation?.Rows ?? 0, rows.IsSparse);
        }
        catch (ArgumentException e) when (e.ParamName == "layers")
        {
            throw TooLarge(e);
        }
    }

    /// <summary>Refuses more networks, with the numbers of the rows that each learns from, than there is memory for.</summary>
    private void CheckEnsemble(TrainingRows rows)
    {
        TrainingMemory memory = CheckMemory([Layers(rows)], options.ToEngine(seed, rows.Count), rows);
        double bytesOfOne = memory.Parameters + ((double)rows.CountInMemory * sizeof(int));
        MemorySize.ThrowIfNotAvailable(options.Ensemble.Size * bytesOfOne, nameof(options.Ensemble), options.Ensemble.Size);
    }

    /// <summary>The layers of a network, without the weights of the codes that it reads.</summary>
    private LayerLayout[] Arrange(TrainingRows rows, bool readsCodes = false)
    {
        try
        {
            return Layers(rows, readsCodes).Arrange<float>();
        }
        catch (ArgumentException e) when (e.ParamName == "layers")
        {
            throw TooLarge(e);
        }
    }

    private Exception TooLarge(ArgumentException e) => host.ExceptUserArg(
        nameof(options.HiddenLayers), $"{nameof(options.HiddenLayers)} is {options.HiddenLayers}. {e.Message}");

    private TrainedNetwork ToModel(EnsembleResult<float> result, Loss loss, TrainingRows rows)
    {
        EnsembleMember<float> best = result.Best;
        NetworkEnsemble<float>? ensemble = options.Ensemble.Averages ? result.ToEnsemble() : null;
        IReadOnlyList<Network<float>> networks = ensemble?.Networks ?? [best.Network];
        ConstantBaseline.Report(
            warnings, task, loss, rows.Validation is null ? "training" : "validation",
            [.. result.Members.Index().Where(run => networks.Contains(run.Item.Network))
                .Select(run => (run.Item.Network, rows.JudgesOf(run.Index)))],
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
