using BpTrainer.Ensembles;
using BpTrainer.Networks;
using BpTrainer.Stopping;
using BpTrainer.Threads;
using BpTrainer.Training;

namespace BpTrainer;

/// <summary>
/// Trains several networks, from different random weights or from the weights of given networks, to predict together or to keep the best.
/// They train in parallel on the allowed threads, and the remaining threads share the batches of a network. The result is the same, bit for
/// bit, for every number of threads.
/// </summary>
/// <remarks>
/// Network 0 has the seed of the options; if no networks are given, it is the same as a network that is built with this seed and trained by
/// a <see cref="NetworkTrainer{T}"/>. The seeds of the other networks are drawn from it. The time budget applies to all networks together;
/// every other stopping rule ends only the training of its own network. If the networks are of several kinds, the kind with the lower
/// validation loss gets more weight: see <see cref="NetworkEnsemble{T}.Weights"/>.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class EnsembleTrainer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Func<int, int, Network<T>> _start;
    private readonly TrainingOptions _options;
    private readonly LayerLayout[][] _layouts;
    private readonly IReadOnlyList<OptimizerState?>? _states;
    private readonly int[] _seeds;
    private readonly NetworkBuilder[]? _builders;

    /// <summary>Prepares to train networks that differ only in their seeds.</summary>
    /// <param name="builder">Describes the networks. Later changes to it have no effect.</param>
    /// <param name="options">How to train each network; without a <see cref="TrainingOptions.Checkpoint"/>, which is the state of one
    /// network.</param>
    /// <param name="size">The number of networks; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> or an option is out of its range, or would take more memory
    /// than there is.</exception>
    /// <exception cref="ArgumentException">An option cannot be combined with the network, with another option or with an ensemble, or the
    /// network is too large.</exception>
    public EnsembleTrainer(NetworkBuilder builder, TrainingOptions options, int size)
        : this(options, Repeat(builder, options, size))
    {
    }

    /// <summary>Prepares to train networks that are built in different ways.</summary>
    /// <inheritdoc cref="EnsembleTrainer{T}(NetworkBuilder, TrainingOptions, int)"/>
    /// <param name="builders">Each describes a network; 1 or more, with the same numbers of inputs and outputs. Later changes to them have
    /// no effect.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no builder, an option is out of its range, or the networks would take more
    /// memory than there is.</exception>
    /// <exception cref="ArgumentException">An option cannot be combined with a network, with another option or with an ensemble, or a
    /// network is too large.</exception>
    public EnsembleTrainer(IReadOnlyList<NetworkBuilder> builders, TrainingOptions options)
        : this(options, Copy(builders, options))
    {
    }

    /// <summary>Prepares to continue the training of networks.</summary>
    /// <inheritdoc cref="EnsembleTrainer{T}(NetworkBuilder, TrainingOptions, int)"/>
    /// <param name="networks">The networks to start from; 1 or more. Training copies them and does not change them.</param>
    /// <param name="states">The optimizer states to start from, one for each network; null for new states.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no network, or an option is out of its range.</exception>
    /// <exception cref="ArgumentException">An option cannot be combined with a network, with another option or with an ensemble; or there
    /// is not one state for each network, or a state is of another optimizer.</exception>
    public EnsembleTrainer(IReadOnlyList<Network<T>> networks, TrainingOptions options, IReadOnlyList<OptimizerState?>? states = null)
        : this(options, [.. NotEmpty(networks).Select(network => network.Layouts)], (k, _) => networks[k].Clone())
    {
        if (states is not null && states.Count != networks.Count)
        {
            throw new ArgumentException(
                $"There are {states.Count} states for {networks.Count} networks; there must be one for each network, or none.",
                nameof(states));
        }

        _states = states;
        for (int k = 0; k < networks.Count; k++)
        {
            _ = new NetworkTrainer<T>(networks[k], options, states?[k]);
        }
    }

    private EnsembleTrainer(TrainingOptions options, NetworkBuilder[] builders)
        : this(options, [.. builders.Select(builder => builder.Arrange<T>())], (k, seed) => builders[k].Build<T>(seed))
    {
        _builders = builders;
        foreach (NetworkBuilder builder in builders.Distinct())
        {
            NetworkTrainer<T>.Check(options, builder.Arrange<T>(), builder.OutputScaling);
        }
    }

    private EnsembleTrainer(TrainingOptions options, LayerLayout[][] layouts, Func<int, int, Network<T>> start)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Checkpoint is not null)
        {
            throw new ArgumentException(
                $"A {nameof(TrainingOptions.Checkpoint)} cannot be used with an {nameof(EnsembleTrainer<T>)}: "
                + "it is the state of one network. Train the networks one by one.",
                nameof(options));
        }

        _options = options;
        _layouts = layouts;
        _start = start;
        _seeds = DrawSeeds(options.Seed, layouts.Length);
    }

    /// <summary>The number of networks.</summary>
    internal int Size => _seeds.Length;

    /// <summary>
    /// Whether a network whose validation loss is hardly below that of the best constant prediction is trained once more, from other
    /// weights, and the better of the two is kept.
    /// </summary>
    internal bool TriesAgain { get; init; }

    /// <summary>How the hidden layer of each network grows to the described size; null if it has that size from the start.</summary>
    internal GrowthOptions? Growth { get; init; }

    /// <summary>The seeds to use instead of the drawn ones; one for each network.</summary>
    internal int[] Seeds
    {
        init => _seeds = value;
    }

    /// <summary>The seed of each network: the given one, and others drawn from it.</summary>
    internal static int[] DrawSeeds(int seed, int size)
    {
        var random = new RandomStream(seed, RandomPurpose.Restarts);
        return [seed, .. Enumerable.Range(1, size - 1).Select(_ => random.NextInt(int.MaxValue))];
    }

    /// <summary>Trains all networks, in parallel if there are enough threads.</summary>
    /// <param name="training">The samples to learn.</param>
    /// <param name="validation">Samples to validate on; null for none.</param>
    /// <param name="onEpoch">Called after every epoch of every network, on the training threads but only one call at a time; it may stop
    /// the training of all networks. Null for none.</param>
    /// <param name="cancellationToken">Ends all trainings within one batch; each network keeps its best weights so far.</param>
    /// <returns>The networks whose training had a good epoch.</returns>
    /// <exception cref="ArgumentException">A data set does not have the network's numbers of inputs and outputs.</exception>
    /// <exception cref="NotFiniteNumberException">In every training, the loss or the weights were not finite before there was a good
    /// epoch.</exception>
    public NetworkEnsemble<T> Train(
        DataSet<T> training, DataSet<T>? validation = null, Action<EpochProgress<T>>? onEpoch = null,
        CancellationToken cancellationToken = default) =>
        Run(training, validation, onEpoch, cancellationToken).ToEnsemble();

    /// <summary>
    /// Trains all networks, each on its own samples, such as the rows that remain after its own draw of validation rows. Everything else is
    /// as for shared samples.
    /// </summary>
    /// <inheritdoc cref="Train(DataSet{T}, DataSet{T}, Action{EpochProgress{T}}, CancellationToken)"
    /// path="/*[not(self::param[@name='training']) and not(self::param[@name='validation'])]"/>
    /// <param name="training">The training samples of each network, one set for each network. Parts of one set take no memory except for
    /// the indices of their rows: see <see cref="DataSet{T}.Select"/>.</param>
    /// <param name="validation">The validation samples of each network, one set for each network; null for none.</param>
    /// <exception cref="ArgumentException">There is not one set for each network, or a set does not have the network's numbers of inputs
    /// and outputs.</exception>
    public NetworkEnsemble<T> Train(
        IReadOnlyList<DataSet<T>> training, IReadOnlyList<DataSet<T>>? validation = null, Action<EpochProgress<T>>? onEpoch = null,
        CancellationToken cancellationToken = default) =>
        Run(training, validation, onEpoch, cancellationToken).ToEnsemble();

    /// <summary>Trains all networks on a stream, one after another. Everything else is as for samples in memory.</summary>
    /// <inheritdoc cref="NetworkTrainer{T}.Train(IRowStream{T}, int, DataSet{T}, Action{EpochProgress{T}}, CancellationToken)"/>
    /// <returns>The networks whose training had a good epoch.</returns>
    public NetworkEnsemble<T> Train(
        IRowStream<T> training, int blockRows, DataSet<T>? validation = null, Action<EpochProgress<T>>? onEpoch = null,
        CancellationToken cancellationToken = default) =>
        Run(training, blockRows, validation, onEpoch, cancellationToken).ToEnsemble();

    /// <summary>
    /// Trains all networks on samples in shards, one after another; everything else is the same as for samples in memory.
    /// </summary>
    /// <inheritdoc cref="NetworkTrainer{T}.Train(IShardedRows{T}, Action{EpochProgress{T}}, CancellationToken)"/>
    /// <returns>The networks whose training had a good epoch.</returns>
    public NetworkEnsemble<T> Train(
        IShardedRows<T> rows, Action<EpochProgress<T>>? onEpoch = null, CancellationToken cancellationToken = default) =>
        Run(rows, onEpoch, cancellationToken).ToEnsemble();

    /// <summary>Trains like the public method, but also keeps the networks without a good epoch.</summary>
    internal EnsembleResult<T> Run(
        DataSet<T> training, DataSet<T>? validation = null, Action<EpochProgress<T>>? onEpoch = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        DataSet<T>[]? validations = validation is null ? null : [.. Enumerable.Repeat(validation, Size)];
        return Run([.. Enumerable.Repeat(training, Size)], validations, onEpoch, cancellationToken);
    }

    /// <inheritdoc cref="Run(DataSet{T}, DataSet{T}, Action{EpochProgress{T}}, CancellationToken)"/>
    internal EnsembleResult<T> Run(
        IReadOnlyList<DataSet<T>> training, IReadOnlyList<DataSet<T>>? validation = null, Action<EpochProgress<T>>? onEpoch = null,
        CancellationToken cancellationToken = default)
    {
        CheckCount(training, nameof(training));
        if (validation is not null)
        {
            CheckCount(validation, nameof(validation));
        }

        int threads = WorkItems.Allowed(_options.NumberOfThreads);
        long bytesOfOne = Enumerable.Range(0, Size)
            .Max(k => TrainingMemory.Of<T>(_layouts[k], _options, training[k].Rows, validation?[k].Rows ?? 0).Total);
        int sideBySide = (int)Math.Clamp(MemorySize.Available / bytesOfOne, 1, Math.Min(threads, Size));
        return Run(
            sideBySide, threads / sideBySide, (trainer, k, report, token) => trainer.Run(training[k], validation?[k], report, token),
            onEpoch, cancellationToken);
    }

    /// <inheritdoc cref="Run(DataSet{T}, DataSet{T}, Action{EpochProgress{T}}, CancellationToken)"/>
    internal EnsembleResult<T> Run(
        IRowStream<T> training, int blockRows, DataSet<T>? validation = null, Action<EpochProgress<T>>? onEpoch = null,
        CancellationToken cancellationToken = default) =>
        Run(
            sideBySide: 1, _options.NumberOfThreads,
            (trainer, _, report, token) => trainer.Run(training, blockRows, validation, report, token), onEpoch, cancellationToken);

    /// <inheritdoc cref="Run(DataSet{T}, DataSet{T}, Action{EpochProgress{T}}, CancellationToken)"/>
    internal EnsembleResult<T> Run(
        IShardedRows<T> rows, Action<EpochProgress<T>>? onEpoch = null, CancellationToken cancellationToken = default) =>
        Run(
            sideBySide: 1, _options.NumberOfThreads,
            (trainer, _, report, token) => trainer.Run(rows, checkpoint: null, report, token), onEpoch, cancellationToken);

    private static NetworkBuilder[] Repeat(NetworkBuilder builder, TrainingOptions options, int size)
    {
        ArgumentNullException.ThrowIfNull(builder);
        MemorySize.ThrowIfNotAvailable(Guard.AtLeast(size, 1) * BytesOfResult(builder, options), nameof(size), size);
        return [.. Enumerable.Repeat(builder.Clone(), size)];
    }

    private static NetworkBuilder[] Copy(IReadOnlyList<NetworkBuilder> builders, TrainingOptions options)
    {
        MemorySize.ThrowIfNotAvailable(
            NotEmpty(builders).Sum(builder => BytesOfResult(builder, options)), nameof(builders), $"{builders.Count} networks");
        return [.. builders.Select(builder => builder.Clone())];
    }

    /// <summary>The bytes of a network and of its optimizer state; throws if there is not enough memory to train it.</summary>
    private static double BytesOfResult(NetworkBuilder builder, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        TrainingMemory memory = TrainingMemory.Check<T>(builder, options, trainingRows: 1);
        return memory.Parameters + (options.KeepOptimizerState ? memory.Optimizer / 2 : 0);
    }

    private static IReadOnlyList<TItem> NotEmpty<TItem>(
        IReadOnlyList<TItem> list, [CallerArgumentExpression(nameof(list))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(list, name);
        return list.Count > 0 ? list : throw Guard.OutOfRange(name, "empty", "one network or more");
    }

    private static bool CameToItsEnd(EnsembleMember<T> member) =>
        member.Result.StopReason is not (StopReason.Cancelled or StopReason.TimeBudgetReached or StopReason.StopRequested
            or StopReason.NonFinite);

    private void CheckCount(IReadOnlyList<DataSet<T>> sets, string name)
    {
        ArgumentNullException.ThrowIfNull(sets, name);
        Guard.Require(sets.Count == Size, $"There are {sets.Count} sets of samples for {Size} networks; each needs one.", name);
    }

    private EnsembleResult<T> Run(
        int sideBySide, int threadsOfOne, Func<NetworkTrainer<T>, int, Func<EpochRecord, bool>, CancellationToken, TrainingResult> train,
        Action<EpochProgress<T>>? onEpoch, CancellationToken cancellationToken)
    {
        using var signal = new StopSignal(cancellationToken, _options.TimeBudget);
        var turn = new Lock();
        bool isStopRequested = false;
        var members = new EnsembleMember<T>[Size];
        SideBySide.Run(members.Length, sideBySide, TrainOne, signal.Token);
        var result = new EnsembleResult<T>(members);
        NetworkTrainer<T>.ThrowIfDiverged(result.Best.Result, _options);
        return result;

        void TrainOne(int k, CancellationToken token)
        {
            EnsembleMember<T> member = Train(k, _seeds[k], token);
            if (TriesAgain && member.IsHardlyBetterThanConstant && CameToItsEnd(member))
            {
                EnsembleMember<T> second = Train(k, new RandomStream(_seeds[k], RandomPurpose.SecondTry).NextInt(int.MaxValue), token);
                member = second.Loss < member.Loss
                    ? second with { Discarded = member.Result }
                    : member with { Discarded = second.Result };
            }

            members[k] = member;
        }

        EnsembleMember<T> Train(int k, int seed, CancellationToken token)
        {
            TrainingOptions options = _options with { Seed = seed, NumberOfThreads = threadsOfOne, TimeBudget = null };
            (Network<T> network, TrainingResult one, IReadOnlyList<GrowthStage> stages) = Growth is { } growth
                ? new GrowingTrainer<T>(_builders![k], options, growth).Run(
                    (trainer, report, stop) => train(trainer, k, report, stop), (network, epoch) => Report(k, network, epoch), token)
                : TrainWhole(k, options, token);
            if (one.StopReason == StopReason.Cancelled && signal.Reason is { } reason)
            {
                one = one with { StopReason = reason };
                stages = [.. stages.SkipLast(1), .. stages.TakeLast(1).Select(stage => stage with { StopReason = reason })];
            }

            return new EnsembleMember<T>(network, seed, one) { Stages = stages };
        }

        GrowingResult<T> TrainWhole(int k, TrainingOptions options, CancellationToken token)
        {
            Network<T> network = _start(k, options.Seed);
            TrainingResult one = train(new NetworkTrainer<T>(network, options, _states?[k]), k, epoch => Report(k, network, epoch), token);
            return new GrowingResult<T>(network, one, []);
        }

        bool Report(int k, Network<T> network, EpochRecord epoch)
        {
            lock (turn)
            {
                var progress = new EpochProgress<T>(epoch, network, k, members.Length);
                onEpoch?.Invoke(progress);
                isStopRequested |= progress.IsStopRequested;
                return isStopRequested;
            }
        }
    }
}
