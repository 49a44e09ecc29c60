using System.Globalization;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>Hands the rows to the engine, and the engine's progress to the channel.</summary>
internal sealed class EngineRun(IHost host, IChannel channel, BackPropagationOptions options, LearningTask task, int seed)
{
    /// <summary>Trains a network on the rows.</summary>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="validation">The rows to watch the error on, or none to take a share of <paramref name="rows"/>.</param>
    public TrainedNetwork Train(TrainingRows rows, TrainingRows? validation)
    {
        DataSet<float> training = rows.ToDataSet(task);
        DataSet<float>? watched = validation?.ToDataSet(task);
        if (watched is null && options.ValidationFraction > 0)
        {
            // A regression has as many validation rows whatever its labels are.
            (int[] learn, int[] watch) = ValidationSplit.Draw(
                rows.Labels.AsSpan(0, rows.Count), task.Classes, options.ValidationFraction, BackPropagationDefaults.MinimumValidationRows, seed);
            if (watch.Length > 0)
            {
                (watched, training) = (training.Take(watch), training.Take(learn));
            }
        }

        var targets = ColumnScaling.Standardize(training.Targets.Span, training.TargetColumns, training.Weights.Span);
        Network<float> network = Build(training, task.TargetScaling(targets));
        int batchSize = options.BatchSize ?? BackPropagationDefaults.BatchSize(training.Rows);
        channel.Info($"Training a {Describe(network)} network with {network.ParameterCount} parameters on {training.Rows} rows, " +
            $"{watched?.Rows ?? 0} more for validation; batches of {Math.Min(batchSize, training.Rows)}, seed {seed}.");

        var trainer = new NetworkTrainer<float>(network, new TrainingOptions
        {
            Loss = task.LossFor(targets.Offsets),
            UpdateRule = options.UpdateRule,
            Regularization = options.Regularization,
            LearningRate = options.LearningRate,
            BatchSize = batchSize,
            Epochs = options.NumberOfEpochs,
            Shuffle = options.Shuffle,
            Seed = seed,
            ErrorGoal = options.ErrorGoal,
            ValidationChecks = options.ValidationChecks,
            NumberOfThreads = options.NumberOfThreads ?? 0,
        });
        channel.Info($"Network: {network.Summary().Replace("\n", "; ", StringComparison.Ordinal)}. " +
            $"Memory for training, besides the data: {trainer.EstimateMemory(training.Rows, watched?.Rows ?? 0)}.");
        TrainingResult result = trainer.Train(training, watched, OnEpoch, options.CancellationToken);
        Report(result);
        return new TrainedNetwork(network, result.StopReason, result.BestEpoch, result.History);
    }

    private Network<float> Build(DataSet<float> training, ColumnScaling? targetScaling)
    {
        var builder = new NetworkBuilder(training.InputColumns);
        foreach (LayerSpec layer in options.GetHiddenLayers(training.InputColumns, task.Outputs))
        {
            builder.Add(layer);
        }

        // By default outputs start at 0, the mean of the targets: on small, nearly linear sets that generalizes better.
        builder.Add(new LayerSpec(task.Outputs, task.OutputActivation) { Initializer = options.OutputInitializer });
        if (options.NormalizeInputs)
        {
            builder.ScaleInputs(ColumnScaling.Standardize(training.Inputs.Span, training.InputColumns, training.Weights.Span));
        }

        if (targetScaling is not null)
        {
            builder.ScaleOutputs(targetScaling);
        }

        return builder.Build<float>(seed);
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
