using System.Numerics;
using BpTrainer.Averaging;
using BpTrainer.Files;
using BpTrainer.Kernels;
using BpTrainer.Networks;
using BpTrainer.Numbers;
using BpTrainer.Schedules;
using BpTrainer.Training;

namespace BpTrainer.Optimizers;

/// <summary>How a network learns in an epoch, and what is remembered from one epoch to the next.</summary>
internal abstract class Learner<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The learning rate, or what takes its place, that the next epoch uses.</summary>
    public abstract double Rate { get; }

    /// <summary>Why no further epoch makes sense; null while one does.</summary>
    public virtual StopReason? StopReason => null;

    /// <summary>The pass over batches that an epoch is made of; null where all samples make one update together.</summary>
    public virtual EpochPass<T>? Pass => null;

    /// <summary>Whether the weights after every update are final, and shown to an average that wants to see them.</summary>
    public virtual bool AveragesUpdates => false;

    /// <summary>
    /// All blocks that are remembered. With <see cref="Numbers"/> and the parameters they are the state of learning: written
    /// back, they let it go on as if it had not been interrupted.
    /// </summary>
    public abstract IReadOnlyList<AlignedBuffer<T>> Memory { get; }

    /// <summary>All single numbers that are remembered.</summary>
    public abstract IReadOnlyList<double[]> Numbers { get; }

    /// <summary>Whether <see cref="Numbers"/> are such as a training leaves: from a file they may be any.</summary>
    public virtual bool NumbersMakeSense => true;

    /// <summary>Forgets what holds for the samples at hand only, when others follow.</summary>
    public virtual void ForgetSamples()
    {
    }

    /// <summary>Runs an epoch; a cancelled one ends early.</summary>
    /// <returns>The training loss, and whether the epoch stays; one that does not has been undone.</returns>
    public abstract (double Loss, bool Accepted) Run(CancellationToken cancellationToken);

    /// <summary>Writes or reads all that goes on from epoch to epoch.</summary>
    public void SaveOrLoad(CheckpointState state)
    {
        foreach (AlignedBuffer<T> memory in Memory)
        {
            state.SaveOrLoad(memory.Span);
        }

        foreach (double[] numbers in Numbers)
        {
            state.SaveOrLoad<double>(numbers);
        }

        state.Require(NumbersMakeSense, "the optimizer has numbers that no training leaves");
        Pass?.SaveOrLoad(state);
    }

    /// <summary>Why no search goes on from an error and a norm of its gradient; null if one does.</summary>
    protected static StopReason? ReasonAt(double error, double norm, double minimumNorm) =>
        !double.IsFinite(error) || !double.IsFinite(norm) ? BpTrainer.StopReason.NonFinite
        : norm <= minimumNorm ? BpTrainer.StopReason.MinimumGradientReached
        : null;
}

/// <summary>Learns batch by batch, with a rate that no error can undo.</summary>
internal sealed class StepLearner<T>(EpochPass<T> pass, OptimizerStep<T> step, RateCourse course, WeightAverage<T>? average) : Learner<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override double Rate => course.RateAt(pass.Updates);

    public override EpochPass<T> Pass => pass;

    public override bool AveragesUpdates => true;

    public override IReadOnlyList<AlignedBuffer<T>> Memory => step.Memory;

    public override IReadOnlyList<double[]> Numbers { get; } = [step.Numbers];

    public override (double Loss, bool Accepted) Run(CancellationToken cancellationToken) => (pass.Run(course, average, cancellationToken), true);
}

/// <summary>An optimizer that takes the gradient of a batch and changes the parameters by it.</summary>
/// <param name="Rate">The learning rate of the first update.</param>
internal abstract record StepOptimizer(double Rate) : Optimizer
{
    /// <summary>How the learning rate adapts to the loss; null for one that does not.</summary>
    public AdaptiveRate? AdaptiveRate { get; init; }

    public sealed override double? LearningRate => Rate;

    public sealed override string Name => AdaptiveRate is null ? Method : $"adaptive-{Method}";

    /// <summary>The name but for the adaptive rate.</summary>
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

    /// <summary>How many numbers the rule remembers for each parameter.</summary>
    internal abstract int NumbersPerParameter { get; }

    /// <summary>Makes the rule's memory for a block of parameters.</summary>
    internal abstract OptimizerStep<T> CreateStep<T>(int parameters, KernelKind kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>A divisor's ε in T: where it would round to 0, and a slope of 0 would be divided by it, the smallest number above.</summary>
    private protected static T EpsilonOf<T>(double epsilon) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.Max(T.CreateChecked(epsilon), T.Epsilon);

    internal override unsafe long Bytes<T>(LayerLayout[] layouts) => (long)layouts[^1].End * NumbersPerParameter * sizeof(T);

    internal override Learner<T> CreateLearner<T>(TrainingParts<T> parts)
    {
        OptimizerStep<T> step = CreateStep<T>(parts.Network.Parameters.Length, parts.Kernel);
        return AdaptiveRate is null
            ? new StepLearner<T>(parts.CreatePass(step), step, parts.Course, parts.Average)
            : new AdaptiveRateLearner<T>(parts, step, new AdaptiveRateControl(AdaptiveRate, Rate));
    }
}
