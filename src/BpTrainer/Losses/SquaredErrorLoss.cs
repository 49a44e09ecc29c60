using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>½ Σ (y − a)² with ∂/∂a = a − y, or (1/m) Σ (y − a)² with ∂/∂a = (2/m)(a − y).</summary>
internal sealed record SquaredErrorLoss(string Text, bool IsMean) : Loss(Text)
{
    internal override LossFunction<T> CreateFunction<T>(LayerSpec output) => new LossFunction<T, Row<T>>(
        new Row<T>(IsMean ? T.CreateTruncating(2.0 / output.Units) : T.One), isMatched: output.Activation == Activation.Linear);

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
                sum += error * error;
                delta[c] = _slope * error;
            }

            return _slope * sum * T.CreateTruncating(0.5);
        }
    }
}
