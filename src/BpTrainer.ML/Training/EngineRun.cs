using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>Hands the rows to the engine, and the engine's progress to the channel.</summary>
/// <param name="host">The host of the trainer.</param>
/// <param name="channel">Takes the progress.</param>
/// <param name="options">The options of the trainer.</param>
/// <param name="task">What is to be learned.</param>
/// <param name="initial">The networks to go on from; null to begin with random weights.</param>
/// <param name="labelColumn">The label column, as messages name it.</param>
/// <param name="seed">The seed of everything random.</param>
internal sealed class EngineRun(
    IHost host, IChannel channel, BackPropagationOptions options, LearningTask task, IReadOnlyList<Network<float>>? initial, string labelColumn, int seed)
{
    private bool _isStopRequested;

    /// <summary>Trains a network on rows in memory.</summary>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="validation">The rows to watch the error on, or none to take a share of <paramref name="rows"/>.</param>
    public TrainedNetwork Train(HeldRows rows, DataSet<float>? validation)
    {
        DataSet<float> training = rows.Data;
        CheckClasses(training.Rows, HasSeveralTargets(training));
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

        (NetworkBuilder builder, TrainingOptions engineOptions) = Prepare(training);
        Report(builder, engineOptions, training.Rows, training.Rows, validation, "all in memory");
        return Finish(Trainer(builder, engineOptions).Train(training, validation, OnEpoch, options.CancellationToken));
    }

    /// <summary>Runs a range test for the learning rate on rows in memory.</summary>
    public LearningRateCurve FindLearningRate(DataSet<float> training, double lowest, double highest, int updates)
    {
        CheckClasses(training.Rows, HasSeveralTargets(training));
        (NetworkBuilder builder, TrainingOptions engineOptions) = Prepare(training);
        return LearningRateFinder.Find(FirstNetwork(builder), engineOptions, training, lowest, highest, updates, options.CancellationToken);
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
    /// <param name="source">The rows to learn from.</param>
    /// <param name="memory">The most bytes that the rows in memory may take.</param>
    /// <param name="validation">The rows to watch the error on, or none to take a share of <paramref name="source"/>.</param>
    public TrainedNetwork Stream(RowSource source, long memory, DataSet<float>? validation)
    {
        long mostHeld = Math.Min(memory / source.BytesPerRow / 4, int.MaxValue);
        var draw = new ValidationDraw(validation is null ? options.ValidationFraction : 0, seed);
        var survey = new RowSurvey(source, draw, (int)mostHeld);
        survey.Run(channel, options.CancellationToken);
        CheckClasses(survey.Inputs.Rows, survey.HasSeveralTargets);
        validation ??= survey.Held;
        if (survey.Held is { } held)
        {
            memory -= RowStore.BytesOf(held);
        }

        int blockRows = BlockRows(memory, source);
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
            source.Inputs,
            options.NormalizeInputs ? survey.Inputs.Standardize<float>() : null,
            task.TargetScaling(targets));
        TrainingOptions engineOptions = Options(targets, batchSize);
        Report(builder, engineOptions, survey.Inputs.Rows, blockRows, validation, $"streamed in blocks of at most {blockRows} rows");
        using var rows = new StreamedRows(survey);
        return Finish(Trainer(builder, engineOptions).Train(rows, blockRows, validation, OnEpoch, options.CancellationToken));
    }

    private int BlockRows(long memory, RowSource source)
    {
        long rows = Math.Min(memory / source.BytesPerRow, Array.MaxLength / Math.Max(source.Inputs, task.Outputs));
        return rows >= 1
            ? (int)rows
            : throw channel.Except(FormattableString.Invariant(
                $"{nameof(options.MaximumMemory)} leaves {memory} bytes for the training rows, but one row of {source.Features} features takes {source.BytesPerRow}."));
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
        options.ToEngine(seed) with { Loss = task.LossFor(targets.Offsets), BatchSize = batchSize, StopWhen = IsToStop };

    private RestartTrainer<float> Trainer(NetworkBuilder builder, TrainingOptions engineOptions) => initial is null
        ? new(builder, engineOptions, options.NumberOfNetworks)
        : new(initial, engineOptions);

    /// <summary>A copy of the network that the first training begins with.</summary>
    private Network<float> FirstNetwork(NetworkBuilder builder)
    {
        Network<float> random = builder.Build<float>(seed);
        if (initial is null)
        {
            return random;
        }

        InitialNetworks.Check(host, initial, random, options.NumberOfNetworks);
        return initial[0].Clone();
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
        Network<float> network = FirstNetwork(builder);
        TrainingMemory memory = new NetworkTrainer<float>(network, engineOptions).EstimateMemory(rowsInMemory, watched?.Rows ?? 0);
        channel.Info($"Training a {Describe(network)} network with {network.ParameterCount} parameters on {rows} rows, {where}, " +
            $"{watched?.Rows ?? 0} more for validation; batches of {Math.Min(engineOptions.BatchSize, rows)}, update rule {engineOptions.UpdateRule}, dropout {options.Dropout}, seed {seed}.");
        channel.Info($"Network: {network.Summary().Replace("\n", "; ", StringComparison.Ordinal)}. Memory for training, besides the data: {memory}.");
        if (options.NumberOfNetworks > 1)
        {
            channel.Info($"{options.NumberOfNetworks} such networks from {(initial is null ? "different weights" : "those of the initial model")}: {(options.AverageNetworks ? "all predict together" : "the best is kept")}.");
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
        options.Progress?.Report(epoch);
        if (options.OnEpoch is { } onEpoch)
        {
            var progress = new EpochProgress(epoch, run, options.NumberOfNetworks);
            onEpoch(progress);
            _isStopRequested |= progress.Stop;
        }
    }

    /// <summary>The engine asks this behind <see cref="OnEpoch"/>, and both one call at a time.</summary>
    private bool IsToStop(EpochRecord epoch) => (options.StopWhen?.Invoke(epoch) ?? false) || _isStopRequested;

    private void Report(TrainingResult result)
    {
        string kept = result.BestEpoch == 0 ? "the weights are those before training" : $"the weights are those of epoch {result.BestEpoch}";
        string summary = $"after {result.History.Count} epochs; {kept}.";
        switch (result.StopReason)
        {
            case StopReason.Cancelled when options.ThrowOnCancellation:
                throw new OperationCanceledException($"Training was cancelled after {result.History.Count} whole epochs.", options.CancellationToken);
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
