namespace BpTrainer;

/// <summary>How a network is trained. Every figure is checked when a <see cref="NetworkTrainer{T}"/> is made.</summary>
public sealed record TrainingOptions
{
    /// <summary>The <see cref="BatchSize"/> that makes every epoch one update from all samples.</summary>
    public const int FullBatch = int.MaxValue;

    /// <summary>The error to make small. Default <see cref="Loss.HalfSquaredError"/>.</summary>
    public Loss Loss { get; init; } = Loss.HalfSquaredError;

    /// <summary>How gradients change the parameters. Default <see cref="UpdateRule.Momentum"/> with 0.9.</summary>
    public UpdateRule UpdateRule { get; init; } = UpdateRule.Momentum();

    /// <summary>Penalties, clipping and bounds. Default none.</summary>
    public Regularization Regularization { get; init; } = new();

    /// <summary>The shares of units that training leaves out at random. Default none.</summary>
    public Dropout Dropout { get; init; } = new();

    /// <summary>The learning rate η, the size of a step; finite and above 0. Adaptive rules begin with it. Default 0.01.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>
    /// The samples of an update: 1 for incremental learning, <see cref="FullBatch"/> for all at once, else mini-batches.
    /// The last batch of an epoch may be smaller. 1 or more. Default 32.
    /// </summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The most epochs, passes over the training set; 1 or more. Default 200.</summary>
    public int Epochs { get; init; } = 200;

    /// <summary>Whether every epoch takes the samples in a new random order. Default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>The seed of the order of the samples and of the units that dropout leaves out. The same seed gives the same network. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Training stops when the training loss of an epoch is at or below this; finite, not negative; null for no goal. Default null.</summary>
    public double? ErrorGoal { get; init; }

    /// <summary>
    /// Training stops when the validation loss has not reached a new low for this many epochs in a row; 1 or more. Counts
    /// only when a validation set is given. Default 6, the max_fail of MATLAB.
    /// </summary>
    public int ValidationChecks { get; init; } = 6;

    /// <summary>
    /// The most threads that share a batch; 0 for as many as there are processors. A batch that is too small for them is
    /// worked on by fewer. The result is the same, bit for bit, for every number. Default 0.
    /// </summary>
    public int NumberOfThreads { get; init; }

    /// <summary>The instructions to use; null for <see cref="BpTrainer.Kernel.Default"/>. Default null.</summary>
    public KernelKind? Kernel { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Loss);
        ArgumentNullException.ThrowIfNull(UpdateRule);
        ArgumentNullException.ThrowIfNull(Regularization);
        Regularization.Validate();
        ArgumentNullException.ThrowIfNull(Dropout);
        Guard.PositiveFinite(LearningRate);
        Guard.AtLeast(BatchSize, 1);
        Guard.AtLeast(Epochs, 1);
        Guard.AtLeast(ValidationChecks, 1);
        if (ErrorGoal is { } goal && !(goal >= 0 && double.IsFinite(goal)))
        {
            throw Guard.OutOfRange(nameof(ErrorGoal), goal, "a finite number, 0 or more, or null");
        }

        Guard.AtLeast(NumberOfThreads, 0);
        if (Kernel is { } kernel)
        {
            BpTrainer.Kernel.Check(kernel);
        }

        UpdateRule.Validate();
    }
}
