using System.Numerics;

namespace BpTrainer;

/// <summary>f(z) = z, f′ = 1.</summary>
internal sealed record LinearActivation() : Activation("linear")
{
    internal override ActivationFunction<T> CreateFunction<T>() => new ElementwiseFunction<T, Operator<T>>();

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Value(T z) => z;

        public static T DerivativeFromOutput(T a) => T.One;
    }
}
