using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>With e = y − a: (1/m) Σ max(τe, (τ − 1)e); ∂/∂a = −τ/m where e &gt; 0, (1 − τ)/m where e &lt; 0, 0 where a = y.</summary>
internal sealed record QuantileLoss(double Tau) : Loss("quantile")
{
    private protected override string Parameters => FormattableString.Invariant($"tau={Tau}");

    internal override LossFunction<T> CreateFunction<T>(LayerSpec output) => new LossFunction<T, Row<T>>(
        new Row<T>(T.CreateTruncating(-Tau / output.Units), T.CreateTruncating((1 - Tau) / output.Units)),
        isMatched: output.Activation == Activation.Linear);

    private readonly unsafe struct Row<T>(T tooLow, T tooHigh) : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _tooLow = tooLow;
        private readonly T _tooHigh = tooHigh;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                // 0 and NaN have no side and pass through as they are.
                T error = output[c] - target[c];
                T slope = error > T.Zero ? _tooHigh : error < T.Zero ? _tooLow : error;
                sum += slope * error;
                delta[c] = slope;
            }

            return sum;
        }
    }
}
