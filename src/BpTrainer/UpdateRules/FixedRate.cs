using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>Learns batch by batch with a rate that does not depend on the error.</summary>
internal sealed class FixedRate<T>(EpochPass<T> pass, UpdateStep<T> step, double rate) : Learner<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override double Rate => rate;

    public override IReadOnlyList<AlignedBuffer<T>> Memory => step.Memory;

    public override IReadOnlyList<double[]> Numbers { get; } = [step.Numbers];

    public override (double Loss, bool Accepted) Run(CancellationToken cancellationToken) => (pass.Run(rate, cancellationToken), true);
}
