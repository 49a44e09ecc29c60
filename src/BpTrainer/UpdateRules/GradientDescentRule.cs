using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>w ← w − η ∂E/∂w.</summary>
internal sealed record GradientDescentRule : UpdateRule
{
    internal override UpdateStep<T> CreateStep<T>(int parameters, KernelKind kernel) =>
        Kernel.Create<T, UpdateStep<T>, Factory<T>>(kernel, default);

    private readonly struct Factory<T> : ISimdFactory<T, UpdateStep<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public UpdateStep<T> Create<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => new Step<TSimd, TVector, T>();
    }

    private sealed unsafe class Step<TSimd, TVector, T> : UpdateStep<T>
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Apply(T* parameters, T* gradient, int first, int count, T learningRate)
        {
            TVector rate = TSimd.Broadcast(-learningRate);
            for (int i = 0; i < count; i += TSimd.Count)
            {
                TSimd.Store(TSimd.MultiplyAdd(rate, TSimd.Load(gradient + i), TSimd.Load(parameters + i)), parameters + i);
            }
        }

        public override void Reset()
        {
        }
    }
}
