using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>Hands the rows to the engine, and the engine's progress to the channel.</summary>
internal sealed class EngineRun(IHost host, IChannel channel, BackPropagationOptions options, LearningTask task, string labelColumn, int seed)
{
    /// <summary>Trains a network on rows in memory.</summary>
    /// <param name="training">The rows to learn from.</param>
    /// <param name="validation">The rows to watch the error on, or none to take a share of <paramref name="training"/>.</param>
    public TrainedNetwork Train(DataSet<float> training, DataSet<float>? validation)
    {
        CheckClasses(training.Rows, HasSeveralTargets(training));
        if (validation is null && options.ValidationFraction > 0)
        {
            (int[] learn, int[] watch) = ValidationSplit.Draw(
                Labels(training), task.Classes, options.ValidationFraction, BackPropagationDefaults.MinimumValidationRows, seed);
            if (watch.Length > 0)
            {
                (validation, training) = (training.Select(watch), training.Select(learn));
            }
        }

        (NetworkBuilder builder, TrainingOptions engineOptions) = Prepare(training);
        Report(builder, engineOptions, training.Rows, training.Rows, validation, "all in memory");
        return Finish(Trainer(builder, engineOptions).Train(training, validation, OnEpoch, options.CancellationToken));
    }

    /// <summary>Runs a range test for the learning rate on rows in memory.</summary>
    public LearningRateCurve FindLearningRate(DataSet<float> training, double lowest, double highest, int updates)
    {
        CheckClasses(training.Rows, HasSeveralTargets(training));
        (NetworkBuilder builder, TrainingOptions engineOptions) = Prepare(training);
        return LearningRateFinder.Find(builder.Build<float>(seed), engineOptions, training, lowest, highest, updates, options.CancellationToken);
    }

    private (NetworkBuilder Builder, TrainingOptions Options) Prepare(DataSet<float> training)
    {
        var targets = ColumnScaling.StandardizeTargets(training);
        NetworkBuilder builder = Builder(
            training.InputColumns,
            options.NormalizeInputs ? ColumnScaling.StandardizeInputs(training) : null,
            task.TargetScaling(targets));
        return (builder, Options(targets, options.GivenBatchSize ?? BackPropagationDefaults.BatchSize(training.Rows)));
    }

    /// <summary>Trains a network on rows that do not fit into memory.</summary>
    /// <param name="data">The rows to learn from.</param>
    /// <param name="columns">The number of features.</param>
    /// <param name="memory">The most bytes that the rows in memory may take.</param>
    /// <param name="validation">The rows to watch the error on, or none to take a share of <paramref name="data"/>.</param>
    public TrainedNetwork Stream(RoleMappedData data, int columns, long memory, DataSet<float>? validation)
    {
        bool hasWeights = data.Schema.Weight.HasValue;
        long bytesPerRow = RowStore.BytesPerRow(columns, task.Outputs, hasWeights);
        long mostHeld = Math.Min(memory / bytesPerRow / 4, int.MaxValue);
        var draw = new ValidationDraw(validation is null ? options.ValidationFraction : 0, seed);
        var survey = new RowSurvey(columns, task, hasWeights, draw, (int)mostHeld);
        survey.Run(channel, data, options.CancellationToken);
        CheckClasses(survey.Inputs.Rows, survey.HasSeveralTargets);
        validation ??= survey.Held;
        if (survey.Held is { } held)
        {
            memory -= RowStore.BytesOf(held);
        }

        int blockRows = BlockRows(memory, bytesPerRow, columns);
        int batchSize = options.GivenBatchSize ?? Math.Min(blockRows, BackPropagationDefaults.BatchSize((int)Math.Min(survey.Inputs.Rows, int.MaxValue)));
        if (batchSize > blockRows && blockRows < survey.Inputs.Rows)
        {
            string why = options.Rule.IsFullBatchOnly
                ? $"The {nameof(options.UpdateRule)} {options.Rule} learns from all rows at once"
                : $"{nameof(options.BatchSize)} is {batchSize}";
            throw channel.Except(FormattableString.Invariant(
                $"{why}, but {nameof(options.MaximumMemory)} leaves room for {blockRows} of the {survey.Inputs.Rows} training rows; a batch must fit into memory."));
        }

        var targets = survey.Outputs.Standardize<float>();
        NetworkBuilder builder = Builder(
            columns,
            options.NormalizeInputs ? survey.Inputs.Standardize<float>() : null,
            task.TargetScaling(targets));
        TrainingOptions engineOptions = Options(targets, batchSize);
        Report(builder, engineOptions, survey.Inputs.Rows, blockRows, validation, $"streamed in blocks of at most {blockRows} rows");
        using var rows = new StreamedRows(data, survey);
        return Finish(Trainer(builder, engineOptions).Train(rows, blockRows, validation, OnEpoch, options.CancellationToken));
    }

    private int BlockRows(long memory, long bytesPerRow, int columns)
    {
        long rows = Math.Min(memory / bytesPerRow, Array.MaxLength / Math.Max(columns, task.Outputs));
        return rows >= 1
            ? (int)rows
            : throw channel.Except(FormattableString.Invariant(
                $"{nameof(options.MaximumMemory)} leaves {memory} bytes for the training rows, but one row of {columns} features takes {bytesPerRow}."));
    }

