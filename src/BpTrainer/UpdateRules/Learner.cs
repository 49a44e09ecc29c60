using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>How a network learns in an epoch, and what is remembered from one epoch to the next.</summary>
internal abstract class Learner<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The learning rate, or what takes its place, that the next epoch uses.</summary>
    public abstract double Rate { get; }

    /// <summary>Why no further epoch makes sense; null while one does.</summary>
    public virtual StopReason? StopReason => null;

    /// <summary>The pass over batches that an epoch is made of; null where all samples make one update together.</summary>
    public virtual EpochPass<T>? Pass => null;

    /// <summary>Whether the weights after every update are final, and shown to an average that wants to see them.</summary>
    public virtual bool AveragesUpdates => false;

    /// <summary>
    /// All blocks that are remembered. With <see cref="Numbers"/> and the parameters they are the state of learning: written
    /// back, they let it go on as if it had not been interrupted.
    /// </summary>
    public abstract IReadOnlyList<AlignedBuffer<T>> Memory { get; }

    /// <summary>All single numbers that are remembered.</summary>
    public abstract IReadOnlyList<double[]> Numbers { get; }

    /// <summary>Whether <see cref="Numbers"/> are such as a training leaves: from a file they may be any.</summary>
    public virtual bool NumbersMakeSense => true;

    /// <summary>Forgets what holds for the samples at hand only, when others follow.</summary>
    public virtual void ForgetSamples()
    {
    }

    /// <summary>Runs an epoch; a cancelled one ends early.</summary>
    /// <returns>The training loss, and whether the epoch stays; one that does not has been undone.</returns>
    public abstract (double Loss, bool Accepted) Run(CancellationToken cancellationToken);

    /// <summary>Writes or reads all that goes on from epoch to epoch.</summary>
    public void Exchange(CheckpointState state)
    {
        foreach (AlignedBuffer<T> memory in Memory)
        {
            state.Exchange(memory.Span);
        }

        foreach (double[] numbers in Numbers)
        {
            state.Exchange<double>(numbers);
        }

        state.Require(NumbersMakeSense, "the update rule has numbers that no training leaves");
        Pass?.Exchange(state);
    }

    /// <summary>Why no search goes on from an error and a norm of its gradient; null if one does.</summary>
    protected static StopReason? ReasonAt(double error, double norm, double minimumNorm) =>
        !double.IsFinite(error) || !double.IsFinite(norm) ? BpTrainer.StopReason.NonFinite
        : norm <= minimumNorm ? BpTrainer.StopReason.MinimumGradientReached
        : null;
}
