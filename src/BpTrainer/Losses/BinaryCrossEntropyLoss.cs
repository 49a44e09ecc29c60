using System.Numerics;
using BpTrainer.Numbers;

namespace BpTrainer.Losses;

/// <summary>−Σ w (y ln a + (1 − y) ln(1 − a)) with w = (1 − y)w₀ + y w₁. Label smoothing makes a target (1 − ε)y + ε/2.</summary>
internal sealed record BinaryCrossEntropyLoss(double LabelSmoothing, ValueList? ClassWeights)
    : CrossEntropyLoss("binary-cross-entropy", LabelSmoothing, ClassWeights)
{
    internal override LossFunction<T> CreateFunction<T>(LayerSpec output)
    {
        CheckOutput(output, classes: 2);
        var targets = new Targets<T>(this);
        return output.Activation == Activation.Logistic
            ? new LossFunction<T, FromNetInput<T>>(new FromNetInput<T>(targets), isMatched: true)
            : new LossFunction<T, FromOutput<T>>(new FromOutput<T>(targets), isMatched: false);
    }

    private readonly struct Targets<T>(BinaryCrossEntropyLoss loss) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _keep = T.CreateTruncating(1 - loss.LabelSmoothing);
        private readonly T _share = T.CreateTruncating(loss.LabelSmoothing / 2);
        private readonly T _weightOf0 = T.CreateTruncating(loss.ClassWeights?[0] ?? 1);
        private readonly T _weightOf1 = T.CreateTruncating(loss.ClassWeights?[1] ?? 1);

        public T Smoothed(T y) => (_keep * y) + _share;

        public T Weight(T y) => _weightOf0 + (y * (_weightOf1 - _weightOf0));
    }

    /// <summary>
    /// Behind the logistic function: with a = 1 / (1 + e^(−z)) the loss is max(z, 0) − yz + ln(1 + e^(−|z|)), finite for
    /// every z, and ∂L/∂z = a − y.
    /// </summary>
    private readonly unsafe struct FromNetInput<T>(Targets<T> targets) : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Targets<T> _targets = targets;

        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T z = netInput[c];
                T y = _targets.Smoothed(target[c]);
                T weight = _targets.Weight(target[c]);
                sum += weight * (T.Max(z, T.Zero) - (z * y) + T.LogP1(T.Exp(-T.Abs(z))));
                delta[c] = weight * (output[c] - y);
            }

            return sum;
        }
    }

    /// <summary>Behind any other output in (0, 1): ∂L/∂a = (1 − y)/(1 − a) − y/a.</summary>
    private readonly unsafe struct FromOutput<T>(Targets<T> targets) : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Targets<T> _targets = targets;

        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T sum = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T y = _targets.Smoothed(target[c]);
                T weight = _targets.Weight(target[c]);
                T a = Rounding.KeepProbability(output[c]);
                sum -= weight * ((y * T.Log(a)) + ((T.One - y) * T.LogP1(-a)));
                delta[c] = weight * (((T.One - y) / (T.One - a)) - (y / a));
            }

            return sum;
        }
    }
}
