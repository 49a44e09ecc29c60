using System.Numerics;
using BpTrainer.Numbers;

namespace BpTrainer.Losses;

/// <summary>−w Σ y ln a with w = Σ yₖ wₖ. Label smoothing makes a target (1 − ε)y + ε/K, with K classes.</summary>
internal sealed record CategoricalCrossEntropyLoss(double LabelSmoothing, ValueList? ClassWeights)
    : CrossEntropyLoss("categorical-cross-entropy", LabelSmoothing, ClassWeights)
{
    internal override LossFunction<T> CreateFunction<T>(LayerSpec output)
    {
        CheckOutput(output, classes: output.Units);
        var targets = new Targets<T>(this, output.Units);
        return output.Activation == Activation.Softmax
            ? new LossFunction<T, FromNetInput<T>>(new FromNetInput<T>(targets), isMatched: true)
            : new LossFunction<T, FromOutput<T>>(new FromOutput<T>(targets), isMatched: false);
    }

    private readonly unsafe struct Targets<T>(CategoricalCrossEntropyLoss loss, int classes) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _keep = T.CreateTruncating(1 - loss.LabelSmoothing);
        private readonly T _share = T.CreateTruncating(loss.LabelSmoothing / classes);
        private readonly T[]? _weights = loss.ClassWeights?.Select(T.CreateTruncating).ToArray();

        public T Smoothed(T y) => (_keep * y) + _share;

        public T Weight(T* target)
        {
            if (_weights is null)
            {
                return T.One;
            }

            T weight = T.Zero;
            for (int c = 0; c < _weights.Length; c++)
            {
                weight += target[c] * _weights[c];
            }

            return weight;
        }
    }

    /// <summary>
    /// Behind softmax: ln aₖ = zₖ − l with l = ln Σⱼ e^zⱼ, so that the loss is Σ yₖ (l − zₖ), finite for every z, and
    /// ∂L/∂z = a Σy − y, which is a − y for targets that sum to 1. The largest output j gives l = zⱼ − ln aⱼ.
    /// </summary>
    private readonly unsafe struct FromNetInput<T>(Targets<T> targets) : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Targets<T> _targets = targets;

        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            int largest = 0;
            T total = _targets.Smoothed(target[0]);
            for (int c = 1; c < columns; c++)
            {
                largest = netInput[c] > netInput[largest] ? c : largest;
                total += _targets.Smoothed(target[c]);
            }

            T weight = _targets.Weight(target);
            T logSum = netInput[largest] - T.Log(output[largest]);
            T loss = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T y = _targets.Smoothed(target[c]);
                loss += y * (logSum - netInput[c]);
                delta[c] = weight * ((total * output[c]) - y);
            }

            return weight * loss;
        }
    }

    /// <summary>Behind any other output in (0, 1): ∂L/∂a = −y/a.</summary>
    private readonly unsafe struct FromOutput<T>(Targets<T> targets) : IRowLoss<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Targets<T> _targets = targets;

        public T Evaluate(T* netInput, T* output, T* target, T* delta, int columns)
        {
            T weight = _targets.Weight(target);
            T loss = T.Zero;
            for (int c = 0; c < columns; c++)
            {
                T y = _targets.Smoothed(target[c]);
                T a = Rounding.KeepProbability(output[c]);
                loss -= y * T.Log(a);
                delta[c] = -weight * y / a;
            }

            return weight * loss;
        }
    }
}
