using BpTrainer.Networks;

namespace BpTrainer.Optimizers;

/// <summary>An optimizer that changes the parameters by the gradient of a batch.</summary>
internal abstract record StepOptimizer(double Rate) : Optimizer
{
    /// <summary>How the learning rate adapts to the loss; null if it does not adapt.</summary>
    public AdaptiveRate? AdaptiveRate { get; init; }

    public sealed override double? LearningRate => Rate;

    public sealed override string Name => AdaptiveRate is null ? Method : $"adaptive-{Method}";

    /// <summary>The name without the adaptive rate.</summary>
    private protected abstract string Method { get; }

    internal override bool TakesSchedule => AdaptiveRate is null;

    internal sealed override bool MeasuresLoss => AdaptiveRate is not null;

    internal sealed override bool LossIsThatOfBatches => AdaptiveRate is null;

    public sealed override Optimizer WithLearningRate(double learningRate) => this with { Rate = learningRate };

    internal override void Validate()
    {
        base.Validate();
        Guard.PositiveFinite(Rate, nameof(LearningRate));
        AdaptiveRate?.Validate();
    }

    /// <summary>The number of state numbers for each parameter.</summary>
    internal abstract int NumbersPerParameter { get; }

    /// <summary>Creates the step, with its state, for a block of parameters.</summary>
    internal abstract OptimizerStep<T> CreateStep<T>(int parameters, KernelKind kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The ε of a divisor in T; if this would be 0, the smallest number above 0.</summary>
    private protected static T EpsilonOf<T>(double epsilon) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.Max(T.CreateChecked(epsilon), T.Epsilon);

    internal override unsafe long Bytes<T>(LayerLayout[] layouts) => (long)layouts[^1].End * NumbersPerParameter * sizeof(T);
}

/// <summary>The parameters of an adaptive learning rate; see <see cref="Optimizer.AdaptiveGradientDescent"/>.</summary>
internal sealed record AdaptiveRate(double Increase, double Decrease, double ToleratedRise)
{
    public void Validate()
    {
        Guard.FiniteAtLeast(Increase, 1);
        Guard.InnerShare(Decrease);
        Guard.FiniteAtLeast(ToleratedRise, 1);
    }
}
