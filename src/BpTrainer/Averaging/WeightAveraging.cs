using BpTrainer.Averaging;

namespace BpTrainer;

/// <summary>
/// Training continues with the weights w, but the network gets an average a of them. The validation loss of every epoch is measured with
/// the average, and the average of the best epoch is kept.
/// </summary>
/// <remarks>
/// Training losses are measured with w, and a callback gets the network with w. Without a validation set, the average of the epoch with the
/// lowest training loss is kept. An epoch that an adaptive rate undoes does not affect the average.
/// </remarks>
public abstract record WeightAveraging
{
    private protected WeightAveraging()
    {
    }

    /// <summary>
    /// The exponential moving average after every update t = 1, 2, …: a ← a + (1 − β)/(1 − βᵗ) · (w − a). This is (1 − β)·Σ βᵗ⁻ⁱ wᵢ divided
    /// by 1 − βᵗ, the bias correction of Adam: the weights before training do not count.
    /// </summary>
    /// <remarks>
    /// With batches of fewer than 32 samples, t increases after every 32 samples and at the end of every epoch. With an optimizer that
    /// accepts or undoes whole epochs, such as <see cref="Optimizer.AdaptiveGradientDescent"/> and Levenberg–Marquardt, t counts the
    /// accepted epochs.
    /// </remarks>
    /// <param name="decay">β, in (0, 1): about the last 1/(1 − β) updates count. Default: 0.999.</param>
    /// <returns>The averaging.</returns>
    public static WeightAveraging Exponential(double decay = 0.999) => new ExponentialAveraging(decay);

    /// <summary>The mean of the weights at the end of the last epochs.</summary>
    /// <param name="epochs">The number of epochs, 2 or more; if there were fewer so far, all of them count. Each takes the memory of a copy
    /// of the weights.</param>
    /// <returns>The averaging.</returns>
    public static WeightAveraging LastEpochs(int epochs) => new LastEpochsAveraging(epochs);

    /// <summary>The numbers that the average stores for each parameter, in addition to a copy of the weights.</summary>
    internal abstract int NumbersPerParameter(int epochs);

    /// <summary>Throws if a value is out of its range.</summary>
    internal abstract void Validate();

    /// <summary>Throws if the average needs more memory than there is.</summary>
    internal void CheckSize<T>(int parameters, int epochs) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        MemorySize.ThrowIfNotAvailable(
            MemorySize.Of<T>((double)parameters * NumbersPerParameter(epochs)), nameof(TrainingOptions.Averaging), this);

    /// <summary>Begins an average.</summary>
    internal abstract WeightAverage<T> Create<T>(AlignedBuffer<T> parameters, KernelKind kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
