using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>A rule that takes the gradient of a batch and changes the parameters by it.</summary>
internal abstract record StepRule : UpdateRule
{
    /// <summary>How many numbers the rule remembers for each parameter.</summary>
    internal abstract int NumbersPerParameter { get; }

    /// <summary>Makes the rule's memory for a block of parameters.</summary>
    internal abstract UpdateStep<T> CreateStep<T>(int parameters, KernelKind kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>A divisor's ε in T: where it would round to 0, and a slope of 0 would be divided by it, the smallest number above.</summary>
    private protected static T EpsilonOf<T>(double epsilon) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.Max(T.CreateChecked(epsilon), T.Epsilon);

    internal override unsafe long Bytes<T>(LayerLayout[] layouts) => (long)layouts[^1].End * NumbersPerParameter * sizeof(T);

    internal override Learner<T> CreateLearner<T>(TrainingParts<T> parts)
    {
        UpdateStep<T> step = CreateStep<T>(parts.Network.Parameters.Length, parts.Kernel);
        return Rate is null
            ? new StepLearner<T>(parts.CreatePass(step), step, parts.Course, parts.Average)
            : new AdaptiveRateLearner<T>(parts, step, new AdaptiveRateControl(Rate, parts.Options.InitialRate));
    }
}
