using System.Numerics;

namespace BpTrainer;

/// <summary>f(z) = tanh z, f′ = 1 − a².</summary>
internal sealed record TanhActivation() : Activation("tanh")
{
    internal override ActivationFunction<T> CreateFunction<T>() => new ElementwiseFunction<T, Operator<T>>();

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Value(T z) => T.Tanh(z);

        public static T DerivativeFromOutput(T a) => T.One - a * a;
    }
}
