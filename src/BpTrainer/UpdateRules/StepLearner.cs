using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>Learns batch by batch, with a rate that no error can undo.</summary>
internal sealed class StepLearner<T>(EpochPass<T> pass, UpdateStep<T> step, RateCourse course, WeightAverage<T>? average) : Learner<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override double Rate => course.RateAt(pass.Updates);

    public override EpochPass<T> Pass => pass;

    public override bool AveragesUpdates => true;

    public override IReadOnlyList<AlignedBuffer<T>> Memory => step.Memory;

    public override IReadOnlyList<double[]> Numbers { get; } = [step.Numbers];

    public override (double Loss, bool Accepted) Run(CancellationToken cancellationToken) => (pass.Run(course, average, cancellationToken), true);
}
