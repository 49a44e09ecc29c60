using BpTrainer.Ensembles;
using BpTrainer.Networks;
using BpTrainer.Stopping;
using BpTrainer.Threads;
using BpTrainer.Training;

namespace BpTrainer;

/// <summary>
/// Trains several networks, from different random weights or from those of given networks, to predict together or to keep the best. They
/// train side by side on the threads allowed, and threads that are left over share the batches of a network. The result is the same, bit
/// for bit, for every number of threads.
/// </summary>
/// <remarks>
/// Network 0 has the seed of the options and, if no networks are given, is what a <see cref="NetworkTrainer{T}"/> makes of a network built
/// with it; the seeds of the others are drawn from it. The time budget is that of all networks together; every other stopping rule ends
/// only the training of its network.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class EnsembleTrainer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Func<int, int, Network<T>> _start;
    private readonly TrainingOptions _options;
    private readonly LayerLayout[] _layouts;
    private readonly IReadOnlyList<OptimizerState?>? _states;
    private readonly int[] _seeds;

    /// <summary>Prepares to train networks.</summary>
    /// <param name="builder">Describes the networks. Later changes of it have no effect.</param>
    /// <param name="options">How to train each; without a <see cref="TrainingOptions.Checkpoint"/>, which is the state of one
    /// network.</param>
    /// <param name="size">The number of networks; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> or an option is out of its range, or would take more memory
    /// than there is.</exception>
    /// <exception cref="ArgumentException">An option does not go with the network, with another option or with an ensemble, or the network
    /// is too large.</exception>
    public EnsembleTrainer(NetworkBuilder builder, TrainingOptions options, int size)
        : this(options, CheckSize(builder, options, size), builder.Arrange<T>(), WithSeed(builder.Clone()))
    {
        NetworkTrainer<T>.Check(options, _layouts, builder.OutputScaling);
    }

    /// <summary>Prepares to continue the training of networks.</summary>
    /// <inheritdoc cref="EnsembleTrainer{T}(NetworkBuilder, TrainingOptions, int)"/>
    /// <param name="networks">The networks to start from; 1 or more. Training copies them, and they stay as they are.</param>
    /// <param name="states">The state that the optimizer of each starts from, one a network; null for new ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no network, or an option is out of its range.</exception>
    /// <exception cref="ArgumentException">An option does not go with a network, with another option or with an ensemble, or the states are
    /// not one a network and of the optimizer.</exception>
    public EnsembleTrainer(IReadOnlyList<Network<T>> networks, TrainingOptions options, IReadOnlyList<OptimizerState?>? states = null)
        : this(options, CountOf(networks), networks[0].Layouts, (k, _) => networks[k].Clone())
    {
        if (states is not null && states.Count != networks.Count)
        {
            throw new ArgumentException(
                $"There are {states.Count} states for {networks.Count} networks; there must be one a network, or none at all.",
                nameof(states));
        }

        _states = states;
        for (int k = 0; k < networks.Count; k++)
        {
            _ = new NetworkTrainer<T>(networks[k], options, states?[k]);
        }
    }

    private EnsembleTrainer(TrainingOptions options, int size, LayerLayout[] layouts, Func<int, int, Network<T>> start)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Checkpoint is not null)
        {
            throw new ArgumentException(
                $"A {nameof(TrainingOptions.Checkpoint)} does not go with an {nameof(EnsembleTrainer<T>)}: it is the state of one network. "
                + "Train the networks one by one.",
                nameof(options));
        }

        _options = options;
        _layouts = layouts;
        _start = start;
        var random = new RandomStream(options.Seed, RandomPurpose.Restarts);
        _seeds = [options.Seed, .. Enumerable.Range(1, size - 1).Select(_ => random.NextInt(int.MaxValue))];
    }

    private static Func<int, int, Network<T>> WithSeed(NetworkBuilder builder) => (_, seed) => builder.Build<T>(seed);

    /// <summary>Trains all networks, side by side where there are threads for it.</summary>
    /// <param name="training">The samples to learn.</param>
    /// <param name="validation">Samples to validate on; null for none.</param>
    /// <param name="onEpoch">Called after every epoch of every network, on the threads that train but one call at a time; it may stop the
    /// training of all. Null for none.</param>
    /// <param name="cancellationToken">Ends all trainings within one batch; each network keeps its best weights so far.</param>
    /// <returns>The networks whose training had a good epoch.</returns>
    /// <exception cref="ArgumentException">A data set does not have the network's numbers of inputs and outputs.</exception>
    /// <exception cref="NotFiniteNumberException">In every training, loss or weights were not finite before there was a good
    /// epoch.</exception>
    public NetworkEnsemble<T> Train(
        DataSet<T> training, DataSet<T>? validation = null, Action<EpochProgress>? onEpoch = null,
        CancellationToken cancellationToken = default) =>
        Run(training, validation, onEpoch, cancellationToken).ToEnsemble();

    /// <summary>Trains all networks on a stream, one after another; everything else is as for samples in memory.</summary>
    /// <inheritdoc cref="NetworkTrainer{T}.Train(IRowStream{T}, int, DataSet{T}, Action{EpochProgress}, CancellationToken)"/>
    /// <returns>The networks whose training had a good epoch.</returns>
    public NetworkEnsemble<T> Train(
        IRowStream<T> training, int blockRows, DataSet<T>? validation = null, Action<EpochProgress>? onEpoch = null,
        CancellationToken cancellationToken = default) =>
        Run(training, blockRows, validation, onEpoch, cancellationToken).ToEnsemble();

    /// <summary>Trains as the public method does, but keeps the networks without a good epoch too.</summary>
    internal EnsembleResult<T> Run(
        DataSet<T> training, DataSet<T>? validation = null, Action<EpochProgress>? onEpoch = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        int threads = WorkItems.Allowed(_options.NumberOfThreads);
        long bytesOfOne = TrainingMemory.Of<T>(_layouts, _options, training.Rows, validation?.Rows ?? 0).Total;
        int sideBySide = (int)Math.Clamp(MemorySize.Available / bytesOfOne, 1, Math.Min(threads, _seeds.Length));
        return Run(
            sideBySide, threads / sideBySide, (trainer, report, token) => trainer.Run(training, validation, report, token), onEpoch,
            cancellationToken);
    }

    /// <inheritdoc cref="Run(DataSet{T}, DataSet{T}, Action{EpochProgress}, CancellationToken)"/>
    internal EnsembleResult<T> Run(
        IRowStream<T> training, int blockRows, DataSet<T>? validation = null, Action<EpochProgress>? onEpoch = null,
        CancellationToken cancellationToken = default) =>
        Run(
            sideBySide: 1, _options.NumberOfThreads,
            (trainer, report, token) => trainer.Run(training, blockRows, validation, report, token), onEpoch, cancellationToken);

    /// <summary>The number of networks, if there is memory for them and their states.</summary>
    private static int CheckSize(NetworkBuilder builder, TrainingOptions options, int size)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        TrainingMemory memory = TrainingMemory.Check<T>(builder, options, trainingRows: 1);
        double bytesOfResult = memory.Parameters + (options.KeepOptimizerState ? memory.Optimizer / 2 : 0);
        MemorySize.ThrowIfNotAvailable(Guard.AtLeast(size, 1) * bytesOfResult, nameof(size), size);
        return size;
    }

    private static int CountOf(IReadOnlyList<Network<T>> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        return networks.Count > 0 ? networks.Count : throw Guard.OutOfRange(nameof(networks), "empty", "one network or more");
    }

    private EnsembleResult<T> Run(
        int sideBySide, int threadsOfOne, Func<NetworkTrainer<T>, Func<EpochRecord, bool>, CancellationToken, TrainingResult> train,
        Action<EpochProgress>? onEpoch, CancellationToken cancellationToken)
    {
        using var signal = new StopSignal(cancellationToken, _options.TimeBudget);
        var turn = new Lock();
        bool isStopRequested = false;
        var members = new EnsembleMember<T>[_seeds.Length];
        SideBySide.Run(members.Length, sideBySide, TrainOne, signal.Token);
        var result = new EnsembleResult<T>(members);
        NetworkTrainer<T>.ThrowIfDiverged(result.Best.Result, _options);
        return result;

        void TrainOne(int k, CancellationToken token)
        {
            TrainingOptions options = _options with { Seed = _seeds[k], NumberOfThreads = threadsOfOne, TimeBudget = null };
            Network<T> network = _start(k, _seeds[k]);
            TrainingResult one = train(new NetworkTrainer<T>(network, options, _states?[k]), epoch => Report(k, epoch), token);
            one = one.StopReason == StopReason.Cancelled && signal.Reason is { } reason ? one with { StopReason = reason } : one;
            members[k] = new EnsembleMember<T>(network, _seeds[k], one);
        }

        bool Report(int k, EpochRecord epoch)
        {
            lock (turn)
            {
                var progress = new EpochProgress(epoch, k, members.Length);
                onEpoch?.Invoke(progress);
                isStopRequested |= progress.IsStopRequested;
                return isStopRequested;
            }
        }
    }
}
