using BpTrainer.Data;
using BpTrainer.Losses;
using BpTrainer.Networks;
using BpTrainer.Regularizers;
using BpTrainer.Shards;
using BpTrainer.Threads;
using BpTrainer.Training;

namespace BpTrainer;

/// <summary>
/// Computes gradients and losses of the shards of one machine: a pure function of plan, task and rows. See
/// <see cref="IShardedRows{T}"/>.
/// </summary>
/// <remarks>
/// The rows are not copied and stay pinned until disposal. A worker does one task at a time; do not call its methods at the same time.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class ShardWorker<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ShardPlan<T> _plan;
    private readonly int _first;
    private readonly Network<T> _network;
    private readonly BackPropagation<T> _backPropagation;
    private readonly ShardShares _shares;
    private readonly ShardRows<T>[] _shards;
    private readonly WorkTeam _team;
    private readonly BatchGradient<T> _gradient;

    /// <summary>Unused arrays of sums that have been added to others.</summary>
    private readonly Stack<T[]> _spare = [];

    /// <summary>Creates a worker for a range of shards.</summary>
    /// <param name="plan">The plan of the training.</param>
    /// <param name="firstShard">The number of the first of its shards.</param>
    /// <param name="shards">Its shards, in the order of their numbers; one or more. Their rows must be the rows that the plan was created
    /// for.</param>
    /// <param name="numberOfThreads">The maximum number of threads that share the work; 0 for the number of processors, null for the number
    /// in the training options. The result is the same for every number. Default: null.</param>
    /// <exception cref="ArgumentException">The plan does not have these shards, or a shard has different numbers of rows or
    /// columns.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="numberOfThreads"/> is negative.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor does not support the kernel of the plan, so that the result would not
    /// be the same, bit for bit.</exception>
    public ShardWorker(ShardPlan<T> plan, int firstShard, IReadOnlyList<Shard<T>> shards, int? numberOfThreads = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(shards);
        KernelKind kernel = Kernel.Check(plan.Options.KernelInUse);
        int threads = Guard.AtLeast(numberOfThreads ?? plan.Options.NumberOfThreads, 0, nameof(numberOfThreads));
        Check(plan, firstShard, shards);
        _plan = plan;
        _first = firstShard;
        _network = plan.Network.Clone();
        LayerLayout[] layouts = _network.Layouts;

        // Computed from all shards, so that the slices are the same on every machine.
        int mostRows = plan.Sizes.Max(size => size.TrainingRows);
        int measuredRows = Math.Max(plan.MeasuresTrainingRows ? mostRows : 0, plan.Sizes.Max(size => size.ValidationRows));
        int batchRows = (int)Math.Min(plan.BatchSize, mostRows);
        var work = new Workspace<T>(_network, Math.Min(Math.Max(batchRows, measuredRows), Workspace<T>.MostRows), plan.IsSparse);
        _backPropagation = new BackPropagation<T>(_network, plan.Options.Loss, kernel, work);
        _shares = new ShardShares(Array.ConvertAll(plan.Sizes, size => size.TrainingRows));
        var masks = DropoutMasks<T>.For(
            _network, plan.Options.Regularization, plan.Options.Seed, Math.Min(batchRows, work.Rows), kernel);
        _shards = new ShardRows<T>[shards.Count];
        int share = (int)Math.Min(((plan.BatchSize - 1) / plan.Shards) + 1, mostRows);
        _team = new WorkTeam(WorkItems.Threads(threads, LayerLayout.Operations(layouts, share)));
        try
        {
            for (int s = 0; s < _shards.Length; s++)
            {
                _shards[s] = new ShardRows<T>(plan, firstShard + s, shards[s], _network, kernel, work, _team, _backPropagation);
            }

            _gradient = new BatchGradient<T>(_shards[0].Training, _backPropagation, _network, kernel, masks);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs a task for the shards of this worker.</summary>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Stops the task soon.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ArgumentException">The task belongs to another plan, or to a network of another size.</exception>
    /// <exception cref="OperationCanceledException">The task was cancelled.</exception>
    public ShardSums<T> Compute(ShardTask<T> task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        Guard.Require(
            task.Plan == _plan.Id,
            $"The task {task.Number} belongs to the plan {task.Plan:X}, but the worker has the plan {_plan.Id:X}; "
            + "create a worker from the plan of the task.",
            nameof(task));
        Guard.Require(
            task.Parameters.Length == (task.Work == ShardWork.ValidationTargets ? 0 : _network.Parameters.Length)
            && task.Place.End <= _plan.TrainingRows,
            $"The task {task.Number} has {task.Parameters.Length} numbers for {_network.Parameters.Length} parameters, and asks for rows "
            + $"up to {task.Place.End} of {_plan.TrainingRows}.",
            nameof(task));
        task.Parameters.Span.CopyTo(_network.Parameters.Span);
        _backPropagation.RefreshTransposed();
        var nodes = new List<ShardNode<T>>();
        int[] before = _shares.Of(task.Place.First), behind = _shares.Of(task.Place.End);
        for (int s = 0; s < _shards.Length; s++)
        {
            ShardNode<T> node = Compute(task, s, before, behind, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            ShardTree.Push(nodes, node, _plan.Shards, (left, right) => Add(left, right, task.Work));
        }

        return new ShardSums<T>(_plan.Id, task.Number, task.Work, _plan.Shards, nodes);
    }

    /// <summary>Unpins the rows.</summary>
    public void Dispose()
    {
        _team.Dispose();
        foreach (ShardRows<T>? shard in _shards)
        {
            shard?.Dispose();
        }
    }

    private static void Check(ShardPlan<T> plan, int firstShard, IReadOnlyList<Shard<T>> shards)
    {
        Guard.Require(
            firstShard >= 0 && shards.Count > 0 && firstShard <= plan.Shards - shards.Count,
            $"The plan has the shards 0 to {plan.Shards - 1}, but the worker needs {shards.Count} from {firstShard} on.",
            nameof(firstShard));
        for (int s = 0; s < shards.Count; s++)
        {
            ShardSize planned = plan.Sizes[firstShard + s];
            Guard.Require(
                shards[s].Size == planned,
                $"Shard {firstShard + s} has {shards[s].Size}, but the plan was created for {planned}: its rows have changed.",
                nameof(shards));
            plan.Network.CheckShape(shards[s].Training.InputColumns, shards[s].Training.TargetColumns, nameof(shards));
        }
    }

    private ShardNode<T> Compute(ShardTask<T> task, int s, int[] before, int[] behind, CancellationToken cancellationToken)
    {
        ShardRows<T> rows = _shards[s];
        int shard = _first + s;
        double loss = 0;
        T[] numbers = [];
        switch (task.Work)
        {
            case ShardWork.TrainingLoss:
                loss = rows.TrainingLoss.Sum(cancellationToken, behind[shard]);
                break;
            case ShardWork.ValidationLoss:
                loss = rows.ValidationLoss?.Sum(cancellationToken, long.MaxValue) ?? 0;
                break;
            case ShardWork.ValidationTargets:
                numbers = rows.ValidationTargets();
                break;
            default:
                loss = _gradient.Sum(
                    rows.Training, rows.Order.For(task.Place.Pass), before[shard], behind[shard] - before[shard], task.Place.Divisor,
                    task.Place.Update, RowsBefore(shard, before, behind), cancellationToken);
                numbers = _spare.TryPop(out T[]? spare) ? spare : GC.AllocateUninitializedArray<T>(_network.Parameters.Length);
                _gradient.Whole.Span.CopyTo(numbers);
                break;
        }

        return new ShardNode<T>(shard, shard + 1, loss, numbers);
    }

    /// <summary>Returns the number of rows in a batch that belong to earlier shards.</summary>
    private static long RowsBefore(int shard, int[] before, int[] behind)
    {
        long rows = 0;
        for (int s = 0; s < shard; s++)
        {
            rows += behind[s] - before[s];
        }

        return rows;
    }

    private ShardNode<T> Add(ShardNode<T> left, ShardNode<T> right, ShardWork work)
    {
        if (work != ShardWork.Gradient)
        {
            return left.Plus(right, work);
        }

        ShardNode<T> sum = left.Add(right);
        _spare.Push(right.Numbers);
        return sum;
    }
}

/// <summary>The rows of a shard, prepared for the work.</summary>
internal sealed class ShardRows<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DataSet<T>? _validationSet;
    private readonly RowPass<T>? _validation;
    private readonly long _validationBefore;
    private readonly long _validationRows;

    public ShardRows(
        ShardPlan<T> plan, int number, Shard<T> shard, Network<T> network, KernelKind kernel, Workspace<T> work, WorkTeam team,
        BackPropagation<T> backPropagation)
    {
        DataSet<T> training = shard.Training.WithWeightScale(plan.TrainingScale);
        Order = new ShardOrder(training.SampleNumbers, plan.Options.Seed, number);
        Training = new RowPass<T>(new InMemoryRows<T>(training), network, kernel, work, team);
        TrainingLoss = new RowLossMeter<T>(Training, backPropagation);
        if (shard.Validation is not null)
        {
            _validationBefore = plan.Sizes.Take(number).Sum(size => (long)size.ValidationRows);
            _validationRows = plan.ValidationRows;
            _validationSet = shard.Validation.WithWeightScale(plan.ValidationScale);
            _validation = new RowPass<T>(new InMemoryRows<T>(_validationSet), network, kernel, work, team);
            ValidationLoss = new RowLossMeter<T>(_validation, backPropagation);
        }
    }

    public ShardOrder Order { get; }

    public RowPass<T> Training { get; }

    public RowLossMeter<T> TrainingLoss { get; }

    public RowLossMeter<T>? ValidationLoss { get; }

    public T[] ValidationTargets() => _validationSet is null ? [] : ConstantSample.Take(_validationSet, _validationBefore, _validationRows);

    public void Dispose()
    {
        Training.Dispose();
        _validation?.Dispose();
    }
}
