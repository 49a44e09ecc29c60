using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Training;

namespace BpTrainer.Shards;

/// <summary>The parts of a training on shards: everything except the rows, whose workers get tasks.</summary>
internal sealed class ShardedParts<T> : TrainingParts<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IShardedRows<T> _shards;
    private readonly ShardPlan<T> _plan;
    private long _tasks;

    public ShardedParts(Network<T> network, TrainingOptions options, IShardedRows<T> shards, CancellationToken cancellationToken)
        : this(network, options, shards, new ShardPlan<T>(network, options, shards.Sizes), cancellationToken)
    {
    }

    private ShardedParts(
        Network<T> network, TrainingOptions options, IShardedRows<T> shards, ShardPlan<T> plan, CancellationToken cancellationToken)
        : base(
            network, options, plan.TrainingRows, plan.BatchSize, new Workspace<T>(network, rows: 1),
            LayerLayout.Operations(network.Layouts, (int)Math.Min(plan.BatchSize, Workspace<T>.MostRows)))
    {
        _shards = shards;
        _plan = plan;
        try
        {
            shards.Begin(plan, cancellationToken);
            if (plan.ValidationRows > 0)
            {
                ValidationMeter = new ShardedLossMeter<T>(this, ShardWork.ValidationLoss, plan.ValidationRows);
                ShardNode<T> sample = Send(ShardWork.ValidationTargets, BatchPlace.None, cancellationToken);
                ConstantLoss = Losses.ConstantLoss.Of<T>(options.Loss, sample.Numbers, network.Outputs, network.OutputScaling);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A cluster may be unreachable when training has to end at once.</summary>
    public override bool RowsAreAtHand => false;

    public override double? ConstantLoss { get; }

    public override LossMeter<T>? ValidationMeter { get; }

    public override BatchLearner<T> CreateLearner(OptimizerStep<T> step) => new ShardedLearner<T>(this, step);

    public override LossMeter<T> CreateLossMeter() => new ShardedLossMeter<T>(this, ShardWork.TrainingLoss, Rows);

    public override WholeGradient<T> CreateGradient(Regularization regularization) => new ShardedGradient<T>(this, regularization);

    public override IEnumerable<(string Name, string Value)> DescribeRows()
    {
        string sizes = string.Join('\n', _plan.Sizes.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size}")));
        return
        [
            ("the number of shards", _plan.Shards.ToString(CultureInfo.InvariantCulture)),
            ("the rows and weights of the shards (SHA-256)", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(sizes)))),
        ];
    }

    /// <summary>Runs a task on the shards with the current parameters, and returns their sum; null if cancelled.</summary>
    /// <exception cref="InvalidOperationException">The answer is incomplete or belongs to another task.</exception>
    public ShardNode<T>? Compute(ShardWork work, BatchPlace place, CancellationToken cancellationToken)
    {
        try
        {
            return cancellationToken.IsCancellationRequested ? null : Send(work, place, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private ShardNode<T> Send(ShardWork work, BatchPlace place, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<T> parameters = work == ShardWork.ValidationTargets ? default : Network.Parameters.Memory;
        var task = new ShardTask<T>(_plan.Id, ++_tasks, work, place, parameters);
        ShardSums<T> answer = _shards.Compute(task, cancellationToken);
        if ((answer.Plan, answer.Task, answer.Work, answer.Shards) != (_plan.Id, task.Number, work, _plan.Shards))
        {
            throw new InvalidOperationException(
                $"The shards answered task {answer.Task} of plan {answer.Plan:X}, "
                + $"but the request was task {task.Number} of plan {_plan.Id:X}.");
        }

        if (answer.Nodes is not [{ First: 0 } sum] || sum.End != _plan.Shards)
        {
            string found = string.Join(", ", answer.Nodes.Select(node => $"{node.First} to {node.End - 1}"));
            throw new InvalidOperationException($"Of the shards 0 to {_plan.Shards - 1}, only {found} answered.");
        }

        int expected = work == ShardWork.Gradient ? parameters.Length : 0;
        return work == ShardWork.ValidationTargets || sum.Numbers.Length == expected ? sum : throw new InvalidOperationException(
            $"The shards answered with {sum.Numbers.Length} numbers, but {expected} were expected.");
    }
}

/// <summary>Measures the loss of rows in shards.</summary>
internal sealed class ShardedLossMeter<T>(ShardedParts<T> parts, ShardWork work, long rows) : LossMeter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override double Measure(CancellationToken cancellationToken, long most = long.MaxValue)
    {
        long measured = Math.Min(rows, most);
        BatchPlace place = work == ShardWork.TrainingLoss ? BatchPlace.None with { End = measured } : BatchPlace.None;
        return parts.Compute(work, place, cancellationToken) is { } sum ? sum.Loss / measured : double.NaN;
    }
}
