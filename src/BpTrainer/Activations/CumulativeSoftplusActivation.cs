using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer.Activations;

/// <summary>
/// f(z)₁ = z₁, f(z)ⱼ = f(z)ⱼ₋₁ + softplus(zⱼ) over the units of a layer. Its derivative is a triangular matrix: ∂aⱼ/∂z₁ = 1 and, for j ≥ k &gt; 1,
/// ∂aⱼ/∂zₖ = σ(zₖ), so that ∂L/∂zₖ = σ(zₖ) Σⱼ≥ₖ ∂L/∂aⱼ.
/// </summary>
internal sealed record CumulativeSoftplusActivation() : Activation("cumulative-softplus")
{
    public static ActivationForm Form { get; } = new("cumulative-softplus", [], _ => CumulativeSoftplus);

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => new Function<T>();

    /// <summary>Each sum waits for the one before, and quantiles are few: there is nothing for vectors to do, so every kernel has the same.</summary>
    private sealed unsafe class Function<T> : ActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override bool Keeps => true;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Apply(T* values, T* slopes, T* kept, int rows, int columns, nint stride)
        {
            for (int row = 0; row < rows; row++, values += stride)
            {
                if (kept is not null)
                {
                    KeepSlopes(values, kept + (row * stride), columns);
                }

                for (int c = 1; c < columns; c++)
                {
                    T z = values[c];
                    values[c] = values[c - 1] + (T.Max(z, T.Zero) + T.LogP1(T.Exp(-T.Abs(z))));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* kept, int rows, int columns, nint stride)
        {
            for (int row = 0; row < rows; row++, delta += stride, kept += stride)
            {
                T sum = T.Zero;
                for (int c = columns - 1; c >= 0; c--)
                {
                    sum += delta[c];
                    delta[c] = kept[c] * sum;
                }
            }
        }

        /// <summary>kept ← σ(z), and 1 for the first unit.</summary>
        private static void KeepSlopes(T* z, T* kept, int columns)
        {
            kept[0] = T.One;
            for (int c = 1; c < columns; c++)
            {
                kept[c] = T.One / (T.One + T.Exp(-z[c]));
            }
        }
    }
}
