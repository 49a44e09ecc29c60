using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>a ← a + (1 − β)/(1 − βᵗ) · (w − a).</summary>
internal sealed record ExponentialAveraging(double Decay) : WeightAveraging
{
    internal override int NumbersPerParameter(int epochs) => 1;

    internal override void Validate()
    {
        Guard.InnerShare(Decay, "decay");
    }

    internal override WeightAverage<T> Create<T>(AlignedBuffer<T> parameters, KernelKind kernel) =>
        Kernel.Create<T, WeightAverage<T>, Factory<T>>(kernel, new Factory<T>(parameters, Decay));

    private readonly struct Factory<T>(AlignedBuffer<T> parameters, double decay) : ISimdFactory<T, WeightAverage<T>>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public WeightAverage<T> Create<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => new Average<TSimd, TVector, T>(parameters, decay);
    }

    private sealed unsafe class Average<TSimd, TVector, T>(AlignedBuffer<T> parameters, double decay) : WeightAverage<T>(parameters)
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly AlignedBuffer<T> _average = new(parameters.Length);

        /// <summary>βᵗ.</summary>
        private double _power = 1;

        public override bool FollowsUpdates => true;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Take()
        {
            _power *= decay;
            TVector share = TSimd.Broadcast(T.CreateTruncating((1 - decay) / (1 - _power)));
            fixed (T* average = _average, weights = Parameters)
            {
                for (int i = 0; i < _average.Length; i += TSimd.Count)
                {
                    TVector old = TSimd.Load(average + i);
                    TSimd.Store(TSimd.MultiplyAdd(share, TSimd.Subtract(TSimd.Load(weights + i), old), old), average + i);
                }
            }
        }

        public override void Exchange(CheckpointState state)
        {
            state.Exchange(ref _power, 0, 1);
            state.ExchangeFinite(_average.Span);
        }

        protected override void CopyTo(Span<T> average) => _average.Span.CopyTo(average);
    }
}
