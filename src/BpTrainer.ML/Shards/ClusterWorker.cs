using BpTrainer.ML.Shards;

namespace BpTrainer.ML;

/// <summary>
/// The part of a machine of an <see cref="ITrainingCluster"/> in a training. It reads the files of its shards with the loader and the steps
/// of the plan, keeps their rows in memory, and does tasks. It is a pure function of plan, task and files: a lost worker can be replaced by
/// another one with the last plan, on any machine that can read the files.
/// </summary>
/// <remarks>
/// Files are read when a task first needs their rows. A worker does one task at a time; do not call its methods at the same time.
/// </remarks>
public sealed class ClusterWorker : IDisposable
{
    private readonly int _first;
    private readonly int _count;
    private readonly int? _numberOfThreads;
    private readonly IHostEnvironment _environment;
    private FilePlan? _plan;
    private FileShards? _rows;
    private ShardWorker<float>? _worker;

    /// <summary>Creates a worker for a range of shards.</summary>
    /// <param name="firstShard">The first of its shards, from 0.</param>
    /// <param name="numberOfShards">The number of its shards, 1 or more.</param>
    /// <param name="numberOfThreads">The most threads that share the work; null for the number of the options of the training. Default
    /// null.</param>
    /// <param name="mlContext">The context that loads the steps of the plan. Register steps with the user's own code in its
    /// <see cref="MLContext.ComponentCatalog"/>. Default: a new context.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public ClusterWorker(int firstShard, int numberOfShards, int? numberOfThreads = null, MLContext? mlContext = null)
        : this(mlContext ?? new MLContext(), firstShard, numberOfShards, numberOfThreads)
    {
    }

    internal ClusterWorker(IHostEnvironment environment, int firstShard, int numberOfShards, int? numberOfThreads)
    {
        _environment = environment;
        ArgumentOutOfRangeException.ThrowIfNegative(firstShard);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfShards, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfThreads ?? 1, 1, nameof(numberOfThreads));
        _first = firstShard;
        _count = numberOfShards;
        _numberOfThreads = numberOfThreads;
    }

    /// <summary>Takes a plan. Rows that were read for the previous plan are kept if both plans have the same files and read them in the
    /// same way.</summary>
    /// <param name="plan">The plan.</param>
    /// <exception cref="InvalidDataException">The bytes are not a plan, or a damaged plan, or one of another version.</exception>
    /// <exception cref="ArgumentException">The plan has fewer shards than this worker needs.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine would not compute the same bits as the machine of the plan.</exception>
    public void Begin(byte[] plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        FilePlan next = FilePlan.FromBytes(plan);
        next.CheckShards(_first, _count);
        next.CheckKernel();
        _worker?.Dispose();
        _worker = null;
        if (!next.ReadsLike(_plan))
        {
            _rows = null;
        }

        _plan = next;
    }

    /// <summary>Runs a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Ends the task soon.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a task, or a damaged task, or one of another version.</exception>
    /// <exception cref="ArgumentException">The task belongs to another plan.</exception>
    /// <exception cref="InvalidOperationException">There is no plan yet, or the rows of a shard cannot be used for training; the message
    /// names the files.</exception>
    /// <exception cref="OperationCanceledException">The task was cancelled.</exception>
    public byte[] Compute(byte[] task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return ShardQuestion.IsOne(task)
            ? Rows().Answer(ShardQuestion.FromBytes(task), cancellationToken)
            : Run(ShardTask<float>.FromBytes(task), cancellationToken).ToBytes();
    }

    /// <summary>Unpins the rows.</summary>
    public void Dispose()
    {
        _worker?.Dispose();
        _worker = null;
        _rows = null;
    }

    /// <summary>Runs a task of a training without converting it to bytes.</summary>
    internal ShardSums<float> Run(ShardTask<float> task, CancellationToken cancellationToken)
    {
        FileShards rows = Rows();
        _worker ??= new ShardWorker<float>(_plan!.Training(), _first, rows.Read(cancellationToken), _numberOfThreads);
        return _worker.Compute(task, cancellationToken);
    }

    private FileShards Rows() => _rows ??= new FileShards(
        _environment,
        _plan ?? throw new InvalidOperationException($"The worker has no plan yet; call {nameof(Begin)} first."),
        _first,
        _count);
}
