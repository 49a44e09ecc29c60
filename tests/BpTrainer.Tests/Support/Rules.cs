namespace BpTrainer.Tests;

/// <summary>Every optimizer, by name, for tests that all of them must pass.</summary>
internal static class Rules
{
    public static IReadOnlyList<Optimizer> All { get; } =
    [
        Optimizer.GradientDescent(),
        Optimizer.Momentum(),
        Optimizer.Nesterov(),
        Optimizer.AdaptiveGradientDescent(),
        Optimizer.AdaptiveMomentum(),
        Optimizer.ResilientMinus(),
        Optimizer.ResilientPlus(),
        Optimizer.AdaGrad(),
        Optimizer.RmsProp(),
        Optimizer.Adam(),
        Optimizer.AdamW(),
        Optimizer.Nadam(),
        Optimizer.Lbfgs(),
        Optimizer.LevenbergMarquardt(),
    ];

    public static TheoryData<string> Names => [.. All.Select(rule => rule.Name)];

    /// <summary>Those that change every parameter by itself, in batches of any size.</summary>
    public static TheoryData<string> NamesForBatches => [.. All.Where(rule => !rule.IsFullBatchOnly).Select(rule => rule.Name)];

    public static Optimizer Of(string name) => All.Single(rule => rule.Name == name);

    /// <summary>The options with a rule: with all samples at once if the rule needs that.</summary>
    public static TrainingOptions With(this TrainingOptions options, Optimizer rule) => options with
    {
        Optimizer = rule,
        BatchSize = rule.IsFullBatchOnly ? TrainingOptions.FullBatch : options.BatchSize,
    };
}
