using System.Globalization;
using BpTrainer.Ensembles;
using BpTrainer.Files;
using BpTrainer.Networks;
using BpTrainer.Schedules;
using BpTrainer.Threads;
using BpTrainer.Training;

namespace BpTrainer.ML.Training;

/// <summary>Reports the progress of a training to the log and to the callback.</summary>
internal sealed class RunReport(IHost host, WarningList warnings, BackPropagationOptions options, int seed)
{
    private readonly IChannel _channel = warnings.Channel;
    private DurationEstimate? _duration;

    public void Begin(
        NetworkBuilder[] builders, TrainingOptions engineOptions, TrainingRows rows, TrainingMemory memory, bool isContinued)
    {
        NetworkBuilder builder = builders[0];
        LayerLayout[] layers = builder.Arrange<float>();
        string shape = string.Join('-', layers.Select(layer => $"{layer.Outputs}").Prepend($"{layers[0].DenseInputs}"));
        _channel.Info(
            $"Training a {shape} network with {layers.Sum(layer => layer.ParameterCount)} parameters on {rows.Count} rows, {rows.Place}, " +
            $"{rows.ValidationCount} more for validation; batches of {Math.Min(engineOptions.BatchSize, rows.Count)}, " +
            $"optimizer {engineOptions.Optimizer}, regularization {engineOptions.Regularization}, seed {seed}.");
        string summary = NetworkSummary.Write<float>(layers, builder.InputScaling, builder.OutputScaling);
        _channel.Info(
            $"Network: {summary.Replace("\n", "; ", StringComparison.Ordinal)}. Memory for training, besides the data: {memory}.");
        if (rows.ValidationCount == 0 && options is { ValidationFraction: > 0, RowGroupColumnName: { } group })
        {
            warnings.Add(
                "NoValidationRows", $"There are no validation rows: column '{group}' has no groups that can make up a validation part.");
        }

        if (options.HiddenLayers.Growth is { } growth)
        {
            // The number of stages is not known in advance.
            _channel.Info(
                $"Its hidden layer grows to at most that size, starting with {growth.First} and adding {growth.Step} units in each stage.");
        }
        else
        {
            TrainingLength length = engineOptions.LengthOn(rows.Count);
            int sideBySide = rows.IsInMemory ? Math.Min(WorkItems.Allowed(engineOptions.NumberOfThreads), options.Ensemble.Size) : 1;
            _duration = new DurationEstimate(
                (double)length.Updates / length.UpdatesOfEpoch, options.Ensemble.Size, sideBySide, engineOptions.TimeBudget);
        }

        if (options.Ensemble.Size > 1)
        {
            string start = isContinued ? "those of the initial model" : "different weights";
            string use = options.Ensemble.Averages ? "all of them predict together" : "the best one is kept";
            string parts = rows.HasPartForEach ? ", each with its own validation part" : "";
            int encoded = builders.Count(other => other.InputEncoding is not null);
            string kinds = encoded > 0 && encoded < builders.Length ? $", {encoded} of them with codes of the features" : "";
            _channel.Info($"{options.Ensemble.Size} such networks{kinds} from {start}{parts}: {use}.");
        }
    }

    /// <summary>Logs an epoch and calls the callback. The engine makes one call at a time.</summary>
    public void OnEpoch(EpochProgress<float> progress)
    {
        host.CheckAlive();
        EpochRecord epoch = progress.Epoch;
        string which = options.Ensemble.Size > 1 ? $"Network {progress.NetworkIndex + 1}, epoch" : "Epoch";
        string validation = epoch.ValidationLoss?.ToString("G6", CultureInfo.InvariantCulture) ?? "none";
        _channel.Trace(FormattableString.Invariant(
            $"{which} {epoch.Epoch}: training loss {epoch.TrainingLoss:G6}, validation loss {validation}, ") +
            FormattableString.Invariant($"learning rate {epoch.LearningRate:G4}, {epoch.Seconds:F3} s."));
        if (_duration?.Add(progress.NetworkIndex, epoch) is { } estimate)
        {
            _channel.Info(estimate);
        }

        options.OnEpoch?.Invoke(progress);
    }

