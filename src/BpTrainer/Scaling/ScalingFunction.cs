using System.Numerics;
using System.Runtime.CompilerServices;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>A <see cref="ColumnScaling"/> in the number type of a network, ready for rows.</summary>
internal sealed unsafe class ScalingFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _offsets;
    private readonly AlignedBuffer<T> _scales;
    private readonly AlignedBuffer<T> _inverseScales;
    private readonly AlignedBuffer<T> _lowest;
    private readonly AlignedBuffer<T> _highest;

    public ScalingFunction(ColumnScaling scaling)
    {
        _offsets = Convert(scaling.Offsets, x => x);
        _scales = Convert(scaling.Scales, x => x);
        _inverseScales = Convert(scaling.Scales, x => 1 / x);
        _lowest = Convert(scaling.HasLimits ? scaling.Lowest : Unlimited(scaling, double.NegativeInfinity), x => x);
        _highest = Convert(scaling.HasLimits ? scaling.Highest : Unlimited(scaling, double.PositiveInfinity), x => x);
    }

    /// <summary>to ← (from within its limits − offset) · scale, one row. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(T* from, T* to, int columns)
    {
        fixed (T* offsets = _offsets, scales = _scales, lowest = _lowest, highest = _highest)
        {
            int c = 0;

            // Of NaN and a number, the processor's own minimum and maximum give NaN or the second operand, which is x here.
            for (; c + Vector<T>.Count <= columns; c += Vector<T>.Count)
            {
                Vector<T> x = Vector.MaxNative(Vector.Load(lowest + c), Vector.Load(from + c));
                x = Vector.MinNative(Vector.Load(highest + c), x);
                Vector.Store((x - Vector.Load(offsets + c)) * Vector.Load(scales + c), to + c);
            }

            for (; c < columns; c++)
            {
                T x = T.MinNative(highest[c], T.MaxNative(lowest[c], from[c]));
                to[c] = (x - offsets[c]) * scales[c];
            }
        }
    }

    /// <summary>value ← (value within its limits) · scale for values of some columns, of a scaling whose offsets are all 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ApplyToNonzeros(ReadOnlySpan<int> columns, Span<T> values)
    {
        ReadOnlySpan<T> scales = _scales.Span, lowest = _lowest.Span, highest = _highest.Span;
        for (int i = 0; i < values.Length; i++)
        {
            int c = columns[i];
            values[i] = T.MinNative(highest[c], T.MaxNative(lowest[c], values[i])) * scales[c];
        }
    }

    /// <summary>row ← row / scale + offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invert(Span<T> row)
    {
        fixed (T* offsets = _offsets, inverseScales = _inverseScales)
        {
            for (int c = 0; c < row.Length; c++)
            {
                row[c] = (row[c] * inverseScales[c]) + offsets[c];
            }
        }
    }

    private static double[] Unlimited(ColumnScaling scaling, double limit)
    {
        var limits = new double[scaling.Columns];
        Array.Fill(limits, limit);
        return limits;
    }

    private static AlignedBuffer<T> Convert(ReadOnlySpan<double> values, Func<double, double> map)
    {
        var converted = new AlignedBuffer<T>(values.Length);
        for (int c = 0; c < values.Length; c++)
        {
            converted.Span[c] = T.CreateChecked(map(values[c]));
        }

        return converted;
    }
}
