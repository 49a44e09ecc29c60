namespace BpTrainer.ML;

/// <summary>The default options of the back-propagation trainers, all in one place.</summary>
internal static class BackPropagationDefaults
{
    public const double BiasRateFactor = 1;
    public const double Momentum = 0.9;
    public const bool AdaptiveLearningRate = false;
    public const int NumberOfNetworks = 1;
    public const bool AverageNetworks = false;
    public const int NumberOfEpochs = 200;
    public const double ValidationFraction = 0.15;
    public const int EarlyStoppingRounds = 20;
    public const bool NormalizeInputs = true;
    public const bool ImputeMissingFeatures = false;
    public const bool KeepOptimizerState = false;
    public const bool Shuffle = true;

    /// <summary>A validation part with fewer rows says too little about the model; training then does without.</summary>
    public const int MinimumValidationRows = 10;

    /// <summary>
    /// Half of what the runtime may use: the machine's memory, or the limit of its container. It does not ask what is free at
    /// the moment, so that the same machine trains in the same way every time.
    /// </summary>
    public static long MaximumMemory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    public static int[] HiddenLayers => [64];

    public static Initializer OutputInitializer => Initializer.Zero;

    public static Activation Activation => Activation.Tanh;

    /// <summary>Small sets get small batches, so that an epoch still makes some dozens of steps.</summary>
    public static int BatchSize(int rows) => Math.Clamp(rows / 32, 8, 128);
}
