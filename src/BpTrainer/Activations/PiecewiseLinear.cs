using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer.Activations;

/// <summary>f(z) = max(0, z), f′ = 1 where z &gt; 0, else 0.</summary>
internal sealed record ReLUActivation() : Activation("relu")
{
    public static ActivationForm Form { get; } = new("relu", [], _ => ReLU);

    internal override Initializer DefaultInitializer => Initializer.He;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => TSimd.SelectLess(z, default, default, z);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged =>
            TSimd.SelectLess(default, a, TSimd.Broadcast(T.One), default);
    }
}

/// <summary>f(z) = z where z &gt; 0, else s·z; f′ = 1 where a &gt; 0, else s. For s &gt; 0 the output has the sign of z.</summary>
internal sealed record LeakyReLUActivation(double Slope) : Activation("leaky-relu")
{
    public const double DefaultSlope = 0.01;

    public static ActivationForm Form { get; } = new("leaky-relu", [DefaultSlope], p => LeakyReLU(p[0]));

    public override IReadOnlyList<double> Parameters => [Slope];

    internal override Initializer DefaultInitializer => Initializer.He;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) =>
        ElementwiseFactory<T, Operator<T>>.For(kernel, new Operator<T>(T.CreateChecked(Slope)));

    private readonly struct Operator<T>(T slope) : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged =>
            TSimd.SelectLess(z, default, TSimd.Multiply(z, TSimd.Broadcast(slope)), z);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged =>
            TSimd.SelectLess(default, a, TSimd.Broadcast(T.One), TSimd.Broadcast(slope));
    }
}

/// <summary>f(z) = z, f′ = 1.</summary>
internal sealed record LinearActivation() : Activation("linear")
{
    public static ActivationForm Form { get; } = new("linear", [], _ => Linear);

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => new Identity<T>();

    /// <summary>Leaves z and δ as they are.</summary>
    private sealed unsafe class Identity<T> : ActivationFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Apply(T* values, T* slopes, T* kept, int rows, int columns, nint stride)
        {
        }

        public override void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* kept, int rows, int columns, nint stride)
        {
        }
    }
}

/// <summary>f(z) = 1 where z ≥ 0, else 0; f′ = 0.</summary>
internal sealed record HardLimitActivation() : Activation("hard-limit")
{
    public static ActivationForm Form { get; } = new("hard-limit", [], _ => HardLimit);

    internal override bool CanLearn => false;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) => ElementwiseFactory<T, Operator<T>>.For(kernel);

    private readonly struct Operator<T> : IElementwise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool KeepsZero => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Value<TSimd, TVector>(TVector z)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged
        {
            // The inner choice is between 1 and z = NaN, which is less than nothing and stays.
            TVector one = TSimd.Broadcast(T.One);
            TVector limit = TSimd.SelectLess(TSimd.Subtract(default, one), z, one, z);
            return TSimd.SelectLess(z, default, default, limit);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector DerivativeFromOutput<TSimd, TVector>(TVector a)
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => default;
    }
}
