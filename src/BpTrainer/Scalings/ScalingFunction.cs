namespace BpTrainer.Scalings;

/// <summary>A <see cref="ColumnScaling"/> in the number type of a network, prepared for scaling rows.</summary>
internal sealed unsafe class ScalingFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Lower limits, upper limits, offsets, scales and inverse scales, one after another; each begins at a multiple of the stride.
    private readonly AlignedBuffer<T> _figures;
    private readonly int _stride;
    private readonly RowKernel<T> _kernel;

    public ScalingFunction(ColumnScaling scaling, KernelKind kernel)
    {
        _kernel = RowKernel<T>.Create(kernel);
        _stride = AlignedBuffer<T>.Pad(scaling.Columns);
        _figures = new AlignedBuffer<T>(checked(5 * _stride));
        for (int c = 0; c < scaling.Columns; c++)
        {
            Figures(0)[c] = T.CreateChecked(scaling.HasLimits ? scaling.Lowest[c] : double.NegativeInfinity);
            Figures(1)[c] = T.CreateChecked(scaling.HasLimits ? scaling.Highest[c] : double.PositiveInfinity);
            Figures(2)[c] = T.CreateChecked(scaling.Offsets[c]);
            Figures(3)[c] = T.CreateChecked(scaling.Scales[c]);
            Figures(4)[c] = T.CreateChecked(1 / scaling.Scales[c]);
        }
    }

    /// <summary>to ← (from clamped to its limits − offset) · scale, for one row. NaN stays NaN.</summary>
    public void Apply(T* from, T* to, int columns)
    {
        fixed (T* lowest = _figures)
        {
            T* highest = lowest + _stride;
            T* offsets = highest + _stride;
            T* scales = offsets + _stride;
            _kernel.ScaleWithinLimits(from, to, lowest, highest, offsets, scales, columns);
        }
    }

    /// <summary>value ← (value clamped to its limits) · scale for values of some columns. The offsets of the scaling must all be
    /// 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ApplyToNonzeros(ReadOnlySpan<int> columns, Span<T> values)
    {
        ReadOnlySpan<T> lowest = Figures(0), highest = Figures(1), scales = Figures(3);
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
        fixed (T* figures = _figures)
        {
            T* offsets = figures + (2 * (nint)_stride);
            T* inverseScales = offsets + (2 * (nint)_stride);
            for (int c = 0; c < row.Length; c++)
            {
                row[c] = (row[c] * inverseScales[c]) + offsets[c];
            }
        }
    }

    private Span<T> Figures(int kind) => _figures.Span.Slice(kind * _stride, _stride);
}
