namespace BpTrainer;

/// <summary>The results of one epoch.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="TrainingLoss">The mean loss over the samples, each measured in its batch before the update. If the optimizer measures whole
/// epochs, it is the loss over all samples after the epoch; for a rejected epoch, the loss that led to the rejection.</param>
/// <param name="ValidationLoss">The mean loss over the validation set after the epoch; null without a validation set.</param>
/// <param name="LearningRate">The learning rate of the epoch; with a schedule, that of its first update.</param>
/// <param name="Seconds">Seconds from the start of training to the end of the epoch.</param>
public sealed record EpochRecord(int Epoch, double TrainingLoss, double? ValidationLoss, double LearningRate, double Seconds)
{
    /// <summary>
    /// The Euclidean norm of the gradient of the mean loss over all samples, including penalties, at the weights after the epoch. It is
    /// measured if <see cref="TrainingOptions.MinimumGradient"/> is set, and by optimizers that need it anyway, such as L-BFGS; otherwise
    /// it is null. Levenberg–Marquardt, with or without Bayesian regularization, measures it at the weights before its step unless that
    /// option is set.
    /// </summary>
    public double? GradientNorm { get; init; }

    /// <summary>
    /// The number of validation checks so far: the epochs since the lowest validation loss, where an epoch on the plateau counts a tenth;
    /// see <see cref="TrainingOptions.EarlyStoppingRounds"/>. Null without a validation set.
    /// </summary>
    public double? ValidationChecks { get; init; }

    /// <summary>
    /// Whether the epoch was kept; false if an adaptive learning rate undid it, so that the network has the weights from before the epoch.
    /// Default: true.
    /// </summary>
    public bool IsAccepted { get; init; } = true;
}

/// <summary>The argument of a training's callback after every epoch. It can also stop the training.</summary>
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
    /// The network in training with the weights after the epoch, or from before the epoch if it was undone. With
    /// <see cref="TrainingOptions.Averaging"/>, these are the trained weights, not their average. Use it only during the callback, to read
    /// it and to predict, and do not change it; <see cref="Network{T}.Clone"/> makes a permanent copy.
    /// </summary>
    public Network<T> Network { get; }

    /// <summary>The number of the network in the ensemble, from 0.</summary>
    public int NetworkIndex { get; }

    /// <summary>The number of networks in the ensemble; 1 without one.</summary>
    public int NumberOfNetworks { get; }

    internal bool IsStopRequested { get; private set; }

    /// <summary>
    /// Stops the training. In an ensemble, every network stops after its current epoch, and a network that has not started yet stops after
    /// its first epoch. Each network keeps its best weights so far.
    /// </summary>
    public void Stop() => IsStopRequested = true;
}
