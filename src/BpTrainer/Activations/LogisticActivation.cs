using System.Numerics;

namespace BpTrainer;

/// <summary>f(z) = 1 / (1 + e^(−z)), f′ = a(1 − a).</summary>
internal sealed record LogisticActivation() : Activation("logistic")
{
    internal override bool YieldsProbabilities => true;

    internal override ActivationFunction<T> CreateFunction<T>() => new ElementwiseFunction<T, Operator<T>>();

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Value(T z) => T.One / (T.One + T.Exp(-z));

        public static T DerivativeFromOutput(T a) => a * (T.One - a);
    }
}
