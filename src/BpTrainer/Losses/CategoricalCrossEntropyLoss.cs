using System.Numerics;

namespace BpTrainer;

/// <summary>−Σ y ln a.</summary>
internal sealed record CategoricalCrossEntropyLoss() : Loss("categorical-cross-entropy")
{
    internal override bool NeedsProbabilities => true;

    private protected override LossFunction<T> CreateCheckedFunction<T>(Activation output) =>
        output == Activation.Softmax ? new LossFunction<T, FromNetInput<T>>() : new LossFunction<T, FromOutput<T>>();

    /// <summary>
    /// Behind softmax: ln aₖ = zₖ − l with l = ln Σⱼ e^zⱼ, so that the loss is Σ yₖ (l − zₖ), finite for every z, and
    /// ∂L/∂z = a Σy − y, which is a − y for targets that sum to 1. The largest output j gives l = zⱼ − ln aⱼ.
    /// </summary>
    private readonly unsafe struct FromNetInput<T> : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsMatched => true;

        public static T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            int largest = 0;
            T total = target[0];
            for (int c = 1; c < columns; c++)
            {
                largest = netInput[c] > netInput[largest] ? c : largest;
                total += target[c];
            }

            T logSum = netInput[largest] - T.Log(output[largest]);
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
    private readonly unsafe struct FromOutput<T> : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsMatched => false;

        public static T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
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
