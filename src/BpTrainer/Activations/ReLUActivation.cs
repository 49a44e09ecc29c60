using System.Numerics;

namespace BpTrainer;

/// <summary>f(z) = max(0, z), f′ = 1 where z &gt; 0, else 0.</summary>
internal sealed record ReLUActivation() : Activation("relu")
{
    internal override bool IsRectifier => true;

    internal override ActivationFunction<T> CreateFunction<T>() => new ElementwiseFunction<T, Operator<T>>();

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static T Value(T z) => T.Max(z, T.Zero);

        public static T DerivativeFromOutput(T a) => a > T.Zero ? T.One : T.Zero;
    }
}
