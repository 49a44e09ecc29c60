using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer.Activations;

/// <summary>
/// f(z) = z where z &gt; 0, else s·z; ∂a/∂z = 1 where z &gt; 0, else s; ∂a/∂s = 0 where z &gt; 0, else z. A learned slope may
/// become 0 or negative, and the output then says nothing about z: the forward pass keeps it.
/// </summary>
internal sealed record PReLUActivation(double Start) : Activation("prelu")
{
    public const double DefaultSlope = 0.25;

    public static ActivationForm Form { get; } = new("prelu", [DefaultSlope], p => PReLU(p[0]));

    public override IReadOnlyList<double> Parameters => [Start];

    internal override double? InitialSlope => Start;

    internal override Initializer DefaultInitializer => Initializer.He;

    internal override ActivationFunction<T> CreateFunction<T>(KernelKind kernel) =>
        Kernel.Create<T, ActivationFunction<T>, Factory<T>>(kernel, default);

    private readonly struct Factory<T> : ISimdFactory<T, ActivationFunction<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public ActivationFunction<T> Create<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector, T>
            where TVector : unmanaged => new Function<TSimd, TVector, T>();
    }

    private sealed unsafe class Function<TSimd, TVector, T> : ActivationFunction<T>
        where TSimd : struct, ISimd<TVector, T>
        where TVector : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override bool Keeps => true;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Apply(T* values, T* slopes, T* kept, int rows, int columns, nint stride)
        {
            if (kept is not null)
            {
                Unsafe.CopyBlock(kept, values, checked((uint)(rows * stride * sizeof(T))));
            }

            for (int row = 0; row < rows; row++, values += stride)
            {
                int c = 0;
                for (; c + TSimd.Count <= stride; c += TSimd.Count)
                {
                    TSimd.Store(Value<TSimd, TVector>(TSimd.Load(values + c), TSimd.Load(slopes + c)), values + c);
                }

                for (; c < columns; c++)
                {
                    values[c] = Value<SimdScalar<T>, T>(values[c], slopes[c]);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void MultiplyByDerivative(T* delta, T* outputs, T* slopes, T* kept, int rows, int columns, nint stride)
        {
            for (int row = 0; row < rows; row++, delta += stride, kept += stride)
            {
                int c = 0;
                for (; c + TSimd.Count <= stride; c += TSimd.Count)
                {
                    TVector z = TSimd.Load(kept + c);
                    TVector g = TSimd.Load(delta + c);
                    TSimd.Store(SlopeGradient<TSimd, TVector>(z, g), kept + c);
                    TSimd.Store(TSimd.Multiply(g, Derivative<TSimd, TVector>(z, TSimd.Load(slopes + c))), delta + c);
                }

                for (; c < columns; c++)
                {
                    T z = kept[c];
                    kept[c] = SlopeGradient<SimdScalar<T>, T>(z, delta[c]);
                    delta[c] *= Derivative<SimdScalar<T>, T>(z, slopes[c]);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV Value<TS, TV>(TV z, TV slope)
            where TS : struct, ISimd<TV, T>
            where TV : unmanaged => TS.SelectLess(z, default, TS.Multiply(z, slope), z);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV Derivative<TS, TV>(TV z, TV slope)
            where TS : struct, ISimd<TV, T>
            where TV : unmanaged => TS.SelectLess(default, z, TS.Broadcast(T.One), slope);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV SlopeGradient<TS, TV>(TV z, TV outputGradient)
            where TS : struct, ISimd<TV, T>
            where TV : unmanaged => TS.SelectLess(z, default, TS.Multiply(outputGradient, z), default);
    }
}
