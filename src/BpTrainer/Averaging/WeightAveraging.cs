using BpTrainer.Averaging;

namespace BpTrainer;

/// <summary>
/// Training continues with the weights w as they are, but the network gets an average a of them. The validation loss of every epoch is that
/// of the average, and the average of the best epoch is kept.
/// </summary>
/// <remarks>
/// Training losses are those of w, and a callback sees the network with w. Without a validation set the average of the epoch with the
/// lowest training loss is kept. An epoch that an adaptive rate undoes leaves no trace in the average.
/// </remarks>
public abstract record WeightAveraging
{
    private protected WeightAveraging()
    {
    }

    /// <summary>
    /// The exponential moving average after every update t = 1, 2, …: a ← a + (1 − β)/(1 − βᵗ) · (w − a). This is (1 − β)·Σ βᵗ⁻ⁱ wᵢ over 1
    /// − βᵗ, the bias correction of Adam: the weights before training do not count.
    /// </summary>
    /// <remarks>
    /// With batches of fewer than 32 samples, t counts every 32 samples learned, and the end of every epoch. With an optimizer whose epochs
    /// are judged as a whole, such as <see cref="Optimizer.AdaptiveGradientDescent"/> and Levenberg–Marquardt, t counts the epochs that
    /// stay.
    /// </remarks>
    /// <param name="decay">β; in (0, 1): about 1/(1 − β) updates count. Default 0.999.</param>
    /// <returns>The averaging.</returns>
    public static WeightAveraging Exponential(double decay = 0.999) => new ExponentialAveraging(decay);

    /// <summary>The mean of the weights at the end of the last epochs, of all of them as long as there are fewer.</summary>
    /// <param name="epochs">How many epochs; 2 or more, and all if there are fewer. Each takes the memory of a copy of the weights.</param>
    /// <returns>The averaging.</returns>
    public static WeightAveraging LastEpochs(int epochs) => new LastEpochsAveraging(epochs);

    /// <summary>The numbers that the average takes for each parameter, besides a copy of the weights themselves.</summary>
    internal abstract int NumbersPerParameter(int epochs);

    /// <summary>Throws if a figure is out of its range.</summary>
    internal abstract void Validate();

    /// <summary>Throws if the average takes more memory than there is.</summary>
    internal void CheckSize<T>(int parameters, int epochs) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        MemorySize.ThrowIfNotAvailable(
            MemorySize.Of<T>((double)parameters * NumbersPerParameter(epochs)), nameof(TrainingOptions.Averaging), this);

    /// <summary>Begins an average.</summary>
    internal abstract WeightAverage<T> Create<T>(AlignedBuffer<T> parameters, KernelKind kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
