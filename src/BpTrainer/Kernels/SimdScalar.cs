using System.Numerics;

namespace BpTrainer.Kernels;

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

    public static T MultiplyAdd(T x, T y, T z) => T.MultiplyAddEstimate(x, y, z);

    public static T Sqrt(T x) => T.Sqrt(x);

    public static T Abs(T x) => T.Abs(x);

    public static T CopySign(T x, T y) => T.CopySign(x, y);

    public static T Round(T x) => T.Round(x);

    public static T SelectLess(T a, T b, T x, T y) => a < b ? x : y;

    public static T PowerOfTwo(T n) => T.IsNaN(n) ? n : T.ScaleB(T.One, int.CreateTruncating(n));

    public static T Sum(T x) => x;
}
