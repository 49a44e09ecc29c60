using System.Numerics;
using BpTrainer.Averaging;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>
/// Training goes on with the weights w as they are, but the network that comes out has an average a of them. It is the average
/// that the validation set judges after every epoch and that is kept when it is the best so far.
/// </summary>
/// <remarks>
/// Training losses are those of w, and a callback sees the network with w. Without a validation set the average is kept of the epoch whose w have the
/// lowest training loss. An epoch that an adaptive rate undoes leaves no trace in the average.
/// </remarks>
public abstract record WeightAveraging
{
    private protected WeightAveraging()
    {
    }

    /// <summary>
    /// The exponential moving average after every update t = 1, 2, …: a ← a + (1 − β)/(1 − βᵗ) · (w − a). This is
    /// (1 − β)·Σ βᵗ⁻ⁱ wᵢ over 1 − βᵗ, the bias correction of Adam: the weights before training have no part in it.
    /// </summary>
    /// <remarks>
    /// With batches of fewer than 32 samples, t counts the times that 32 samples were learned, and the end of every epoch. With a rule whose
    /// epochs are judged as a whole, such as <see cref="Optimizer.AdaptiveGradientDescent"/> and Levenberg–Marquardt, t counts the epochs that stay.
    /// </remarks>
    /// <param name="decay">β; in (0, 1): about 1/(1 − β) updates count. Default 0.999.</param>
    /// <returns>The averaging.</returns>
    public static WeightAveraging Exponential(double decay = 0.999) => new ExponentialAveraging(decay);

    /// <summary>The mean of the weights at the end of the last epochs, of all of them as long as there are fewer.</summary>
    /// <param name="epochs">How many epochs; 2 or more, and all if there are fewer. Each takes the memory of a copy of the weights.</param>
    /// <returns>The averaging.</returns>
    public static WeightAveraging LastEpochs(int epochs) => new LastEpochsAveraging(epochs);

    /// <summary>How many numbers the average takes for each parameter in a training of so many epochs, besides a copy of the weights themselves.</summary>
    internal abstract int NumbersPerParameter(int epochs);

    /// <summary>Throws if a figure is out of its range.</summary>
    internal abstract void Validate();

    /// <summary>Throws if an average of so many parameters takes more memory than there is.</summary>
    internal void CheckSize<T>(int parameters, int epochs) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TrainingMemory.ThrowIfNotAvailable(
            TrainingMemory.Bytes<T>((double)parameters * NumbersPerParameter(epochs)), nameof(TrainingOptions.Averaging), this);

    /// <summary>Begins an average.</summary>
    internal abstract WeightAverage<T> Create<T>(AlignedBuffer<T> parameters, KernelKind kernel) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
