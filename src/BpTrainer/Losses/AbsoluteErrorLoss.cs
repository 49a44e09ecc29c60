using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>(1/m) Σ |y − a| with ∂/∂a = sign(a − y) / m, 0 where a = y.</summary>
internal sealed record AbsoluteErrorLoss() : Loss("mean-absolute-error")
{
    internal override LossFunction<T> CreateFunction<T>(LayerSpec output) => new LossFunction<T, Row<T>>(
        new Row<T>(T.CreateTruncating(1.0 / output.Units)), isMatched: output.Activation == Activation.Linear);

    private readonly unsafe struct Row<T>(T slope) : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _slope = slope;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T error = output[c] - target[c];
                sum += T.Abs(error);
                delta[c] = error > T.Zero ? _slope : error < T.Zero ? -_slope : error;
            }

            return _slope * sum;
        }
    }
}
