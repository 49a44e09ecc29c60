using System.Globalization;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Training;

/// <summary>Tells the log and the callbacks of the options how a training goes, and the engine whether they want it to stop.</summary>
/// <param name="host">The host of the trainer.</param>
/// <param name="warnings">Takes what the user should know, and knows the log.</param>
/// <param name="options">The options of the trainer.</param>
/// <param name="seed">The seed of everything random.</param>
internal sealed class RunReport(IHost host, WarningList warnings, BackPropagationOptions options, int seed)
{
    private readonly IChannel _channel = warnings.Channel;

    /// <summary>Logs what is going to be trained.</summary>
    /// <param name="network">The network that the first training begins with.</param>
    /// <param name="engineOptions">How it learns.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="memory">What training takes besides the data.</param>
    /// <param name="watched">The rows to watch the error on; null for none.</param>
    /// <param name="where">Where the rows are.</param>
    /// <param name="goesOn">Whether training goes on from a model.</param>
    public void Begin(
        Network<float> network, TrainingOptions engineOptions, long rows, TrainingMemory memory, DataSet<float>? watched, string where, bool goesOn)
    {
        _channel.Info($"Training a {Describe(network)} network with {network.ParameterCount} parameters on {rows} rows, {where}, " +
            $"{watched?.Rows ?? 0} more for validation; batches of {Math.Min(engineOptions.BatchSize, rows)}, optimizer {engineOptions.Optimizer}, regularization {options.Regularization}, seed {seed}.");
        _channel.Info($"Network: {network.Summary().Replace("\n", "; ", StringComparison.Ordinal)}. Memory for training, besides the data: {memory}.");
        if (watched is null && options is { ValidationFraction: > 0, RowGroupColumnName: { } group })
        {
            warnings.Add("NoValidationRows", $"There are no rows to watch the error on: column '{group}' has no groups that make up a validation part.");
        }

        if (options.NumberOfNetworks > 1)
        {
            _channel.Info($"{options.NumberOfNetworks} such networks from {(goesOn ? "those of the initial model" : "different weights")}: {(options.AverageNetworks ? "all predict together" : "the best is kept")}.");
        }
    }

    /// <summary>Passes on an epoch. The engine makes one call at a time.</summary>
    public void OnEpoch(EpochProgress progress)
    {
        host.CheckAlive();
        EpochRecord epoch = progress.Epoch;
        string which = options.NumberOfNetworks > 1 ? $"Network {progress.Network + 1}, epoch" : "Epoch";
        _channel.Trace(FormattableString.Invariant(
            $"{which} {epoch.Epoch}: training loss {epoch.TrainingLoss:G6}, validation loss {epoch.ValidationLoss?.ToString("G6", CultureInfo.InvariantCulture) ?? "none"}, learning rate {epoch.LearningRate:G4}, {epoch.Seconds:F3} s."));
        options.Progress?.Report(epoch);
        options.OnEpoch?.Invoke(progress);
    }

    /// <summary>Logs why training ended, unless it came to nothing: then it throws.</summary>
    /// <exception cref="OperationCanceledException">Training was cancelled, and the options ask for this, or there is no model yet.</exception>
    /// <exception cref="InvalidOperationException">The time was over before there was a model.</exception>
    public void End(EnsembleResult<float> result)
    {
        EnsembleMember<float> best = result.Best;
        int epochs = best.Result.History.Count;
        int cancelled = result.Runs.Count(run => run.Result.StopReason == StopReason.Cancelled);
        if (cancelled > 0 && options.ThrowOnCancellation)
        {
            string when = result.Runs.Count == 1 ? $"after {epochs} whole epochs" : $"while {cancelled} of {result.Runs.Count} networks still learned";
            throw new OperationCanceledException($"Training was cancelled {when}.", options.CancellationToken);
        }

        if (result.Runs.Count > 1)
        {
            _channel.Info($"Of {result.Runs.Count} networks, the one with the seed {best.Seed} has the lowest loss.");
        }

        string kept = best.Result.BestEpoch == 0 ? "the weights are those before training" : $"the weights are those of epoch {best.Result.BestEpoch}";
        string stop = $"Training stopped ({best.Result.StopReason}) after {epochs} epochs; {kept}.";
        switch (best.Result.StopReason)
        {
            case StopReason.Cancelled when epochs == 0:
                throw new OperationCanceledException("Training was cancelled before the first epoch was complete.", options.CancellationToken);
            case StopReason.TimeBudgetReached when epochs == 0:
                throw _channel.Except($"The {nameof(options.TimeBudget)} of {options.TimeBudget} was over before the first epoch was complete; give more time.");
            case StopReason.Cancelled:
                warnings.Add(nameof(StopReason.Cancelled), stop);
                break;
            default:
                _channel.Info(stop);
                break;
        }

        foreach ((EnsembleMember<float> run, int number) in result.Runs.Select((run, k) => (run, k + 1)))
        {
            string which = result.Runs.Count > 1 ? $"Network {number} of {result.Runs.Count}: " : "";
            foreach (TrainingWarning warning in run.Result.Warnings)
            {
                warnings.Add(warning.Id, which + warning.Text);
            }
        }

        if (cancelled > 0 && result.Runs.Count > 1)
        {
            warnings.Add(nameof(StopReason.Cancelled), $"{cancelled} of {result.Runs.Count} networks were cancelled while they still learned.");
        }
    }

    private static string Describe(Network<float> network) =>
        $"{network.Inputs}-{string.Join('-', network.Layers.Select(layer => layer.Outputs))}";
}
