namespace BpTrainer.Tests;

/// <summary>Every update rule, by name, for tests that all of them must pass.</summary>
internal static class Rules
{
    public static IReadOnlyList<UpdateRule> All { get; } =
    [
        UpdateRule.GradientDescent,
        UpdateRule.Momentum(),
        UpdateRule.Nesterov(),
        UpdateRule.Adaptive(),
        UpdateRule.MomentumAdaptive(),
        UpdateRule.ResilientMinus(),
        UpdateRule.ResilientPlus(),
        UpdateRule.AdaGrad(),
        UpdateRule.RmsProp(),
        UpdateRule.Adam(),
        UpdateRule.AdamW(),
        UpdateRule.Nadam(),
        UpdateRule.Lbfgs(),
        UpdateRule.LevenbergMarquardt(),
    ];

    public static TheoryData<string> Names => [.. All.Select(rule => rule.Name)];

    /// <summary>Those that change every parameter by itself, in batches of any size.</summary>
    public static TheoryData<string> NamesForBatches => [.. All.Where(rule => !rule.IsFullBatchOnly).Select(rule => rule.Name)];

    public static UpdateRule Of(string name) => All.Single(rule => rule.Name == name);

    /// <summary>The options with a rule: with all samples at once if the rule needs that, and without a learning rate if it takes none.</summary>
    public static TrainingOptions With(this TrainingOptions options, UpdateRule rule) => options with
    {
        UpdateRule = rule,
        BatchSize = rule.IsFullBatchOnly ? TrainingOptions.FullBatch : options.BatchSize,
        LearningRate = rule.TakesLearningRate ? options.LearningRate : null,
    };
}
