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

    /// <summary>
    /// All blocks that are remembered. With <see cref="Numbers"/> and the parameters they are the state of learning: written
    /// back, they let it go on as if it had not been interrupted.
    /// </summary>
    public abstract IReadOnlyList<AlignedBuffer<T>> Memory { get; }

    /// <summary>All single numbers that are remembered.</summary>
    public abstract IReadOnlyList<double[]> Numbers { get; }

    /// <summary>Runs an epoch; a cancelled one ends early.</summary>
    /// <returns>The training loss, and whether the epoch stays; one that does not has been undone.</returns>
    public abstract (double Loss, bool Accepted) Run(CancellationToken cancellationToken);
}
