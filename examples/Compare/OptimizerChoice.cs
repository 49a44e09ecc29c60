namespace BpTrainer.Examples.Compare;

/// <summary>Creates the optimizer that the settings describe.</summary>
internal static class OptimizerChoice
{
    private const string AdaptivePrefix = "adaptive-";
    private const double DefaultMomentum = 0.9;

    private static readonly IReadOnlyList<Optimizer> s_all =
    [
        Optimizer.GradientDescent(), Optimizer.Momentum(), Optimizer.Nesterov(),
        Optimizer.Adam(), Optimizer.AdamW(), Optimizer.Nadam(), Optimizer.RmsProp(), Optimizer.AdaGrad(),
        Optimizer.ResilientMinus(), Optimizer.ResilientPlus(),
        Optimizer.Lbfgs(), Optimizer.ScaledConjugateGradient(), Optimizer.LevenbergMarquardt(), Optimizer.BayesianRegularization(),
    ];

    /// <summary>The names of the optimizers.</summary>
    public static readonly IReadOnlyList<string> Names = [.. s_all.Select(optimizer => optimizer.Name)];

    /// <summary>Changes the optimizer of a preset.</summary>
    /// <param name="preset">The optimizer of the preset, whose learning rate is kept unless the settings name another optimizer or
    /// rate.</param>
    /// <param name="settings">The settings.</param>
    /// <exception cref="UserError">The settings cannot be combined.</exception>
    public static Optimizer Of(Optimizer preset, TrainerSettings settings)
    {
        string? name = settings.Text(Setting.Optimizer);
        double? rate = settings.Number(Setting.LearningRate);
        double? momentum = settings.Number(Setting.Momentum);
        bool? adaptive = settings.Flag(Setting.Adaptive);

        Optimizer basis = name is null ? preset : s_all.Single(optimizer => optimizer.Name == name);
        if (rate is { } given)
        {
            if (basis.LearningRate is null)
                throw new UserError(
                    $"learning-rate cannot be used with the optimizer {basis}, which chooses the length of its steps itself.");
            basis = basis.WithLearningRate(given);
        }
        if (momentum is null && adaptive is null)
            return basis;
        bool isAdaptive = adaptive ?? basis.Name.StartsWith(AdaptivePrefix, StringComparison.Ordinal);
        return WithMomentum(basis, isNamed: name is not null, momentum, isAdaptive);
    }

    private static Optimizer WithMomentum(Optimizer basis, bool isNamed, double? momentum, bool isAdaptive)
    {
        string method = basis.Name.Replace(AdaptivePrefix, "", StringComparison.Ordinal);
        if (method == "gradient-descent" && momentum is not null && !isNamed)
            method = "momentum";
        double rate = basis.LearningRate ?? 0;
        return (method, isAdaptive) switch
        {
            ("momentum", false) => Optimizer.Momentum(rate, momentum ?? DefaultMomentum),
            ("momentum", true) => Optimizer.AdaptiveMomentum(rate, momentum ?? DefaultMomentum),
            ("nesterov", false) => Optimizer.Nesterov(rate, momentum ?? DefaultMomentum),
            ("gradient-descent", false) when momentum is null => Optimizer.GradientDescent(rate),
            ("gradient-descent", true) when momentum is null => Optimizer.AdaptiveGradientDescent(rate),
            (_, false) when momentum is null => basis,
            (_, true) => throw new UserError(
                $"adaptive cannot be used with the optimizer {basis}, only with momentum and gradient-descent."),
            _ => throw new UserError($"momentum cannot be used with the optimizer {basis}, only with momentum and nesterov."),
        };
    }
}
