using System.Numerics;
using BpTrainer.Networks;
using BpTrainer.Numbers;
using BpTrainer.Stopping;
using BpTrainer.Threads;

namespace BpTrainer;

/// <summary>
/// Trains several networks, from different random weights or from what given networks have learned, to keep the best or to let them predict together. Runs go
/// side by side on the threads allowed, and threads that are left over share the batches of a run. The result is the same,
/// bit for bit, for every number of threads.
/// </summary>
/// <remarks>
/// Run 0 has the seed of the options and, if no networks are given, is what a <see cref="NetworkTrainer{T}"/> makes of a network built with it; the
/// seeds of the others are drawn from it. The time budget is that of all runs together; every other rule for stopping ends only the
/// run that it holds for.
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
    /// <param name="builder">What a network is. Later changes of it have no effect.</param>
    /// <param name="options">How to train each; without a <see cref="TrainingOptions.Checkpoint"/>, which is the state of one run.</param>
    /// <param name="runs">The number of networks; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="runs"/> or an option is out of its range, or would take more memory than there is.</exception>
    /// <exception cref="ArgumentException">An option does not go with the network, with another or with several runs, or the network is too large.</exception>
    public EnsembleTrainer(NetworkBuilder builder, TrainingOptions options, int runs)
        : this(options, CheckedRuns(builder, options, runs), builder.Arrange<T>(), StartOf(builder))
    {
        // What is wrong is said now, not by one of the threads.
        _ = new NetworkTrainer<T>(_start(0, options.Seed), options);
    }

    /// <summary>Prepares to go on with networks that have learned before.</summary>
    /// <param name="networks">The networks to start from, one a run; 1 or more. Training copies them, and they stay as they are.</param>
    /// <param name="options">How to train each; without a <see cref="TrainingOptions.Checkpoint"/>, which is the state of one run.</param>
    /// <param name="states">What the optimizer remembers of each, one a network; null to begin anew.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no network, or an option is out of its range.</exception>
    /// <exception cref="ArgumentException">An option does not go with a network, with another or with several runs, there are not as many states as networks, or one is that of another rule.</exception>
    public EnsembleTrainer(IReadOnlyList<Network<T>> networks, TrainingOptions options, IReadOnlyList<OptimizerState?>? states = null)
        : this(options, CountOf(networks), networks[0].Layouts, (run, _) => networks[run].Clone())
    {
        if (states is not null && states.Count != networks.Count)
        {
            throw new ArgumentException($"There are {states.Count} states for {networks.Count} networks; there must be one a network, or none at all.", nameof(states));
        }

        _states = states;
        for (int run = 0; run < networks.Count; run++)
        {
            _ = new NetworkTrainer<T>(networks[run], options, states?[run]);
        }
    }

    private EnsembleTrainer(TrainingOptions options, int runs, LayerLayout[] layouts, Func<int, int, Network<T>> start)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Checkpoint is not null)
        {
            throw new ArgumentException(
                $"A {nameof(TrainingOptions.Checkpoint)} does not go with a {nameof(EnsembleTrainer<T>)}: it is the state of one run. Train the networks one by one.",
                nameof(options));
        }

        _options = options;
        _layouts = layouts;
        _start = start;
        var random = new RandomStream(options.Seed, RandomPurpose.Restarts);
        _seeds = [options.Seed, .. Enumerable.Range(1, runs - 1).Select(_ => random.NextInt(int.MaxValue))];
    }

    /// <summary>Trains all networks, side by side where there are threads for it.</summary>
    /// <param name="training">The samples to learn.</param>
    /// <param name="validation">Samples that judge and never teach; null for none.</param>
    /// <param name="onEpoch">Called after every epoch of every network, on the threads that train but one call at a time; it may stop the training of all. Null for none.</param>
    /// <param name="cancellationToken">Ends all runs within one batch; the best weights so far of each are kept.</param>
    /// <returns>All runs and the best.</returns>
    /// <exception cref="ArgumentException">A data set does not have the network's numbers of inputs and outputs.</exception>
    /// <exception cref="NotFiniteNumberException">In every run, loss or weights were not finite before there was a good epoch.</exception>
    public EnsembleResult<T> Train(
        DataSet<T> training,
        DataSet<T>? validation = null,
        Action<EpochProgress>? onEpoch = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        int threads = WorkItems.Allowed(_options.NumberOfThreads);
        long bytesOfRun = TrainingMemory.Of<T>(_layouts, _options, training.Rows, validation?.Rows ?? 0).Total;
        int sideBySide = (int)Math.Clamp(TrainingMemory.Available / bytesOfRun, 1, Math.Min(threads, _seeds.Length));
        return Train(
            sideBySide,
            threads / sideBySide,
            (trainer, report, token) => trainer.Run(training, validation, report, token),
            onEpoch,
            cancellationToken);
    }

    /// <summary>Trains all networks on a stream, one after another; everything else is as for samples in memory.</summary>
    /// <param name="training">The samples to learn.</param>
    /// <param name="blockRows">The most rows to have in memory at once, at least those of a batch.</param>
    /// <param name="validation">Samples that judge and never teach, in memory; null for none.</param>
    /// <param name="onEpoch">Called after every epoch of every network; it may stop the training of all. Null for none.</param>
    /// <param name="cancellationToken">Ends all runs within one batch; the best weights so far of each are kept.</param>
    /// <returns>All runs and the best.</returns>
    /// <exception cref="ArgumentException">The stream or the validation set does not have the network's numbers of inputs and outputs, or the stream has no rows or a total weight that is not finite and above 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A batch is larger than a block, or a block than an array.</exception>
    /// <exception cref="InvalidOperationException">The stream did not hand out as many rows as it has.</exception>
    /// <exception cref="NotFiniteNumberException">In every run, loss or weights were not finite before there was a good epoch.</exception>
    public EnsembleResult<T> Train(
        IRowStream<T> training,
        int blockRows,
        DataSet<T>? validation = null,
        Action<EpochProgress>? onEpoch = null,
        CancellationToken cancellationToken = default) => Train(
            1,
            _options.NumberOfThreads,
            (trainer, report, token) => trainer.Run(training, blockRows, validation, report, token),
            onEpoch,
            cancellationToken);

    /// <summary>The number of runs, if the networks and their kept states find room.</summary>
    private static int CheckedRuns(NetworkBuilder builder, TrainingOptions options, int runs)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        TrainingMemory memory = builder.CheckMemory<T>(options, trainingRows: 1);
        TrainingMemory.ThrowIfNotAvailable(Guard.AtLeast(runs, 1) * (double)memory.OfResult(options), nameof(runs), runs);
        return runs;
    }

    private static Func<int, int, Network<T>> StartOf(NetworkBuilder builder)
    {
        NetworkBuilder copy = builder.Clone();
        return (_, seed) => copy.Build<T>(seed);
    }

    private static int CountOf(IReadOnlyList<Network<T>> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        return networks.Count > 0 ? networks.Count : throw Guard.OutOfRange(nameof(networks), "empty", "one network or more");
    }

    private EnsembleResult<T> Train(
        int sideBySide,
        int threadsOfRun,
        Func<NetworkTrainer<T>, Func<EpochRecord, bool>, CancellationToken, TrainingResult> train,
        Action<EpochProgress>? onEpoch,
        CancellationToken cancellationToken)
    {
        using var signal = new StopSignal(cancellationToken, _options.TimeBudget);
        var turn = new Lock();
        bool isStopRequested = false;
        var runs = new EnsembleMember<T>[_seeds.Length];
        SideBySide.Run(runs.Length, sideBySide, TrainOne, signal.Token);
        var result = new EnsembleResult<T>(runs);
        NetworkTrainer<T>.CheckIsGood(result.Best.Result, _options);
        return result;

        void TrainOne(int run, CancellationToken token)
        {
            TrainingOptions options = _options with
            {
                Seed = _seeds[run],
                NumberOfThreads = threadsOfRun,
                TimeBudget = null,
            };
            Network<T> network = _start(run, _seeds[run]);
            var trainer = new NetworkTrainer<T>(network, options, _states?[run]);
            TrainingResult result = train(trainer, epoch => Tell(run, epoch), token);
            if (result.StopReason == StopReason.Cancelled && signal.Reason is { } reason)
            {
                result = result with { StopReason = reason };
            }

            runs[run] = new EnsembleMember<T>(network, _seeds[run], result);
        }

        bool Tell(int run, EpochRecord epoch)
        {
            lock (turn)
            {
                var progress = new EpochProgress(epoch, run, runs.Length);
                onEpoch?.Invoke(progress);
                isStopRequested |= progress.IsStopRequested;
                return isStopRequested;
            }
        }
    }
}
