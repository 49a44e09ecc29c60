using BpTrainer.Networks;

namespace BpTrainer.ML.Training;

/// <summary>Tries the numbers of hidden units of <see cref="HiddenLayers.Try"/> and writes the table of results to the log.</summary>
internal sealed class HiddenUnitTrials(IHost host, WarningList warnings, BackPropagationOptions options, int seed)
{
    /// <exception cref="ArgumentException">There are neither folds nor validation rows.</exception>
    /// <exception cref="InvalidOperationException">There are fewer rows than folds, or half of the time budget is too short for an
    /// epoch.</exception>
    public HiddenSizeTrials Run(
        UnitTrials trials, IReadOnlyList<int> sizes, NetworkBuilder builder, TrainingOptions engineOptions, TrainingRows rows)
    {
        host.CheckUserArg(
            trials.Folds > 0 || rows.Validation is not null,
            nameof(options.HiddenLayers),
            $"{nameof(options.HiddenLayers)} is {trials}, but there are no validation rows to choose by. Give validation data, a " +
            $"{nameof(options.ValidationFraction)} of {ValidationSplit.MinimumRows} rows or more, or folds.");
        warnings.Channel.Info($"Trying {string.Join(", ", sizes)} hidden units.");
        TrainingOptions each = engineOptions with { TimeBudget = engineOptions.TimeBudget / 2, KeepOptimizerState = false };
        var search = new HiddenSizeSearch<float>(sizes, builder.WithHiddenUnits, each);
        try
        {
            HiddenSizeTrials table = rows.Try(search, trials.Folds, seed, options.CancellationToken);
            warnings.Channel.Info($"{table.Choice.Units} hidden units are chosen:\n{table}");
            return table;
        }
        catch (TimeoutException)
        {
            throw warnings.Channel.Except(
                $"Half of the {nameof(options.TimeBudget)} of {options.TimeBudget} was used up before the first epoch of a " +
                "trial was complete; give more time.");
        }
    }
}
