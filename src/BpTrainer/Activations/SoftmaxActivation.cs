using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

public abstract partial record Activation
{
    /// <summary>The softmax over the units of a layer, f(z)ⱼ = e^zⱼ / Σₖ e^zₖ. The usual output of multiclass classification.</summary>
    public static Activation Softmax { get; } = new SoftmaxActivation();
}

/// <summary>f(z)ⱼ = e^zⱼ / Σₖ e^zₖ over the units of a layer. Its derivative is a matrix: ∂aⱼ/∂zₖ = aⱼ(δⱼₖ − aₖ).</summary>
internal sealed record SoftmaxActivation() : Activation("softmax")
{
    public static ActivationForm Form { get; } = new("softmax", [], _ => Softmax);

    internal override bool YieldsProbabilities => true;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) =>
        Kernel.Create<T, ActivationFunction<T>, Factory<T>>(kernel, default);

    private readonly struct Factory<T> : ISimdFactory<T, ActivationFunction<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public ActivationFunction<T> Create<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => new Function<TSimd, TVector, T>();
    }

    private sealed unsafe class Function<TSimd, TVector, T> : ActivationFunction<T>
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Apply(T* values, T* slopes, T* kept, int rows, int columns, nint stride)
        {
            for (int row = 0; row < rows; row++, values += stride)
            {
                // The largest net input is taken off first, so that no exponential overflows.
                T largest = values[0];
                for (int c = 1; c < columns; c++)
                {
                    largest = T.Max(largest, values[c]);
                }

                Exponentials(values, columns, largest);
                T sum = T.Zero;
                for (int c = 0; c < columns; c++)
                {
                    sum += values[c];
                }

                T factor = T.One / sum;
                for (int c = 0; c < columns; c++)
                {
                    values[c] *= factor;
                }

                new Span<T>(values + columns, (int)stride - columns).Clear();
            }
        }

        public override void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* kept, int rows, int columns, nint stride)
        {
            for (int row = 0; row < rows; row++, delta += stride, outputs += stride)
            {
                // Σⱼ gⱼ ∂aⱼ/∂zₖ = aₖ (gₖ − Σⱼ gⱼ aⱼ)
                T mean = T.Zero;
                for (int c = 0; c < columns; c++)
                {
                    mean += delta[c] * outputs[c];
                }

                for (int c = 0; c < columns; c++)
                {
                    delta[c] = outputs[c] * (delta[c] - mean);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Exponentials(T* values, int columns, T largest)
        {
            TVector shift = TSimd.Broadcast(largest);
            int c = 0;
            for (; c + TSimd.Count <= columns; c += TSimd.Count)
            {
                TVector difference = TSimd.Subtract(TSimd.Load(values + c), shift);
                TSimd.Store(VectorMath<TSimd, TVector, T>.ExpOfNegative(difference), values + c);
            }

            for (; c < columns; c++)
            {
                values[c] = VectorMath<SimdScalar<T>, T, T>.ExpOfNegative(values[c] - largest);
            }
        }
    }
}
