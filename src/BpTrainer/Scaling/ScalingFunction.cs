using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>A <see cref="ColumnScaling"/> in the number type of a network, ready for rows.</summary>
internal sealed class ScalingFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _offsets;
    private readonly T[] _scales;
    private readonly T[] _inverseScales;

    public ScalingFunction(ColumnScaling scaling)
    {
        _offsets = Array.ConvertAll(scaling.Offsets.ToArray(), T.CreateChecked);
        _scales = Array.ConvertAll(scaling.Scales.ToArray(), T.CreateChecked);
        _inverseScales = Array.ConvertAll(scaling.Scales.ToArray(), s => T.CreateChecked(1 / s));
    }

    /// <summary>to ← (from − offset) · scale, one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(ReadOnlySpan<T> from, Span<T> to)
    {
        for (int c = 0; c < from.Length; c++)
        {
            to[c] = (from[c] - _offsets[c]) * _scales[c];
        }
    }

    /// <summary>row ← row / scale + offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invert(Span<T> row)
    {
        for (int c = 0; c < row.Length; c++)
        {
            row[c] = (row[c] * _inverseScales[c]) + _offsets[c];
        }
    }
}
