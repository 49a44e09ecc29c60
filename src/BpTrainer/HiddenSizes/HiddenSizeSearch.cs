using BpTrainer.Ensembles;

namespace BpTrainer;

/// <summary>
/// Tries numbers of hidden units: trains a network of each size, in parallel on the allowed threads, and chooses by the validation loss.
/// Except for the times, the result is the same for every number of threads.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class HiddenSizeSearch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly (int Units, NetworkBuilder Builder)[] _sizes;
    private readonly TrainingOptions _options;

    /// <summary>Prepares to try sizes.</summary>
    /// <param name="sizes">The numbers of hidden units, such as those of <see cref="HiddenSizes.ByRule(int, int)"/>, all different; each 1
    /// or more.</param>
    /// <param name="describe">Describes the network of a size.</param>
    /// <param name="options">How to train each network. The time budget applies to all networks together, every other stopping rule to each
    /// network. If each size is trained once, its network is the same as if it were built with the seed of the options and trained by a
    /// <see cref="NetworkTrainer{T}"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size or an option is out of its range, or would take more memory than there
    /// is.</exception>
    /// <exception cref="ArgumentException">There is no size, a size is given twice, or an option cannot be combined with a network, with
    /// another option or with several networks.</exception>
    public HiddenSizeSearch(IReadOnlyList<int> sizes, Func<int, NetworkBuilder> describe, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(describe);
        ArgumentNullException.ThrowIfNull(options);
        HiddenSizes.Check(sizes);

        // The largest network takes longest and starts first, so that it does not train alone at the end.
        _sizes = [.. sizes.OrderDescending().Select(units => (units, describe(units).Clone()))];
        _options = options;
        _ = Trainer(folds: 1);
    }

    /// <summary>Trains a network of each size on the same samples.</summary>
    /// <param name="training">The samples to learn.</param>
    /// <param name="validation">The samples to compare the sizes on.</param>
    /// <param name="cancellationToken">Ends the trials within one batch.</param>
    /// <returns>A trial for each size, and the choice.</returns>
    /// <exception cref="ArgumentException">A data set does not have the networks' numbers of inputs and outputs.</exception>
    /// <exception cref="NotFiniteNumberException">Every training diverged before its first good epoch.</exception>
    /// <exception cref="TimeoutException">No training had a good epoch within the time budget.</exception>
    /// <exception cref="OperationCanceledException">The trials were cancelled; incomplete trials have no result.</exception>
    public HiddenSizeTrials Run(DataSet<T> training, DataSet<T> validation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        return Run([training], [validation], cancellationToken);
    }

    /// <summary>Trains a network of each size on each of several splits of the samples, which the caller makes.</summary>
    /// <inheritdoc cref="Run(DataSet{T}, DataSet{T}, CancellationToken)"
    /// path="/*[not(self::param[@name='training']) and not(self::param[@name='validation'])]"/>
    /// <param name="training">The samples to learn, one set for each split; one or more.</param>
    /// <param name="validation">The samples to compare the sizes on, one set for each split.</param>
    public HiddenSizeTrials Run(
        IReadOnlyList<DataSet<T>> training, IReadOnlyList<DataSet<T>> validation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        Guard.Require(
            training.Count > 0 && training.Count == validation.Count,
            $"There are {training.Count} training and {validation.Count} validation sets; "
            + "there must be the same number of both, and at least one.",
            nameof(validation));

        DataSet<T>[] OfAll(IReadOnlyList<DataSet<T>> sets) => [.. _sizes.SelectMany(_ => sets)];

        return Run(
            training.Count, trainer => trainer.Run(OfAll(training), OfAll(validation), cancellationToken: cancellationToken),
            cancellationToken);
    }

    /// <summary>
    /// Cross-validates a network of each size: the samples are distributed at random over folds, by the seed of the options, and each fold
    /// validates a network that was trained on the other folds.
    /// </summary>
    /// <inheritdoc cref="Run(DataSet{T}, DataSet{T}, CancellationToken)"/>
    /// <param name="samples">The samples.</param>
    /// <param name="folds">The number of folds, from 2 to the number of samples. Default: 5.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="folds"/> is out of its range.</exception>
    public HiddenSizeTrials CrossValidate(DataSet<T> samples, int folds = 5, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (folds < 2 || folds > samples.Rows)
        {
            throw Guard.OutOfRange(nameof(folds), folds, $"from 2 to {samples.Rows}, the number of samples");
        }

        int[] order = [.. Enumerable.Range(0, samples.Rows)];
        new RandomStream(_options.Seed, RandomPurpose.Folds).Shuffle(order);
        ILookup<int, int> rows = Enumerable.Range(0, order.Length).ToLookup(i => i % folds, i => order[i]);
        IEnumerable<int> numbers = Enumerable.Range(0, folds);
        return Run(
            [.. numbers.Select(fold => samples.Select([.. order.Except(rows[fold]).Order()]))],
            [.. numbers.Select(fold => samples.Select([.. rows[fold].Order()]))],
            cancellationToken);
    }

    /// <summary>Trains a network of each size on samples that do not fit into memory, one size after another.</summary>
    /// <inheritdoc cref="Run(DataSet{T}, DataSet{T}, CancellationToken)"/>
    /// <param name="blockRows">The maximum number of rows in memory at once, at least the batch size.</param>
    public HiddenSizeTrials Run(
        IRowStream<T> training, int blockRows, DataSet<T> validation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(validation);
        return Run(
            folds: 1, trainer => trainer.Run(training, blockRows, validation, cancellationToken: cancellationToken), cancellationToken);
    }

    private HiddenSizeTrials Run(int folds, Func<EnsembleTrainer<T>, EnsembleResult<T>> train, CancellationToken cancellationToken)
    {
        IReadOnlyList<EnsembleMember<T>> members = train(Trainer(folds)).Members;
        cancellationToken.ThrowIfCancellationRequested();
        if (members.All(member => member.Result.BestEpoch == 0))
        {
            throw new TimeoutException(
                $"No training had a good epoch within the {nameof(TrainingOptions.TimeBudget)} of {_options.TimeBudget}; give more time.");
        }

        return new HiddenSizeTrials(
            [.. members.Chunk(folds).Zip(_sizes, (runs, size) => new HiddenSizeTrial(
                size.Units, runs[0].Network.ParameterCount, [.. runs.Select(run => RunOf(run.Result))]))]);
    }

    private static HiddenSizeRun RunOf(TrainingResult result) => new(
        result.Loss, result.BestEpoch, result.History.Count, result.History.LastOrDefault()?.Seconds ?? 0, result.StopReason);

    /// <summary>The trainer of the networks of all folds of the first size, then those of the second size, and so on. A fold has the same
    /// seed for every size.</summary>
    private EnsembleTrainer<T> Trainer(int folds)
    {
        int[] seeds = EnsembleTrainer<T>.DrawSeeds(_options.Seed, folds);
        return new EnsembleTrainer<T>([.. _sizes.SelectMany(size => Enumerable.Repeat(size.Builder, folds))], _options)
        {
            Seeds = [.. _sizes.SelectMany(_ => seeds)],
        };
    }
}
