namespace BpTrainer.Tests;

/// <summary>Every update rule, with its defaults.</summary>
internal static class UpdateRuleList
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
}