    /// <exception cref="OperationCanceledException">Training was cancelled before the first epoch was complete.</exception>
    /// <exception cref="InvalidOperationException">The time budget was used up before the first epoch was complete.</exception>
    public void End(EnsembleResult<float> result)
    {
        EnsembleMember<float> best = result.Best;
        int epochs = best.Result.History.Count;
        int cancelled = result.Members.Count(run => run.Result.StopReason == StopReason.Cancelled);
        if (result.Members.Count > 1)
        {
            _channel.Info($"Of {result.Members.Count} networks, the one with the seed {best.Seed} has the lowest loss.");
        }

        string kept = best.Result.BestEpoch == 0
            ? "the weights are those before training"
            : $"the weights are those of epoch {best.Result.BestEpoch}";
        string stop = $"Training stopped ({best.Result.StopReason}) after {epochs} epochs; {kept}.";
        switch (best.Result.StopReason)
        {
            case StopReason.Cancelled when epochs == 0:
                throw new OperationCanceledException(
                    "Training was cancelled before the first epoch was complete.", options.CancellationToken);
            case StopReason.TimeBudgetReached when epochs == 0:
                throw _channel.Except(
                    $"The {nameof(options.TimeBudget)} of {options.TimeBudget} was used up before the first epoch was complete; " +
                    "give more time.");
            case StopReason.Cancelled:
                warnings.Add(nameof(StopReason.Cancelled), stop);
                break;
            default:
                _channel.Info(stop);
                break;
        }

        for (int k = 0; k < result.Members.Count; k++)
        {
            string which = result.Members.Count > 1 ? $"Network {k + 1} of {result.Members.Count}: " : "";
            if (result.Members[k] is { Discarded: { } discarded } member)
            {
                double loss = Math.Min(member.Loss, discarded.Loss), other = Math.Max(member.Loss, discarded.Loss);
                _channel.Info(which + FormattableString.Invariant(
                    $"hardly better than a constant, whose validation loss is {discarded.ConstantLoss:G6}, ") +
                    FormattableString.Invariant($"so it was trained once more from other weights; ") +
                    FormattableString.Invariant($"of the losses {loss:G6} and {other:G6}, the lower one is kept."));
            }

            if (result.Members[k].Result.BayesianRegularization is { } figures)
            {
                _channel.Info(which + FormattableString.Invariant(
                    $"Of {figures.Parameters} parameters, {figures.EffectiveParameters:F1} are effective; ") +
                    FormattableString.Invariant($"α = {figures.Alpha:G4}, β = {figures.Beta:G4}."));
            }

            foreach ((string id, string text) in result.Members[k].Result.Warnings)
            {
                warnings.Add(id, which + text);
            }
        }

        if (cancelled > 0 && result.Members.Count > 1)
        {
            warnings.Add(
                nameof(StopReason.Cancelled),
                $"{cancelled} of {result.Members.Count} networks were cancelled before their training ended.");
        }
    }
}

/// <summary>
/// The warnings of a training. Each goes to the log at once and is later stored in the model, for users who do not listen to the log.
/// </summary>
internal sealed class WarningList(IChannel channel)
{
    private readonly List<(string Id, string Text)> _all = [];

    public IChannel Channel => channel;

    public IReadOnlyList<(string Id, string Text)> All => _all;

    /// <summary>Adds a warning, unless the same warning was added before.</summary>
    public void Add(string id, string text)
    {
        if (!_all.Contains((id, text)))
        {
            _all.Add((id, text));
            channel.Warning(text);
        }
    }

    /// <summary>Lists the first of some names, and says how many more there are.</summary>
    public static string Names(IReadOnlyList<string> names, int most = 10) =>
        string.Join(", ", names.Take(most)) + (names.Count > most ? $" and {names.Count - most} more" : "");

    public static IReadOnlyList<(string Id, string Text)> Load(BlockReader reader)
    {
        int count = reader.ReadCount("number of warnings", 0, bytesOfEach: 2);
        return [.. Enumerable.Range(0, count).Select(_ => (reader.ReadText(), reader.ReadText()))];
    }

    public static void Save(BinaryWriter writer, IReadOnlyList<(string Id, string Text)> warnings)
    {
        // *** Binary format ***
        // int: number of warnings
        // for each: string: identifier, string: text
        writer.Write(warnings.Count);
        foreach ((string id, string text) in warnings)
        {
            writer.Write(id);
            writer.Write(text);
        }
    }
}
