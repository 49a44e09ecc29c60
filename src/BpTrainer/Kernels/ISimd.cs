using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace BpTrainer.Kernels;

/// <summary>
/// The arithmetic of vectors of one width. Code that is generic over it is compiled once for each width and number type, to the same
/// instructions as if it were written for that width.
/// </summary>
/// <remarks>
/// The vectors are .NET's own types and the operations static: wrapped in a struct of ours, the JIT would copy sums between registers,
/// which cost a fifth of the speed of matrix products.
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

    /// <summary>x·y + z, rounded once where the processor can.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector z);

    static abstract TVector Sqrt(TVector x);
    static abstract TVector Abs(TVector x);

    /// <summary>The magnitude of x with the sign of y.</summary>
    static abstract TVector CopySign(TVector x, TVector y);

    /// <summary>The smaller of a number x and y; y if that is NaN.</summary>
    static abstract TVector Min(TVector x, TVector y);

    /// <summary>To the nearest whole number, ties to even.</summary>
    static abstract TVector Round(TVector x);

    /// <summary>x where a &lt; b, else y; so y where a or b is NaN.</summary>
    static abstract TVector SelectLess(TVector a, TVector b, TVector x, TVector y);

    /// <summary>2ⁿ for whole n from −126 to 127 (float) or −1022 to 1023 (double).</summary>
    static abstract TVector PowerOfTwo(TVector n);

    /// <summary>The sum of the numbers, always in the same order.</summary>
    static abstract T Sum(TVector x);

    /// <summary>The largest of the numbers; which one if there is a NaN is not said.</summary>
    static abstract T Largest(TVector x);
}

/// <summary>Makes an object whose code is generic over the width of vectors.</summary>
internal interface ISimdFactory<T, out TResult> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TResult Create<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> where TVector : unmanaged;
}

/// <summary>
/// Whether x·y + z is rounded once, by an instruction, or twice. .NET's MultiplyAddEstimate leaves that to the compiler, which decides
/// otherwise before a method is optimized than after: the same training would end with other bits from one run to the next.
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
/// Adding 1.5·2^(bits of the mantissa) to a whole number puts it into the low bits of the sum. With the bias of the exponent added too, a
/// shift makes these low bits the exponent of a power of two.
/// </summary>
internal static class PowerOfTwoBits
{
    public const float SingleShift = 12582912f + 127f;

    public const double DoubleShift = 6755399441055744d + 1023d;
}

/// <summary>A vector of one number: for what is left over behind whole vectors, and for processors without any.</summary>
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
