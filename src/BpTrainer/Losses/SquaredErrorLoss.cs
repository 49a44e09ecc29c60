using System.Numerics;

namespace BpTrainer;

/// <summary>½ Σ (y − a)² with ∂/∂a = a − y, or (1/m) Σ (y − a)² with ∂/∂a = (2/m)(a − y).</summary>
internal sealed record SquaredErrorLoss(string Text, bool IsMean) : Loss(Text)
{
    private protected override LossFunction<T> CreateCheckedFunction<T>(Activation output) => new Function<T>(IsMean, output == Activation.Linear);

    private sealed unsafe class Function<T>(bool isMean, bool isLinear) : LossFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>The derivative of a linear output is 1.</summary>
        public override bool IsMatched => isLinear;

        public override T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T slope = isMean ? T.CreateTruncating(2) / T.CreateTruncating(columns) : T.One;
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T error = output[c] - target[c];
                sum += error * error;
                delta[c] = slope * error;
            }

            return slope * sum / T.CreateTruncating(2);
        }
    }
}
