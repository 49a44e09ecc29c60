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

        var targets = ColumnScaling.StandardizeTargets(training);
        Network<float> network = Build(
            training.InputColumns,
            options.NormalizeInputs ? ColumnScaling.StandardizeInputs(training) : null,
            task.TargetScaling(targets));
        int batchSize = options.BatchSize ?? BackPropagationDefaults.BatchSize(training.Rows);
        NetworkTrainer<float> trainer = Trainer(network, targets, batchSize);
        ReportStart(network, training.Rows, validation, batchSize, "all in memory");
        ReportMemory(network, trainer.EstimateMemory(training.Rows, validation?.Rows ?? 0));
        return Finish(network, trainer.Train(training, validation, OnEpoch, options.CancellationToken));
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
        int batchSize = options.BatchSize ?? Math.Min(blockRows, BackPropagationDefaults.BatchSize((int)Math.Min(survey.Inputs.Rows, int.MaxValue)));
        if (batchSize > blockRows && blockRows < survey.Inputs.Rows)
        {
            throw channel.Except(FormattableString.Invariant(
                $"{nameof(options.BatchSize)} is {batchSize}, but {nameof(options.MaximumMemory)} leaves room for {blockRows} of the {survey.Inputs.Rows} training rows; a batch must fit into memory."));
        }

        var targets = survey.Outputs.Standardize<float>();
        Network<float> network = Build(
            columns,
            options.NormalizeInputs ? survey.Inputs.Standardize<float>() : null,
            task.TargetScaling(targets));
        NetworkTrainer<float> trainer = Trainer(network, targets, batchSize);
        ReportStart(network, survey.Inputs.Rows, validation, batchSize, $"streamed in blocks of at most {blockRows} rows");
        ReportMemory(network, trainer.EstimateMemory(blockRows, validation?.Rows ?? 0));
        using var rows = new StreamedRows(data, survey);
        return Finish(network, trainer.Train(rows, blockRows, validation, OnEpoch, options.CancellationToken));
    }

    private int BlockRows(long memory, long bytesPerRow, int columns)
    {
        long rows = Math.Min(memory / bytesPerRow, Array.MaxLength / Math.Max(columns, task.Outputs));
        return rows >= 1
            ? (int)rows
            : throw channel.Except(FormattableString.Invariant(
                $"{nameof(options.MaximumMemory)} leaves {memory} bytes for the training rows, but one row of {columns} features takes {bytesPerRow}."));
    }

    private Network<float> Build(int columns, ColumnScaling? inputScaling, ColumnScaling? outputScaling)
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

        return builder.Build<float>(seed);
    }

    private NetworkTrainer<float> Trainer(Network<float> network, ColumnScaling targets, int batchSize) => new(network, new TrainingOptions
    {
        Loss = task.LossFor(targets.Offsets),
        UpdateRule = options.UpdateRule,
        Regularization = options.Regularization,
        Dropout = options.Dropout,
        LearningRate = options.LearningRate,
        BatchSize = batchSize,
        Epochs = options.NumberOfEpochs,
        Shuffle = options.Shuffle,
        Seed = seed,
        ErrorGoal = options.ErrorGoal,
        ValidationChecks = options.ValidationChecks,
        NumberOfThreads = options.NumberOfThreads ?? 0,
    });

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

    private void ReportStart(Network<float> network, long rows, DataSet<float>? watched, int batchSize, string where) =>
        channel.Info($"Training a {Describe(network)} network with {network.ParameterCount} parameters on {rows} rows, {where}, " +
            $"{watched?.Rows ?? 0} more for validation; batches of {Math.Min(batchSize, rows)}, dropout {options.Dropout}, seed {seed}.");

    private void ReportMemory(Network<float> network, TrainingMemory memory) =>
        channel.Info($"Network: {network.Summary().Replace("\n", "; ", StringComparison.Ordinal)}. Memory for training, besides the data: {memory}.");

    private TrainedNetwork Finish(Network<float> network, TrainingResult result)
    {
        Report(result);
        return new TrainedNetwork(network, result.StopReason, result.BestEpoch, result.History);
    }

    private void OnEpoch(EpochRecord epoch)
    {
        host.CheckAlive();
        channel.Trace(FormattableString.Invariant(
            $"Epoch {epoch.Epoch}: training loss {epoch.TrainingLoss:G6}, validation loss {epoch.ValidationLoss?.ToString("G6", CultureInfo.InvariantCulture) ?? "none"}, learning rate {epoch.LearningRate:G4}, {epoch.Seconds:F3} s."));
    }

    private void Report(TrainingResult result)
    {
        string kept = result.BestEpoch == 0 ? "the weights are those before training" : $"the weights are those of epoch {result.BestEpoch}";
        string summary = $"after {result.History.Count} epochs; {kept}.";
        switch (result.StopReason)
        {
            case StopReason.Cancelled when result.History.Count == 0:
                throw new OperationCanceledException("Training was cancelled before the first epoch was complete.", options.CancellationToken);
            case StopReason.NonFinite:
                channel.Warning($"Training stopped ({result.StopReason}) {summary} Weights or losses became infinite or NaN: " +
                    $"a lower {nameof(options.LearningRate)} than {options.LearningRate} or normalized inputs may help.");
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
