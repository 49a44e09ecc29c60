using System.Numerics;

namespace BpTrainer;

/// <summary>How a gradient changes the parameters, and whether the learning rate adapts to the error.</summary>
public abstract record UpdateRule
{
    private protected UpdateRule()
    {
    }

    /// <summary>Gradient descent, the Widrow–Hoff or delta rule: w ← w − η ∂E/∂w.</summary>
    public static UpdateRule GradientDescent { get; } = new GradientDescentRule();

    /// <summary>The momentum method of Rumelhart, Hinton and Williams (1986): Δw ← β Δw − η ∂E/∂w, w ← w + Δw.</summary>
    /// <param name="momentum">β, the share of the last step that is kept; in [0, 1). Default 0.9.</param>
    /// <returns>The rule.</returns>
    public static UpdateRule Momentum(double momentum = MomentumRule.DefaultMomentum) => new MomentumRule(momentum);

    /// <summary>
    /// Gradient descent with an adaptive rate, as MATLAB's traingda: an error that rose by more than the tolerance undoes the
    /// step and shrinks the rate, one that fell makes the rate grow. In full-batch mode every update is judged, in
    /// mini-batch mode every epoch.
    /// </summary>
    /// <param name="rate">The figures of the adaptation; null for MATLAB's.</param>
    /// <returns>The rule.</returns>
    public static UpdateRule Adaptive(AdaptiveRate? rate = null) => new GradientDescentRule { Rate = rate ?? new AdaptiveRate() };

    /// <summary>
    /// Momentum with an adaptive rate, as MATLAB's traingdx: Δw ← β Δw − η β ∂E/∂w. A rejected step also resets Δw to 0.
    /// </summary>
    /// <param name="momentum">β; above 0 and below 1. Default 0.9.</param>
    /// <param name="rate">The figures of the adaptation; null for MATLAB's.</param>
    /// <returns>The rule.</returns>
    public static UpdateRule MomentumAdaptive(double momentum = MomentumRule.DefaultMomentum, AdaptiveRate? rate = null) =>
        new MomentumRule(momentum) { Rate = rate ?? new AdaptiveRate() };

    /// <summary>The figures by which the learning rate adapts to the error; null for a constant rate. Default null.</summary>
    public AdaptiveRate? Rate { get; init; }

    /// <summary>The learning rate of a training whose options give none.</summary>
    internal virtual double DefaultLearningRate => 0.01;

    /// <summary>Whether steps are in proportion to a learning rate that the error does not change: one that a schedule may change and that can be looked for.</summary>
    internal virtual bool TakesSchedule => Rate is null;

    /// <summary>Whether an epoch measures the loss over all samples besides learning from them.</summary>
    internal virtual bool MeasuresLoss => Rate is not null;

    /// <summary>Throws if a figure of the rule is out of its range.</summary>
    internal virtual void Validate() => Rate?.Validate();

    /// <summary>Throws if other options do not go with the rule.</summary>
    internal virtual void Check(TrainingOptions options)
    {
    }

    /// <summary>How many numbers the rule remembers for each parameter.</summary>
    internal abstract int NumbersPerParameter { get; }

    /// <summary>Puts together what runs the epochs of a training.</summary>
    internal virtual Learner<T> CreateLearner<T>(TrainingParts<T> parts) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        UpdateStep<T> step = CreateStep<T>(parts.Network.Parameters.Length, parts.Kernel);
        return Rate is null
            ? new FixedRate<T>(parts.CreatePass(step), step, parts.Course, parts.Average)
            : new RateJudge<T>(parts, step, new AdaptiveRateControl(Rate, parts.Options.InitialRate));
    }

    /// <summary>Makes the rule's memory for a block of parameters.</summary>
    internal abstract UpdateStep<T> CreateStep<T>(int parameters, KernelKind kernel) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
