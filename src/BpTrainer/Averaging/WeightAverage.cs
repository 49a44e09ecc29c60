using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>An average of the weights of a network in the course of a training.</summary>
internal abstract class WeightAverage<T>(AlignedBuffer<T> parameters) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _learning = new(parameters.Length);

    /// <summary>Whether it wants to see the weights after updates, not just after epochs.</summary>
    public abstract bool FollowsUpdates { get; }

    protected AlignedBuffer<T> Parameters => parameters;

    /// <summary>Takes the weights after an update, if <see cref="FollowsUpdates"/>, else those after an epoch.</summary>
    public abstract void Take();

    /// <summary>Puts the average into the network; the weights that learn wait until <see cref="Leave"/>.</summary>
    public void Enter()
    {
        parameters.Span.CopyTo(_learning.Span);
        CopyTo(parameters.Span);
    }

    /// <summary>Puts the weights that learn back into the network.</summary>
    public void Leave() => _learning.Span.CopyTo(parameters.Span);

    /// <summary>Writes or reads what the average remembers.</summary>
    public abstract void Exchange(CheckpointState state);

    protected abstract void CopyTo(Span<T> average);
}
