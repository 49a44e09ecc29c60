namespace BpTrainer.ML;

/// <summary>What <see cref="BackPropagationOptions.OnEpoch"/> is told after an epoch, and by which it may end the training.</summary>
public sealed class EpochProgress
{
    internal EpochProgress(EpochRecord epoch, int network, int numberOfNetworks)
    {
        Epoch = epoch;
        Network = network;
        NumberOfNetworks = numberOfNetworks;
    }

    /// <summary>The number of the epoch, its losses and learning rate, and the seconds since the training of this network began.</summary>
    public EpochRecord Epoch { get; }

    /// <summary>Which network it is, from 0.</summary>
    public int Network { get; }

    /// <summary>How many networks are trained.</summary>
    public int NumberOfNetworks { get; }

    /// <summary>
    /// Set to <see langword="true"/>, it ends the training: every network stops after the epoch it is in, and one that has not begun after its first.
    /// The model has the best weights so far.
    /// </summary>
    public bool Stop { get; set; }
}
