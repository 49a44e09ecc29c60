using BpTrainer.Ensembles;
using BpTrainer.Training;
using System.Globalization;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Training;

/// <summary>Reports the course of a training to the log and the callback.</summary>
/// <param name="host">The host of the trainer.</param>
/// <param name="warnings">Takes what the user should know, and knows the log.</param>
/// <param name="options">The options of the trainer.</param>
/// <param name="seed">The seed of everything random.</param>
internal sealed class RunReport(IHost host, WarningList warnings, BackPropagationOptions options, int seed)
{
    private readonly IChannel _channel = warnings.Channel;

    /// <summary>Logs what is going to be trained.</summary>
    /// <param name="network">The network that the first training starts from.</param>
    /// <param name="engineOptions">How it learns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="memory">What training takes besides the data.</param>
    /// <param name="isContinued">Whether the training of a model is continued.</param>
    public void Begin(Network<float> network, TrainingOptions engineOptions, TrainingRows rows, TrainingMemory memory, bool isContinued)
    {
        _channel.Info(
            $"Training a {Describe(network)} network with {network.ParameterCount} parameters on {rows.Count} rows, {rows.Place}, " +
            $"{rows.Validation?.Rows ?? 0} more for validation; batches of {Math.Min(engineOptions.BatchSize, rows.Count)}, " +
            $"optimizer {engineOptions.Optimizer}, regularization {options.Regularization}, seed {seed}.");
        _channel.Info($"Network: {network.Summary().Replace("\n", "; ", StringComparison.Ordinal)}. Memory for training, besides the data: {memory}.");
        if (rows.Validation is null && options is { ValidationFraction: > 0, RowGroupColumnName: { } group })
        {
            warnings.Add("NoValidationRows", $"There are no validation rows: column '{group}' has no groups that make up a validation part.");
        }

        if (options.Ensemble.Size > 1)
        {
            string start = isContinued ? "those of the initial model" : "different weights";
            _channel.Info(
                $"{options.Ensemble.Size} such networks from {start}: {(options.Ensemble.Averages ? "all predict together" : "the best is kept")}.");
        }
    }

    /// <summary>Logs an epoch and calls the callback. The engine makes one call at a time.</summary>
    public void OnEpoch(EpochProgress progress)
    {
        host.CheckAlive();
        EpochRecord epoch = progress.Epoch;
        string which = options.Ensemble.Size > 1 ? $"Network {progress.Network + 1}, epoch" : "Epoch";
        string validation = epoch.ValidationLoss?.ToString("G6", CultureInfo.InvariantCulture) ?? "none";
        _channel.Trace(FormattableString.Invariant(
            $"{which} {epoch.Epoch}: training loss {epoch.TrainingLoss:G6}, validation loss {validation}, learning rate {epoch.LearningRate:G4}, ") +
            FormattableString.Invariant($"{epoch.Seconds:F3} s."));
        options.OnEpoch?.Invoke(progress);
    }

    /// <summary>Logs why training ended.</summary>
    /// <exception cref="OperationCanceledException">Training was cancelled before the first epoch was complete.</exception>
    /// <exception cref="InvalidOperationException">The time was over before the first epoch was complete.</exception>
    public void End(EnsembleResult<float> result)
    {
        EnsembleMember<float> best = result.Best;
        int epochs = best.Result.History.Count;
        int cancelled = result.Members.Count(run => run.Result.StopReason == StopReason.Cancelled);
        if (result.Members.Count > 1)
        {
            _channel.Info($"Of {result.Members.Count} networks, the one with the seed {best.Seed} has the lowest loss.");
        }

        string kept = best.Result.BestEpoch == 0 ? "the weights are those before training" : $"the weights are those of epoch {best.Result.BestEpoch}";
        string stop = $"Training stopped ({best.Result.StopReason}) after {epochs} epochs; {kept}.";
        switch (best.Result.StopReason)
        {
            case StopReason.Cancelled when epochs == 0:
                throw new OperationCanceledException("Training was cancelled before the first epoch was complete.", options.CancellationToken);
            case StopReason.TimeBudgetReached when epochs == 0:
                throw _channel.Except(
                    $"The {nameof(options.TimeBudget)} of {options.TimeBudget} was over before the first epoch was complete; give more time.");
            case StopReason.Cancelled:
                warnings.Add(nameof(StopReason.Cancelled), stop);
                break;
            default:
                _channel.Info(stop);
                break;
        }

        foreach ((EnsembleMember<float> run, int number) in result.Members.Select((run, k) => (run, k + 1)))
        {
            string which = result.Members.Count > 1 ? $"Network {number} of {result.Members.Count}: " : "";
            foreach (TrainingWarning warning in run.Result.Warnings)
            {
                warnings.Add(warning.Id, which + warning.Text);
            }
        }

        if (cancelled > 0 && result.Members.Count > 1)
        {
            warnings.Add(nameof(StopReason.Cancelled), $"{cancelled} of {result.Members.Count} networks were cancelled while they still learned.");
        }
    }

    private static string Describe(Network<float> network) =>
        $"{network.Inputs}-{string.Join('-', network.Layers.Select(layer => layer.Outputs))}";
}
