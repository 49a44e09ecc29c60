namespace BpTrainer;

/// <summary>What one epoch did.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="TrainingLoss">The mean loss over the samples, each as its batch saw it before its update; where the optimizer judges whole
/// epochs, the loss over all samples after the epoch, for a rejected one that which was judged.</param>
/// <param name="ValidationLoss">The mean loss over the validation set after the epoch; null without one.</param>
/// <param name="LearningRate">The learning rate that the epoch used; with a schedule, that of its first update.</param>
/// <param name="Seconds">Seconds from the start of training to the end of the epoch.</param>
public sealed record EpochRecord(int Epoch, double TrainingLoss, double? ValidationLoss, double LearningRate, double Seconds)
{
    /// <summary>
    /// The Euclidean norm of the gradient of the mean loss over all samples, with penalties, at the weights after the epoch; for
    /// Levenberg–Marquardt, with Bayesian regularization or not, without <see cref="TrainingOptions.MinimumGradient"/> at those before its
    /// step. It is measured with that option and by optimizers that need it anyway, such as L-BFGS; null where it is not.
    /// </summary>
    public double? GradientNorm { get; init; }

    /// <summary>
    /// The checks against early stopping so far: the epochs since the last new low of the validation loss, of which one on the plateau
    /// counts a tenth; see <see cref="TrainingOptions.EarlyStoppingRounds"/>. Null without a validation set.
    /// </summary>
    public double? ValidationChecks { get; init; }

    /// <summary>
    /// Whether the epoch stays; false where an adaptive learning rate undid it, so that the network has the weights from before it. Default
    /// true.
    /// </summary>
    public bool IsAccepted { get; init; } = true;
}

/// <summary>What the callback of a training gets after every epoch, and how it stops the training.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class EpochProgress<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal EpochProgress(EpochRecord epoch, Network<T> network, int networkIndex, int numberOfNetworks)
    {
        Epoch = epoch;
        Network = network;
        NetworkIndex = networkIndex;
        NumberOfNetworks = numberOfNetworks;
    }

    /// <summary>The number of the epoch, its losses and learning rate, and the seconds since the training of this network began.</summary>
    public EpochRecord Epoch { get; }

    /// <summary>
    /// The network in training, with the weights after the epoch; those from before it if it was undone, and those that learn, not their
    /// average, with <see cref="TrainingOptions.Averaging"/>. It is there to be read and to predict with, during the callback only, and
    /// must not be changed; <see cref="Network{T}.Clone"/> keeps it as it is now.
    /// </summary>
    public Network<T> Network { get; }

    /// <summary>The number of the network in the ensemble, from 0.</summary>
    public int NetworkIndex { get; }

    /// <summary>The number of networks in the ensemble; 1 without one.</summary>
    public int NumberOfNetworks { get; }

    internal bool IsStopRequested { get; private set; }

    /// <summary>
    /// Stops the training. In an ensemble every network stops after its current epoch, and one that has not begun after its first. Each
    /// network keeps its best weights so far.
    /// </summary>
    public void Stop() => IsStopRequested = true;
}
