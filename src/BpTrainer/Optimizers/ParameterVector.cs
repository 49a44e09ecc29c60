namespace BpTrainer.Optimizers;

/// <summary>Arithmetic on blocks with the layout of the parameters, including the zero padding.</summary>
internal static class ParameterVector
{
    /// <summary>The distance from 1 to the next number of T.</summary>
    public static double Epsilon<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    /// <summary>to ← a·x + b·to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine<T>(AlignedBuffer<T> to, double a, AlignedBuffer<T> x, double b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> target = to.Span;
        Span<T> source = x.Span[..target.Length];
        T factor = T.CreateTruncating(a);
        T kept = T.CreateTruncating(b);
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = (factor * source[i]) + (kept * target[i]);
        }
    }

    /// <summary>xᵀy, in double and in the order of memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot<T>(AlignedBuffer<T> x, AlignedBuffer<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        Span<T> left = x.Span;
        Span<T> right = y.Span[..left.Length];
        for (int i = 0; i < left.Length; i++)
        {
            sum += double.CreateTruncating(left[i]) * double.CreateTruncating(right[i]);
        }

        return sum;
    }

    /// <summary>|x|, the Euclidean norm.</summary>
    public static double Norm<T>(AlignedBuffer<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Math.Sqrt(Dot(x, x));
}
