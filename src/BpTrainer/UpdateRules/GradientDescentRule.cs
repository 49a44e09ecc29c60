using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>w ← w − η ∂E/∂w.</summary>
internal sealed record GradientDescentRule : UpdateRule
{
    internal override int NumbersPerParameter => 0;

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

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void ApplyOuterProduct(
            T* parameters, int first, T* factors, int rows, T* vector, int columns, T learningRate)
        {
            T* weights = parameters + first;
            for (int row = 0; row < rows; row++, weights += columns)
            {
                TVector rate = TSimd.Broadcast(-learningRate * factors[row]);
                for (int c = 0; c < columns; c += TSimd.Count)
                {
                    TSimd.Store(TSimd.MultiplyAdd(rate, TSimd.Load(vector + c), TSimd.Load(weights + c)), weights + c);
                }
            }
        }

        public override void Reset()
        {
        }
    }
}