    private NetworkBuilder Builder(int columns, ColumnScaling? inputScaling, ColumnScaling? outputScaling)
    {
        var builder = new NetworkBuilder(columns);
        foreach (LayerSpec layer in options.GetHiddenLayers(columns, task.Outputs))
        {
            builder.Add(layer);
        }

        // By default outputs start at 0, the mean of the targets: on small, nearly linear sets that generalizes better.
        builder.Add(new LayerSpec(task.Outputs, task.OutputActivation) { Initializer = options.OutputInitializer });
        if (inputScaling is not null)
        {
            builder.ScaleInputs(inputScaling);
        }

        if (outputScaling is not null)
        {
            builder.ScaleOutputs(outputScaling);
        }

        return builder;
    }

    private TrainingOptions Options(ColumnScaling targets, int batchSize) =>
        options.ToEngine(seed) with { Loss = task.LossFor(targets.Offsets), BatchSize = batchSize };

    private RestartTrainer<float> Trainer(NetworkBuilder builder, TrainingOptions engineOptions) =>
        new(builder, engineOptions, options.NumberOfNetworks);

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

    private void CheckClasses(long rows, bool hasSeveral)
    {
        if (task.IsClassification && !hasSeveral)
        {
            throw channel.Except($"All {rows} usable rows of the training data have the same label in column '{labelColumn}'; a classifier needs at least two classes.");
        }
    }

    private void Report(
        NetworkBuilder builder, TrainingOptions engineOptions, long rows, int rowsInMemory, DataSet<float>? watched, string where)
    {
        Network<float> network = builder.Build<float>(seed);
        TrainingMemory memory = new NetworkTrainer<float>(network, engineOptions).EstimateMemory(rowsInMemory, watched?.Rows ?? 0);
        channel.Info($"Training a {Describe(network)} network with {network.ParameterCount} parameters on {rows} rows, {where}, " +
            $"{watched?.Rows ?? 0} more for validation; batches of {Math.Min(engineOptions.BatchSize, rows)}, update rule {engineOptions.UpdateRule}, dropout {options.Dropout}, seed {seed}.");
        channel.Info($"Network: {network.Summary().Replace("\n", "; ", StringComparison.Ordinal)}. Memory for training, besides the data: {memory}.");
        if (options.NumberOfNetworks > 1)
        {
            channel.Info($"{options.NumberOfNetworks} such networks from different weights: {(options.AverageNetworks ? "all predict together" : "the best is kept")}.");
        }
    }

    private TrainedNetwork Finish(RestartResult<float> result)
    {
        TrainedRun<float> best = result.Best;
        if (result.Runs.Count > 1)
        {
            channel.Info($"Of {result.Runs.Count} networks, the one with the seed {best.Seed} has the lowest loss.");
        }

        Report(best.Result);
        return new TrainedNetwork(
            best.Network, options.AverageNetworks ? result.ToEnsemble() : null, best.Result.StopReason, best.Result.BestEpoch, best.Result.History);
    }

    private void OnEpoch(int run, EpochRecord epoch)
    {
        host.CheckAlive();
        string which = options.NumberOfNetworks > 1 ? $"Network {run + 1}, epoch" : "Epoch";
        channel.Trace(FormattableString.Invariant(
            $"{which} {epoch.Epoch}: training loss {epoch.TrainingLoss:G6}, validation loss {epoch.ValidationLoss?.ToString("G6", CultureInfo.InvariantCulture) ?? "none"}, learning rate {epoch.LearningRate:G4}, {epoch.Seconds:F3} s."));
    }

    private void Report(TrainingResult result)
    {
        string kept = result.BestEpoch == 0 ? "the weights are those before training" : $"the weights are those of epoch {result.BestEpoch}";
        string summary = $"after {result.History.Count} epochs; {kept}.";
        switch (result.StopReason)
        {
            case StopReason.Cancelled when result.History.Count == 0:
                throw new OperationCanceledException("Training was cancelled before the first epoch was complete.", options.CancellationToken);
            case StopReason.TimeBudgetReached when result.History.Count == 0:
                throw channel.Except($"The {nameof(options.TimeBudget)} of {options.TimeBudget} was over before the first epoch was complete; give more time.");
            case StopReason.NonFinite:
                channel.Warning($"Training stopped ({result.StopReason}) {summary} Weights or losses became infinite or NaN: " +
                    $"a lower {nameof(options.LearningRate)} than {options.LearningRate?.ToString(CultureInfo.InvariantCulture) ?? $"the default of {options.Rule}"} or normalized inputs may help.");
                break;
            case StopReason.Cancelled:
                channel.Warning($"Training stopped ({result.StopReason}) {summary}");
                break;
            default:
                channel.Info($"Training stopped ({result.StopReason}) {summary}");
                break;
        }
    }

    private static string Describe(Network<float> network) =>
        $"{network.Inputs}-{string.Join('-', network.Layers.Select(layer => layer.Outputs))}";
}
