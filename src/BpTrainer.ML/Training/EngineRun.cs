using BpTrainer.Data;
using BpTrainer.ML.Models;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Training;

/// <summary>Hands the rows to the engine, with networks and options that fit them.</summary>
/// <param name="host">The host of the trainer.</param>
/// <param name="warnings">Takes what the user should know, and knows the log.</param>
/// <param name="options">The options of the trainer.</param>
/// <param name="task">What is to be learned.</param>
/// <param name="initial">What to go on from; null to begin with random weights.</param>
/// <param name="labelColumn">The label column, as messages name it.</param>
/// <param name="seed">The seed of everything random.</param>
internal sealed class EngineRun(
    IHost host, WarningList warnings, BackPropagationOptions options, LearningTask task, InitialModel? initial, string labelColumn, int seed)
{
    private readonly RunReport _report = new(host, warnings, options, seed);
    private readonly IChannel _channel = warnings.Channel;

    /// <summary>Trains a network on rows in memory.</summary>
    /// <param name="source">Where the rows are from.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="validation">The rows to watch the error on, or none to take a share of <paramref name="rows"/>.</param>
    public TrainedNetwork Train(RowSource source, MLRows rows, DataSet<float>? validation)
    {
        DataSet<float> training = rows.Data;
        if (HasOneClass(training.Rows, HasSeveralTargets(training)) && initial is null)
        {
            return Constant(Prepare(training).Builder, training.TargetRow(0), training.Rows);
        }

        if (validation is null && options.ValidationFraction > 0)
        {
            const int Least = BackPropagationDefaults.MinimumValidationRows;
            (int[] learn, int[] watch) = rows.Groups.Length == 0
                ? ValidationSplit.Draw(Labels(training), task.Classes, options.ValidationFraction, Least, seed)
                : GroupSplit.Draw(Labels(training), rows.Groups, task.Classes, options.ValidationFraction, Least, seed);
            if (watch.Length > 0)
            {
                (validation, training) = (training.Select(watch), training.Select(learn));
            }
        }

        var survey = new FeatureSurvey(source.Features);
        survey.Add(training);
        survey.Report(warnings, source.FeatureNames);
        (NetworkBuilder builder, TrainingOptions engineOptions) = Prepare(training);
        TrainingMemory memory = CheckMemory(builder, engineOptions, training.Rows, validation, training.IsSparse);
        string where = training.IsSparse ? "all in memory without the zeros of their features" : "all in memory";
        _report.Begin(FirstNetwork(builder), engineOptions, training.Rows, memory, validation, where, goesOn: initial is not null);
        return Finish(Trainer(builder, engineOptions).Train(training, validation, _report.OnEpoch, options.CancellationToken), engineOptions.Loss, training, validation);
    }

    /// <summary>Runs a range test for the learning rate on rows in memory.</summary>
    public LearningRateCurve FindLearningRate(DataSet<float> training, double lowest, double highest, int updates)
    {
        if (HasOneClass(training.Rows, HasSeveralTargets(training)))
        {
            throw _channel.Except($"There is no learning rate to look for: all rows have the same label in column '{labelColumn}'.");
        }

        (NetworkBuilder builder, TrainingOptions engineOptions) = Prepare(training);
        CheckMemory(builder, engineOptions, training.Rows, validation: null, training.IsSparse);
        return new NetworkTrainer<float>(FirstNetwork(builder), engineOptions)
            .FindLearningRate(training, lowest, highest, updates, options.CancellationToken);
    }

    private (NetworkBuilder Builder, TrainingOptions Options) Prepare(DataSet<float> training)
    {
        var targets = ColumnScaling.StandardizeTargets(training);
        NetworkBuilder builder = Builder(
            training.InputColumns,
            options.NormalizeInputs ? ColumnScaling.StandardizeInputs(training) : ColumnScaling.LimitInputs(training),
            task.TargetScaling(targets));
        return (builder, Options(targets, options.GivenBatchSize ?? BackPropagationDefaults.BatchSize(training.Rows)));
    }

    /// <summary>Trains a network on rows that do not fit into memory.</summary>
    /// <param name="source">The rows to learn from.</param>
    /// <param name="memory">The most bytes that the rows in memory may take.</param>
    /// <param name="validation">The rows to watch the error on, or none to take a share of <paramref name="source"/>.</param>
    public TrainedNetwork Stream(RowSource source, long memory, DataSet<float>? validation)
    {
        if (source.IsSparse)
        {
            SparseFeatures.WarnOfZeros(warnings, source, $"they do not fit into {nameof(options.MaximumMemory)} and are streamed");
        }

        long mostHeld = Math.Min(memory / source.BytesPerRow / 4, int.MaxValue);
        var draw = new ValidationDraw(validation is null ? options.ValidationFraction : 0, seed);
        var survey = new RowSurvey(source, draw, (int)mostHeld);
        survey.Run(warnings, options.CancellationToken);
        ColumnScaling inputScaling = options.NormalizeInputs ? survey.Inputs.StandardizeInputs<float>() : survey.Inputs.Limit<float>();
        if (HasOneClass(survey.Inputs.Rows, survey.HasSeveralTargets) && initial is null)
        {
            return Constant(Builder(source.Inputs, inputScaling, outputScaling: null), survey.FirstTargets, survey.Inputs.Rows);
        }

        survey.Features.Report(warnings, source.FeatureNames);
        validation ??= survey.Held;
        if (survey.Held is not null)
        {
            memory -= survey.HeldBytes;
        }

        int blockRows = BlockRows(memory, source);
        int batchSize = options.GivenBatchSize ?? Math.Min(blockRows, BackPropagationDefaults.BatchSize((int)Math.Min(survey.Inputs.Rows, int.MaxValue)));
        if (batchSize > blockRows && blockRows < survey.Inputs.Rows)
        {
            string why = options.Rule.IsFullBatchOnly
                ? $"The {nameof(options.Optimizer)} {options.Rule} learns from all rows at once"
                : $"{nameof(options.BatchSize)} is {batchSize}";
            throw _channel.Except(FormattableString.Invariant(
                $"{why}, but {nameof(options.MaximumMemory)} leaves room for {blockRows} of the {survey.Inputs.Rows} training rows; a batch must fit into memory."));
        }

        var targets = survey.Outputs.Standardize<float>();
        NetworkBuilder builder = Builder(source.Inputs, inputScaling, task.TargetScaling(targets));
        TrainingOptions engineOptions = Options(targets, batchSize);
        TrainingMemory trainingMemory = CheckMemory(builder, engineOptions, blockRows, validation, isSparse: false);
        _report.Begin(
            FirstNetwork(builder), engineOptions, survey.Inputs.Rows, trainingMemory, validation, $"streamed in blocks of at most {blockRows} rows", goesOn: initial is not null);
        using var rows = new StreamedRows(survey);
        return Finish(Trainer(builder, engineOptions).Train(rows, blockRows, validation, _report.OnEpoch, options.CancellationToken), engineOptions.Loss, training: null, validation);
    }

    private int BlockRows(long memory, RowSource source)
    {
        long rows = Math.Min(memory / source.BytesPerRow, Array.MaxLength / Math.Max(source.Inputs, task.Outputs));
        return rows >= 1
            ? (int)rows
            : throw _channel.Except(FormattableString.Invariant(
                $"{nameof(options.MaximumMemory)} leaves {memory} bytes for the training rows, but one row of {source.Features} features takes {source.BytesPerRow}."));
    }

    private NetworkBuilder Builder(int columns, ColumnScaling inputScaling, ColumnScaling? outputScaling)
    {
        var builder = new NetworkBuilder(columns);
        foreach (LayerSpec layer in options.GetHiddenLayers(columns, task.Outputs))
        {
            builder.Add(layer);
        }

        // By default outputs start at 0, the mean of the targets: on small, nearly linear sets that generalizes better.
        builder.Add(new LayerSpec(task.Outputs, task.OutputActivation) { Initializer = options.OutputInitializer });
        builder.ScaleInputs(inputScaling);
        if (outputScaling is not null)
        {
            builder.ScaleOutputs(outputScaling);
        }

        return builder;
    }

    private TrainingOptions Options(ColumnScaling targets, int batchSize) =>
        options.ToEngine(seed) with { Loss = task.LossFor(targets.Offsets), BatchSize = batchSize };

    private EnsembleTrainer<float> Trainer(NetworkBuilder builder, TrainingOptions engineOptions) => initial is null
        ? new(builder, engineOptions, options.NumberOfNetworks)
        : new(initial.Networks, engineOptions, StatesOf(initial));

    /// <summary>What the optimizer goes on with; null if the initial model has nothing of it.</summary>
    private IReadOnlyList<OptimizerState>? StatesOf(InitialModel model)
    {
        if (model.States is not [var first, ..])
        {
            return null;
        }

        if (!first.Fits(options.Rule))
        {
            _channel.Info($"The optimizer {options.Rule} begins anew: the initial model has the state of {first.Optimizer}.");
            return null;
        }

        return model.States;
    }

    /// <summary>A copy of the network that the first training begins with.</summary>
    private Network<float> FirstNetwork(NetworkBuilder builder)
    {
        Network<float> random = builder.Build<float>(seed);
        if (initial is null)
        {
            return random;
        }

        initial.CheckShape(host, random, options.NumberOfNetworks);
        return initial.Networks[0].Clone();
    }

    private float[] Labels(DataSet<float> data)
    {
        var labels = new float[data.Rows];
        for (int row = 0; task.IsClassification && row < labels.Length; row++)
        {
            labels[row] = task.ClassOf(data.TargetRow(row));
        }

        return labels;
    }

    private static bool HasSeveralTargets(DataSet<float> data)
    {
        for (int row = 1; row < data.Rows; row++)
        {
            if (!data.TargetRow(row).SequenceEqual(data.TargetRow(0)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether all rows are of one class, which a warning says.</summary>
    private bool HasOneClass(long rows, bool hasSeveral)
    {
        bool hasOne = task.IsClassification && !hasSeveral;
        if (hasOne)
        {
            warnings.Add(nameof(StopReason.OneClass), $"All {rows} usable rows of the training data have the same label in column '{labelColumn}'; {(initial is null ? "a model of them always predicts it" : "training goes on with that class alone")}.");
        }

        return hasOne;
    }

    /// <summary>
    /// A model that predicts one class whatever the features are, since there is none to tell it from. By the rule of succession, n rows of one of K classes
    /// give it the probability (n + 1) / (n + K).
    /// </summary>
    private TrainedNetwork Constant(NetworkBuilder builder, ReadOnlySpan<float> targets, long rows)
    {
        float logit = MathF.Log(rows + 1);
        var networks = new Network<float>[options.AverageNetworks ? options.NumberOfNetworks : 1];
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

                output.SetBias(o, logit * (output.Outputs == 1 ? (2 * targets[o]) - 1 : targets[o]));
            }
        }

        return new TrainedNetwork(networks[0], options.AverageNetworks ? new NetworkEnsemble<float>(networks) : null, StopReason.OneClass, BestEpoch: 0, History: []);
    }

    /// <summary>The memory for training. Refuses more than there is before any of it is taken, and names the option that asks for it.</summary>
    private TrainingMemory CheckMemory(NetworkBuilder builder, TrainingOptions engineOptions, int rowsInMemory, DataSet<float>? validation, bool isSparse)
    {
        try
        {
            TrainingMemory memory = builder.CheckMemory<float>(engineOptions, rowsInMemory, validation?.Rows ?? 0, isSparse);
            TrainingMemory.ThrowIfNotAvailable((double)memory.Parameters * options.NumberOfNetworks, nameof(options.NumberOfNetworks), options.NumberOfNetworks);
            return memory;
        }
        catch (ArgumentException e) when (e.ParamName == "layers")
        {
            (string option, string value) = options.LayersOption;
            throw host.ExceptUserArg(option, $"{option} is {value}. {e.Message}");
        }
    }

    private TrainedNetwork Finish(EnsembleResult<float> result, Loss loss, DataSet<float>? training, DataSet<float>? validation)
    {
        _report.End(result);
        EnsembleMember<float> best = result.Best;
        NetworkEnsemble<float>? ensemble = options.AverageNetworks ? result.ToEnsemble() : null;
        if ((validation ?? training) is { } judged)
        {
            ConstantBaseline.Report(
                warnings, task, loss, judged, validation is null ? "training" : "validation", ensemble ?? new NetworkEnsemble<float>([best.Network]));
        }

        IReadOnlyList<Network<float>> networks = ensemble?.Networks ?? [best.Network];
        return new TrainedNetwork(best.Network, ensemble, best.Result.StopReason, best.Result.BestEpoch, best.Result.History)
        {
            OptimizerStates = [.. networks.Select(network => result.Runs.First(run => run.Network == network).Result.OptimizerState).OfType<OptimizerState>()],
        };
    }
}
