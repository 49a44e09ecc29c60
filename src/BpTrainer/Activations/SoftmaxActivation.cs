using System.Numerics;

namespace BpTrainer;

/// <summary>f(z)ⱼ = e^zⱼ / Σₖ e^zₖ over the units of a layer. Its derivative is a matrix: ∂aⱼ/∂zₖ = aⱼ(δⱼₖ − aₖ).</summary>
internal sealed record SoftmaxActivation() : Activation("softmax")
{
    internal override bool YieldsProbabilities => true;

    internal override ActivationFunction<T> CreateFunction<T>() => new Function<T>();

    private sealed unsafe class Function<T> : ActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Apply(T* values, int rows, int columns, nint stride)
        {
            for (int row = 0; row < rows; row++, values += stride)
            {
                // The largest net input is taken off first, so that no exponential overflows.
                T largest = values[0];
                for (int c = 1; c < columns; c++)
                {
                    largest = T.Max(largest, values[c]);
                }

                T sum = T.Zero;
                for (int c = 0; c < columns; c++)
                {
                    values[c] = T.Exp(values[c] - largest);
                    sum += values[c];
                }

                for (int c = 0; c < columns; c++)
                {
                    values[c] /= sum;
                }

                new Span<T>(values + columns, (int)stride - columns).Clear();
            }
        }

        public override void MultiplyByDerivative(T* delta, T* outputs, int rows, int columns, nint stride)
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
    }
}
