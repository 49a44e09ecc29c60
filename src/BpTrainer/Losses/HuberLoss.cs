using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>With e = a − y and c = e limited to [−δ, δ]: Σ c(e − ½c), which is ½e² inside and δ(|e| − ½δ) outside; ∂/∂a = c.</summary>
internal sealed record HuberLoss(double Delta) : Loss("huber")
{
    private protected override string Parameters => FormattableString.Invariant($"delta={Delta}");

    internal override LossFunction<T> CreateFunction<T>(LayerSpec output) => new LossFunction<T, Row<T>>(
        new Row<T>(T.CreateTruncating(Delta)), isMatched: output.Activation == Activation.Linear);

    private readonly unsafe struct Row<T>(T limit) : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _limit = limit;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T half = T.CreateTruncating(0.5);
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T error = output[c] - target[c];
                T limited = T.Min(T.Max(error, -_limit), _limit);
                sum += limited * (error - (half * limited));
                delta[c] = limited;
            }

            return sum;
        }
    }
}
