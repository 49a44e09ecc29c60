namespace BpTrainer.Tests;

/// <summary>Every optimizer, by name, for tests that all of them must pass.</summary>
internal static class EveryOptimizer
{
    public static IReadOnlyList<Optimizer> All { get; } =
    [
        Optimizer.GradientDescent(),
        Optimizer.Momentum(),
        Optimizer.Nesterov(),
        Optimizer.AdaptiveGradientDescent(),
        Optimizer.AdaptiveMomentum(),
        Optimizer.AdaptiveMomentum(rule: AdaptiveMomentumRule.MatlabCode),
        Optimizer.AdaptiveMomentum(rule: AdaptiveMomentumRule.MatlabHelp),
        Optimizer.ResilientMinus(),
        Optimizer.ResilientPlus(),
        Optimizer.AdaGrad(),
        Optimizer.RmsProp(),
        Optimizer.Adam(),
        Optimizer.AdamW(),
        Optimizer.Nadam(),
        Optimizer.Lbfgs(),
        Optimizer.ScaledConjugateGradient(),
        Optimizer.LevenbergMarquardt(),
        Optimizer.BayesianRegularization(),
    ];

    public static TheoryData<string> Names => [.. All.Select(optimizer => optimizer.Name)];

    /// <summary>Those that change every parameter by itself, in batches of any size.</summary>
    public static TheoryData<string> NamesForBatches =>
        [.. All.Where(optimizer => !optimizer.IsFullBatchOnly).Select(optimizer => optimizer.Name)];

    public static Optimizer Of(string name) => All.Single(optimizer => optimizer.Name == name);

    /// <summary>The options with an optimizer: with all samples at once if the optimizer needs that.</summary>
    public static TrainingOptions With(this TrainingOptions options, Optimizer optimizer) => options with
    {
        Optimizer = optimizer,
        BatchSize = optimizer.IsFullBatchOnly ? TrainingOptions.FullBatch : options.BatchSize,
    };
}
