using BpTrainer.Averaging;
using BpTrainer.Files;
using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Schedules;
using BpTrainer.Threads;

namespace BpTrainer.Training;

/// <summary>
/// The objects that the epochs of a training share. They are created once per training. Where its samples are, on this machine or in
/// shards, decides what learns from them and measures on them.
/// </summary>
internal abstract class TrainingParts<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Allocates the workspace and starts as many threads as the operations of a batch justify.</summary>
    protected TrainingParts(Network<T> network, TrainingOptions options, long rows, long batchSize, Workspace<T> work, double operations)
    {
        Network = network;
        Options = options;
        Kernel = options.KernelInUse;
        Rows = rows;
        BatchSize = batchSize;
        Work = work;
        BackPropagation = new BackPropagation<T>(network, options.Loss, Kernel, work);
        Course = new ScheduledRates(options.Schedule, options.Optimizer.LearningRate ?? 0, options.LengthOn(rows));
        Average = options.Averaging?.Create(network.Parameters, Kernel);

        // Objects that must be disposed are created last, after everything that allocates much memory.
        Team = new WorkTeam(WorkItems.Threads(options.NumberOfThreads, operations));
    }

    public Network<T> Network { get; }

    public TrainingOptions Options { get; }

    public KernelKind Kernel { get; }

    /// <summary>The number of samples of a pass.</summary>
    public long Rows { get; }

    public long BatchSize { get; }

    public Workspace<T> Work { get; }

    public BackPropagation<T> BackPropagation { get; }

    /// <summary>The learning rate of every update, for optimizers that have one.</summary>
    public RateCourse Course { get; }

    public WeightAverage<T>? Average { get; }

    public WorkTeam Team { get; }

    /// <summary>Whether samples can be read if training had to end at once.</summary>
    public abstract bool RowsAreAtHand { get; }

    /// <summary>The validation loss of the best constant prediction; null without validation samples.</summary>
    public abstract double? ConstantLoss { get; }

    /// <summary>Measures the validation loss; null without validation samples.</summary>
    public abstract LossMeter<T>? ValidationMeter { get; }

    /// <summary>Creates the learner for the training samples.</summary>
    public abstract BatchLearner<T> CreateLearner(OptimizerStep<T> step);

    /// <summary>Creates the meter of the training loss.</summary>
    public abstract LossMeter<T> CreateLossMeter();

    /// <summary>Creates the gradient over all training samples, with these penalties.</summary>
    public abstract WholeGradient<T> CreateGradient(Regularization regularization);

    /// <summary>Returns the properties of the samples that must be the same so that a resumed training gives the same result, bit for
    /// bit.</summary>
    public abstract IEnumerable<(string Name, string Value)> DescribeRows();

    public virtual void Dispose() => Team.Dispose();
}

/// <summary>Learns from batch after batch: block by block, in an order that may be new in every pass.</summary>
internal abstract class BatchLearner<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Begins a pass over all samples.</summary>
    public abstract void Restart();

    /// <summary>
    /// Moves to the next block of the pass, shuffles it if the options require this, and returns the number of its samples; 0 at the end of
    /// the pass and if cancelled.
    /// </summary>
    public abstract long NextBlock(CancellationToken cancellationToken);

    /// <summary>
    /// Learns from the samples of the block from <paramref name="first"/> up to <paramref name="end"/>, and returns the sum of their
    /// losses, each measured before its update. A batch with a loss that is not finite changes nothing.
    /// </summary>
    public abstract double Learn(long first, long end, T rate, ref long updates, CancellationToken cancellationToken);

    /// <summary>Makes the deferred updates.</summary>
    public virtual void FinishUpdates()
    {
    }

    /// <summary>Saves or loads the state that continues from batch to batch and from pass to pass, apart from the optimizer
    /// state.</summary>
    public abstract void SaveOrLoad(CheckpointState state);
}

/// <summary>Measures the mean loss over samples with the current weights, without dropout.</summary>
internal abstract class LossMeter<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Returns the mean loss of the first samples, at most <paramref name="most"/>; not meaningful if cancelled.</summary>
    public abstract double Measure(CancellationToken cancellationToken, long most = long.MaxValue);
}

/// <summary>The whole gradient over all samples, including penalties, with the current weights and without dropout.</summary>
internal abstract class WholeGradient<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>∂E/∂w in the layout of the parameters.</summary>
    public abstract AlignedBuffer<T> Whole { get; }

    /// <summary>Loads the samples into memory for <see cref="Run"/>; false if cancelled.</summary>
    public abstract bool Load(CancellationToken cancellationToken);

    /// <summary>Computes the gradient of all samples as one batch, and returns the mean loss; NaN if cancelled.</summary>
    public abstract double Run(CancellationToken cancellationToken);

    /// <summary>Returns ‖∂E/∂w‖ from samples that need not all be in memory; not meaningful if cancelled.</summary>
    public abstract double Norm(CancellationToken cancellationToken);
}
