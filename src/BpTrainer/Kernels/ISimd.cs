using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace BpTrainer.Kernels;

/// <summary>
/// The arithmetic of vectors of one width. Code that is generic over it is compiled separately for each width and number type, to the same
/// instructions as code written for that width.
/// </summary>
/// <remarks>
/// The vectors are .NET's own types and the operations are static. If the vectors were wrapped in a custom struct, the JIT would copy sums
/// between registers, and matrix products would lose a fifth of their speed.
/// </remarks>
internal unsafe interface ISimd<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract int Count { get; }

    /// <summary>Whether this processor has vectors of this width.</summary>
    static abstract bool IsSupported { get; }

    static abstract TVector Load(T* from);
    static abstract void Store(TVector x, T* to);
    static abstract TVector Broadcast(T value);
    static abstract TVector Add(TVector x, TVector y);
    static abstract TVector Subtract(TVector x, TVector y);
    static abstract TVector Multiply(TVector x, TVector y);
    static abstract TVector Divide(TVector x, TVector y);

    /// <summary>x·y + z, rounded once if the processor supports it.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector z);

    static abstract TVector Sqrt(TVector x);
    static abstract TVector Abs(TVector x);

    /// <summary>The magnitude of x with the sign of y.</summary>
    static abstract TVector CopySign(TVector x, TVector y);

    /// <summary>The smaller of x and y, where x must be a number; y if y is NaN.</summary>
    static abstract TVector Min(TVector x, TVector y);

    /// <summary>Rounds to the nearest integer, ties to even.</summary>
    static abstract TVector Round(TVector x);

    /// <summary>x where a &lt; b, else y; so y where a or b is NaN.</summary>
    static abstract TVector SelectLess(TVector a, TVector b, TVector x, TVector y);

    /// <summary>2ⁿ for integers n from −126 to 127 (float) or −1022 to 1023 (double).</summary>
    static abstract TVector PowerOfTwo(TVector n);

    /// <summary>The sum of the numbers, always in the same order.</summary>
    static abstract T Sum(TVector x);

    /// <summary>The largest of the numbers; undefined if one of them is NaN.</summary>
    static abstract T Largest(TVector x);
}

/// <summary>Creates an object whose code is generic over the width of vectors.</summary>
internal interface ISimdFactory<T, out TResult> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TResult Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged;
}

/// <summary>
/// Whether x·y + z is rounded once, by an instruction, or twice. .NET's MultiplyAddEstimate leaves this to the compiler, which may decide
/// differently before and after a method is optimized. The same training could then give different bits in each run.
/// </summary>
internal static class FusedMultiplyAdd
{
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Fma.IsSupported || AdvSimd.IsSupported;
    }
}

/// <summary>
/// Adding 1.5·2^(bits of the mantissa) to an integer puts it into the low bits of the sum. If the bias of the exponent is added too, a
/// shift turns these low bits into the exponent of a power of two.
/// </summary>
internal static class PowerOfTwoBits
{
    public const float SingleShift = 12582912f + 127f;

    public const double DoubleShift = 6755399441055744d + 1023d;
}

/// <summary>A vector of one number: for the rest after whole vectors, and for processors without vectors.</summary>
internal readonly unsafe struct SimdScalar<T> : ISimd<T, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => 1;
    public static bool IsSupported => true;
    public static T Load(T* from) => *from;
    public static void Store(T x, T* to) => *to = x;
    public static T Broadcast(T value) => value;
    public static T Add(T x, T y) => x + y;
    public static T Subtract(T x, T y) => x - y;
    public static T Multiply(T x, T y) => x * y;
    public static T Divide(T x, T y) => x / y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyAdd(T x, T y, T z) => FusedMultiplyAdd.IsSupported ? T.FusedMultiplyAdd(x, y, z) : (x * y) + z;

    public static T Sqrt(T x) => T.Sqrt(x);
    public static T Abs(T x) => T.Abs(x);
    public static T CopySign(T x, T y) => T.CopySign(x, y);
    public static T Min(T x, T y) => T.MinNative(x, y);
    public static T Round(T x) => T.Round(x);
    public static T SelectLess(T a, T b, T x, T y) => a < b ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T PowerOfTwo(T n) => typeof(T) == typeof(float)
            ? Unsafe.BitCast<int, T>(BitConverter.SingleToInt32Bits(Unsafe.BitCast<T, float>(n) + PowerOfTwoBits.SingleShift) << 23)
            : Unsafe.BitCast<long, T>(BitConverter.DoubleToInt64Bits(Unsafe.BitCast<T, double>(n) + PowerOfTwoBits.DoubleShift) << 52);

    public static T Sum(T x) => x;
    public static T Largest(T x) => x;
}
