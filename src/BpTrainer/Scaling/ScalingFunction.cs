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

    public ScalingFunction(ColumnScaling scaling)
    {
        _offsets = Convert(scaling.Offsets, x => x);
        _scales = Convert(scaling.Scales, x => x);
        _inverseScales = Convert(scaling.Scales, x => 1 / x);
    }

    /// <summary>to ← (from − offset) · scale, one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(T* from, T* to, int columns)
    {
        fixed (T* offsets = _offsets, scales = _scales)
        {
            int c = 0;
            for (; c + Vector<T>.Count <= columns; c += Vector<T>.Count)
            {
                Vector.Store((Vector.Load(from + c) - Vector.Load(offsets + c)) * Vector.Load(scales + c), to + c);
            }

            for (; c < columns; c++)
            {
                to[c] = (from[c] - offsets[c]) * scales[c];
            }
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
