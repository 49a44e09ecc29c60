using BpTrainer.Files;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>What happens in an epoch, and what is remembered from one epoch to the next.</summary>
internal abstract class Epoch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The learning rate, or what takes its place, that the next epoch uses.</summary>
    public abstract double Rate { get; }

    /// <summary>Why no further epoch makes sense; null while one does.</summary>
    public virtual StopReason? StopReason => null;

    /// <summary>The batches that an epoch is made of; null where all samples make one update together.</summary>
    public virtual BatchEpoch<T>? Batches => null;

    /// <summary>Whether the weights after every update are final, and shown to an average that follows updates.</summary>
    public virtual bool AveragesUpdates => false;

    /// <summary>
    /// The blocks of the optimizer state. With <see cref="Numbers"/> and the parameters they are the state of learning: restored, they let
    /// it continue as if it had not been interrupted.
    /// </summary>
    public abstract IReadOnlyList<AlignedBuffer<T>> Memory { get; }

    /// <summary>The single numbers of the optimizer state.</summary>
    public abstract IReadOnlyList<double[]> Numbers { get; }

    /// <summary>Whether <see cref="Numbers"/> are such as a training leaves: from a file they may be any.</summary>
    public virtual bool NumbersMakeSense => true;

    /// <summary>The epochs of a training with the optimizer of its options.</summary>
    public static Epoch<T> Create(TrainingParts<T> parts) => parts.Options.Optimizer switch
    {
        StepOptimizer { AdaptiveRate: null } optimizer => new BatchEpoch<T>(parts, optimizer),
        StepOptimizer optimizer => new AdaptiveEpoch<T>(parts, optimizer),
        LbfgsOptimizer optimizer => new LbfgsEpoch<T>(parts, optimizer),
        LevenbergMarquardtOptimizer optimizer => new LevenbergMarquardtEpoch<T>(parts, optimizer),
        var optimizer => throw new NotSupportedException($"The optimizer {optimizer} has no epoch."),
    };

    /// <summary>Starts from the optimizer state of an earlier training.</summary>
    /// <exception cref="ArgumentException">It is that of a network of another shape, or none that a training leaves.</exception>
    public void Restore(OptimizerState<T> state)
    {
        state.CopyTo(Memory, Numbers);
        if (!NumbersMakeSense)
        {
            throw new ArgumentException($"The state of the optimizer makes no sense: no training with {state.Optimizer} leaves such numbers.");
        }

        ForgetSamples();
    }

    /// <summary>Forgets what holds for the samples of one training only, when another follows.</summary>
    protected virtual void ForgetSamples()
    {
    }

    /// <summary>Runs an epoch; a cancelled one ends early.</summary>
    /// <returns>The training loss, and whether the epoch stays; one that does not has been undone.</returns>
    public abstract (double Loss, bool Accepted) Run(CancellationToken cancellationToken);

    /// <summary>Saves or loads what continues from epoch to epoch.</summary>
    public void SaveOrLoad(CheckpointState state)
    {
        foreach (AlignedBuffer<T> memory in Memory)
        {
            state.SaveOrLoad(memory.Span);
        }

        foreach (double[] numbers in Numbers)
        {
            state.SaveOrLoad<double>(numbers);
        }

        state.Require(NumbersMakeSense, "the optimizer has numbers that no training leaves");
        Batches?.SaveOrLoadBatches(state);
    }

    /// <summary>Why no search continues from a loss and the norm of its gradient; null if one does.</summary>
    protected static StopReason? ReasonAt(double loss, double norm, double minimumNorm) =>
        !double.IsFinite(loss) || !double.IsFinite(norm) ? BpTrainer.StopReason.NonFinite
        : norm <= minimumNorm ? BpTrainer.StopReason.MinimumGradientReached
        : null;
}
