using System.Numerics;

namespace BpTrainer;

/// <summary>−Σ (y ln a + (1 − y) ln(1 − a)).</summary>
internal sealed record BinaryCrossEntropyLoss() : Loss("binary-cross-entropy")
{
    internal override bool NeedsProbabilities => true;

    private protected override LossFunction<T> CreateCheckedFunction<T>(Activation output) =>
        output == Activation.Logistic ? new LossFunction<T, FromNetInput<T>>() : new LossFunction<T, FromOutput<T>>();

    /// <summary>
    /// Behind the logistic function: with a = 1 / (1 + e^(−z)) the loss is max(z, 0) − yz + ln(1 + e^(−|z|)), finite for
    /// every z, and ∂L/∂z = a − y.
    /// </summary>
    private readonly unsafe struct FromNetInput<T> : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsMatched => true;

        public static T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T z = netInput[c];
                sum += T.Max(z, T.Zero) - (z * target[c]) + T.LogP1(T.Exp(-T.Abs(z)));
                delta[c] = output[c] - target[c];
            }

            return sum;
        }
    }

    /// <summary>Behind any other output in (0, 1): ∂L/∂a = (1 − y)/(1 − a) − y/a.</summary>
    private readonly unsafe struct FromOutput<T> : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsMatched => false;

        public static T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T y = target[c];
                T a = Probability.KeepInside(output[c]);
                sum -= (y * T.Log(a)) + ((T.One - y) * T.LogP1(-a));
                delta[c] = ((T.One - y) / (T.One - a)) - (y / a);
            }

            return sum;
        }
    }
}
