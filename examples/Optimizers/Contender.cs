namespace BpTrainer.Examples.Optimizers;

/// <summary>An optimizer with its default figures, and how many samples an update takes.</summary>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="BatchSize">The samples of an update.</param>
/// <param name="IsForSquaredErrors">Whether the optimizer takes no other loss; classes are then one-hot numbers for linear outputs.</param>
internal sealed record Contender(Optimizer Optimizer, int BatchSize, bool IsForSquaredErrors = false)
{
    // Above, a step of Levenberg–Marquardt takes seconds: its time grows with the square of the parameters times the outputs and samples.
    private const int MostParametersForSquaredErrors = 2000;

    /// <summary>
    /// Every optimizer of the engine: in mini-batches, unless it is meant for all samples at once, as MATLAB's adaptive rates are;
    /// gradient descent in all three ways.
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

    /// <summary>Whether an update takes all samples.</summary>
    public bool IsFullBatch => BatchSize == TrainingOptions.FullBatch;

    /// <summary>The samples of an update, as the table and the files of the peers write it.</summary>
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
