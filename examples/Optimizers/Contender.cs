namespace BpTrainer.Examples.Optimizers;

/// <summary>An optimizer with its default parameters, and the number of samples per update.</summary>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="BatchSize">The number of samples per update.</param>
/// <param name="IsForSquaredErrors">Whether the optimizer supports only squared errors; classes are then one-hot targets of linear
/// outputs.</param>
internal sealed record Contender(Optimizer Optimizer, int BatchSize, bool IsForSquaredErrors = false)
{
    // With more parameters, a step of Levenberg–Marquardt takes seconds: its time grows with parameters² × outputs × samples.
    private const int MostParametersForSquaredErrors = 2000;

    /// <summary>
    /// Every optimizer of the engine, with mini-batches, or with all samples at once if it is meant for that, like MATLAB's adaptive rates.
    /// Gradient descent runs in three ways: with single samples, with mini-batches and with all samples.
    /// </summary>
    public static IReadOnlyList<Contender> All(int batchSize) =>
    [
        new(Optimizer.GradientDescent(), 1),
        new(Optimizer.GradientDescent(), batchSize),
        new(Optimizer.GradientDescent(), TrainingOptions.FullBatch),
        new(Optimizer.Momentum(), batchSize),
        new(Optimizer.Nesterov(), batchSize),
        new(Optimizer.AdaptiveGradientDescent(), TrainingOptions.FullBatch),
        new(Optimizer.AdaptiveMomentum(), TrainingOptions.FullBatch),
        new(Optimizer.ResilientMinus(), TrainingOptions.FullBatch),
        new(Optimizer.ResilientPlus(), TrainingOptions.FullBatch),
        new(Optimizer.AdaGrad(), batchSize),
        new(Optimizer.RmsProp(), batchSize),
        new(Optimizer.Adam(), batchSize),
        new(Optimizer.AdamW(), batchSize),
        new(Optimizer.Nadam(), batchSize),
        new(Optimizer.Lbfgs(), TrainingOptions.FullBatch),
        new(Optimizer.ScaledConjugateGradient(), TrainingOptions.FullBatch),
        new(Optimizer.LevenbergMarquardt(), TrainingOptions.FullBatch, IsForSquaredErrors: true),
        new(Optimizer.BayesianRegularization(), TrainingOptions.FullBatch, IsForSquaredErrors: true),
    ];

    /// <summary>The name of the optimizer.</summary>
    public string Name => Optimizer.Name;

    /// <summary>Whether an update uses all samples.</summary>
    public bool IsFullBatch => BatchSize == TrainingOptions.FullBatch;

    /// <summary>The number of samples per update, as it is written in the table and in the files of the peers.</summary>
    public string Batch => IsFullBatch ? "all" : $"{BatchSize}";

    /// <summary>Why the optimizer cannot take part in a problem, or null when it can.</summary>
    public string? LeftOut(Problem problem, Settings settings)
    {
        int parameters = Recipe.Parameters(problem, settings);
        return IsForSquaredErrors && parameters > MostParametersForSquaredErrors
            ? $"left out: too slow with {parameters} parameters"
            : null;
    }
}
