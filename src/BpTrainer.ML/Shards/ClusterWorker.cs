using BpTrainer.ML.Shards;

namespace BpTrainer.ML;

/// <summary>
/// What a machine of an <see cref="ITrainingCluster"/> does in a training: it reads the files of its shards with the loader and the steps of
/// the plan, keeps their rows in memory, and answers to tasks. It is a pure function of plan, task and files: when it is lost, another
/// one, on any machine that can read the files, takes its place with the last plan.
/// </summary>
/// <remarks>
/// Files are read when a task first asks for their rows. A worker does one thing at a time; its methods are not to be called at the same
/// time. Steps with code of the user's own need its assembly on the machine.
/// </remarks>
public sealed class ClusterWorker : IDisposable
{
    private readonly int _first;
    private readonly int _count;
    private readonly int? _numberOfThreads;
    private FilePlan? _plan;
    private FileShards? _rows;
    private ShardWorker<float>? _worker;

    /// <summary>Makes a worker for a range of shards.</summary>
    /// <param name="firstShard">The first of its shards, from 0.</param>
    /// <param name="numberOfShards">How many it has; 1 or more.</param>
    /// <param name="numberOfThreads">The most threads that share the work; null for the number of the options of the training. Default
    /// null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ClusterWorker(int firstShard, int numberOfShards, int? numberOfThreads = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstShard);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfShards, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfThreads ?? 1, 1, nameof(numberOfThreads));
        _first = firstShard;
        _count = numberOfShards;
        _numberOfThreads = numberOfThreads;
    }

    /// <summary>Takes a plan. Rows that were read for the one before stay, if both have the same files and read them alike.</summary>
    /// <param name="plan">The plan.</param>
    /// <exception cref="InvalidDataException">It is no plan, or a damaged one or one of another version.</exception>
    /// <exception cref="ArgumentException">It has fewer shards than this worker is to have.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine would compute other bits than that of the plan.</exception>
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

    /// <summary>Does a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Ends the task soon.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidDataException">It is no task, or a damaged one or one of another version.</exception>
    /// <exception cref="ArgumentException">It belongs to another plan.</exception>
    /// <exception cref="InvalidOperationException">There is no plan yet, or the rows of a shard are not such as can be trained on; the
    /// message names the files.</exception>
    /// <exception cref="OperationCanceledException">The task was cancelled.</exception>
    public byte[] Compute(byte[] task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return ShardQuestion.IsOne(task)
            ? Rows().Answer(ShardQuestion.FromBytes(task), cancellationToken)
            : Run(ShardTask<float>.FromBytes(task), cancellationToken).ToBytes();
    }

    /// <summary>Lets go of the rows.</summary>
    public void Dispose()
    {
        _worker?.Dispose();
        _worker = null;
        _rows = null;
    }

    /// <summary>Does a task of a training without making bytes of it.</summary>
    internal ShardSums<float> Run(ShardTask<float> task, CancellationToken cancellationToken)
    {
        FileShards rows = Rows();
        _worker ??= new ShardWorker<float>(_plan!.Training(), _first, rows.Read(cancellationToken), _numberOfThreads);
        return _worker.Compute(task, cancellationToken);
    }

    private FileShards Rows() => _rows ??= new FileShards(
        _plan ?? throw new InvalidOperationException($"The worker has no plan yet; call {nameof(Begin)} first."), _first, _count);
}
