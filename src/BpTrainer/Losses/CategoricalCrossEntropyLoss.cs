using System.Numerics;

namespace BpTrainer;

/// <summary>−Σ y ln a.</summary>
internal sealed record CategoricalCrossEntropyLoss() : Loss("categorical-cross-entropy")
{
    internal override bool NeedsProbabilities => true;

    private protected override LossFunction<T> CreateCheckedFunction<T>(Activation output) =>
        output == Activation.Softmax ? new FromNetInput<T>() : new FromOutput<T>();

    /// <summary>
    /// Behind softmax: ln aₖ = zₖ − ln Σⱼ e^zⱼ, so that the loss is Σ yₖ (ln Σⱼ e^zⱼ − zₖ), finite for every z, and
    /// ∂L/∂z = a Σy − y, which is a − y for targets that sum to 1.
    /// </summary>
    private sealed unsafe class FromNetInput<T> : LossFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override bool IsMatched => true;

        public override T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T largest = netInput[0];
            T total = target[0];
            for (int c = 1; c < columns; c++)
            {
                largest = T.Max(largest, netInput[c]);
                total += target[c];
            }

            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                sum += T.Exp(netInput[c] - largest);
            }

            T logSum = largest + T.Log(sum);
            T loss = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                loss += target[c] * (logSum - netInput[c]);
                delta[c] = (total * output[c]) - target[c];
            }

            return loss;
        }
    }

    /// <summary>Behind any other output in (0, 1): ∂L/∂a = −y/a.</summary>
    private sealed unsafe class FromOutput<T> : LossFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T loss = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T a = Probability.KeepInside(output[c]);
                loss -= target[c] * T.Log(a);
                delta[c] = -target[c] / a;
            }

            return loss;
        }
    }
}
