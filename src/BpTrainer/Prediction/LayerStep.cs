using BpTrainer.Activations;
using BpTrainer.Encodings;
using BpTrainer.Networks;

namespace BpTrainer.Prediction;

/// <summary>The computations of a layer for rows of a batch: x is rows × inputs; z, a and δ are rows × outputs; W is inputs ×
/// outputs.</summary>
internal sealed unsafe class LayerStep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of columns whose codes are added at once.</summary>
    private const int CodedColumns = 4;

    private readonly LayerLayout _layout;
    private readonly MatrixKernel<T> _kernel;
    private readonly CodeKernel<T>? _codes;
    private readonly AlignedBuffer<T>? _transposed;
    private readonly int _transposedStride;

    /// <summary>Creates the computations. If <see cref="PropagateBack"/> will be called, a wide layer also stores Wᵀ.</summary>
    public LayerStep(LayerLayout layout, KernelKind kernel, bool propagatesBack)
    {
        _layout = layout;
        _kernel = Kernel.CreateMatrixKernel<T>(kernel);
        Activation = layout.Spec.Activation.CreateFunction<T>(kernel);
        _codes = layout.Codes > 0 ? CodeKernel<T>.Create(kernel) : null;
        if (propagatesBack && !layout.IsNarrow)
        {
            _transposedStride = AlignedBuffer<T>.Stride(layout.Inputs);
            _transposed = new AlignedBuffer<T>(checked(layout.Outputs * _transposedStride));
        }
    }

    public ActivationFunction<T> Activation { get; }

    /// <summary>a = f(z), in place. <paramref name="kept"/>, if not null, receives what <see cref="MultiplyByDerivative"/> needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Activate(T* parameters, T* values, T* kept, int rows) =>
        Activation.Apply(values, parameters + _layout.SlopeOffset, kept, rows, _layout.Outputs, _layout.OutputStride);

    /// <summary>delta ← delta ⊙ f′(z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyByDerivative(T* parameters, T* delta, T* outputs, T* kept, int rows) =>
        Activation.MultiplyByDerivative(
            delta, outputs, parameters + _layout.SlopeOffset, kept, rows, _layout.Outputs, _layout.OutputStride);

    /// <summary>z = x·W + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void NetInput(T* parameters, T* x, nint xStride, T* z, int rows)
    {
        T* weights = parameters + _layout.WeightOffset;
        T* biases = parameters + _layout.BiasOffset;
        if (_layout.IsNarrow)
        {
            _kernel.MultiplyTransposed(
                x, xStride, weights, _layout.RowStride, z, _layout.OutputStride, biases, rows, _layout.Outputs, _layout.PaddedInputs);
            ClearColumns(z, rows, _layout.Outputs, _layout.OutputStride);
        }
        else
        {
            _kernel.Multiply(
                x, xStride, 1, weights, _layout.RowStride, z, _layout.OutputStride, biases, 0, rows, _layout.PaddedOutputs,
                _layout.DenseInputs);
        }
    }

    /// <summary>z ← z + codes·W for coded rows from <paramref name="first"/> up to <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddCodes(T* parameters, CodedRows<T> coded, int first, int end, T* z)
    {
        fixed (int* places = coded.Places)
        {
            fixed (T* codes = coded.Codes)
            {
                // The weights for a few columns stay in the first-level cache while all rows read them.
                for (int column = 0; column < coded.Columns; column += CodedColumns)
                {
                    int columns = Math.Min(CodedColumns, coded.Columns - column);
                    T* sums = z;
                    for (int row = first; row < end; row++, sums += _layout.OutputStride)
                    {
                        nint place = ((nint)row * coded.Columns) + column;
                        AddCodes(parameters, places + place, codes + (2 * place), columns, sums);
                    }
                }
            }
        }
    }

    /// <summary>z ← z + codes·W for the places and codes of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddCodes(T* parameters, int* places, T* codes, int columns, T* z)
    {
        T* weights = parameters + _layout.WeightOffset + (_layout.FirstCodeRow * (nint)_layout.RowStride);
        _codes!.AddProducts(places, codes, columns, weights, _layout.RowStride, z, _layout.PaddedOutputs);
    }

    /// <summary>z = x·W + b for rows of a sparse batch, from <paramref name="first"/> up to <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void NetInput(T* parameters, SparseBatch<T> x, int first, int end, T* z)
    {
        for (int row = first; row < end; row++, z += _layout.OutputStride)
        {
            NetInput(parameters, x.ColumnsOf(row), x.ValuesOf(row), z);
        }
    }

    /// <summary>z = x·W + b for one sparse row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void NetInput(T* parameters, ReadOnlySpan<int> columns, ReadOnlySpan<T> values, T* z)
    {
        T* weights = parameters + _layout.WeightOffset;
        T* biases = parameters + _layout.BiasOffset;
        if (!_layout.IsNarrow)
        {
            _kernel.MultiplySparse(columns, values, weights, _layout.RowStride, z, biases, _layout.PaddedOutputs);
            return;
        }

        for (int o = 0; o < _layout.Outputs; o++)
        {
            z[o] = MatrixKernel<T>.DotSparse(columns, values, weights + (o * (nint)_layout.RowStride), 1, biases[o]);
        }

        ClearColumns(z, 1, _layout.Outputs, _layout.OutputStride);
    }

    /// <summary>Sets the columns from <paramref name="first"/> up to <paramref name="end"/> to 0; <paramref name="end"/> is also the
    /// stride.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ClearColumns(T* matrix, int rows, int first, int end)
    {
        for (int row = 0; first < end && row < rows; row++)
        {
            new Span<T>(matrix + (row * (nint)end) + first, end - first).Clear();
        }
    }

    /// <summary>∂L/∂x = δ·Wᵀ, with xStride columns; those after the inputs become 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PropagateBack(T* parameters, T* delta, T* dx, nint xStride, int rows)
    {
        fixed (T* transposed = _transposed)
        {
            T* weights = transposed is null ? parameters + _layout.WeightOffset : transposed;
            int stride = transposed is null ? _layout.RowStride : _transposedStride;
            _kernel.Multiply(
                delta, _layout.OutputStride, 1, weights, stride, dx, xStride, null, 0, rows, _layout.PaddedInputs, _layout.Outputs);
        }
    }

    /// <summary>
    /// ∂L/∂W = xᵀ·δ for the stored rows of weights from <paramref name="first"/> up to <paramref name="end"/>. It is written to
    /// <paramref name="gradient"/>, which has the layout of these rows, or added to it if <paramref name="accumulate"/> is true.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WeightGradient(
        T* gradient, bool accumulate, T* x, nint xStride, T* delta, int rows, int first, int end,
        Upcoming soon = default)
    {
        T* start = accumulate ? gradient : null;
        int stride = _layout.RowStride;
        int columns = _layout.IsNarrow ? _layout.PaddedInputs : _layout.PaddedOutputs;
        if (_layout.IsNarrow)
        {
            _kernel.Multiply(
                delta + first, 1, _layout.OutputStride, x, xStride, gradient, stride, start, stride, end - first, columns, rows);
        }
        else
        {
            _kernel.Multiply(
                x + first, 1, xStride, delta, _layout.OutputStride, gradient, stride, start, stride, end - first, columns, rows, soon);
        }

        ClearColumns(gradient, end - first, columns, stride);
    }

    /// <summary>The same for a sparse batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WeightGradient(T* gradient, bool accumulate, SparseBatch<T> x, T* delta, int first, int end)
    {
        int stride = _layout.RowStride;
        if (!accumulate)
        {
            new Span<T>(gradient, (end - first) * stride).Clear();
        }

        if (!_layout.IsNarrow)
        {
            for (int column = first; column < Math.Min(end, _layout.Inputs); column++)
            {
                T* row = gradient + ((column - first) * (nint)stride);
                _kernel.MultiplySparse(
                    x.RowsOf(column), x.ValuesOfColumn(column), delta, _layout.OutputStride, row, row, _layout.PaddedOutputs);
            }

            return;
        }

        foreach (int column in x.Touched)
        {
            for (int o = first; o < end; o++)
            {
                T* to = gradient + ((o - first) * (nint)stride) + column;
                *to = MatrixKernel<T>.DotSparse(x.RowsOf(column), x.ValuesOfColumn(column), delta + o, _layout.OutputStride, *to);
            }
        }
    }

    /// <summary>
    /// The same for the weights of the codes of one column, from the first <paramref name="rows"/> rows; <paramref name="first"/> and
    /// <paramref name="end"/> are its stored rows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WeightGradient(T* gradient, bool accumulate, CodedRows<T> coded, T* delta, int rows, int first, int end)
    {
        if (!accumulate)
        {
            new Span<T>(gradient, (end - first) * _layout.RowStride).Clear();
        }

        int column = _layout.CodeColumnOf(first);
        T* ofFirstCode = gradient - ((first - _layout.FirstCodeRow) * (nint)_layout.RowStride);
        fixed (int* places = coded.Places)
        {
            fixed (T* codes = coded.Codes)
            {
                _codes!.AddOuterProducts(
                    places + column, codes + (2 * column), coded.Columns, delta, _layout.OutputStride, rows, ofFirstCode,
                    _layout.RowStride, _layout.PaddedOutputs);
            }
        }
    }

    /// <summary>∂L/∂b = the column sums of δ, or 0 for frozen biases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void BiasGradient(T* gradient, bool accumulate, T* delta, int rows) =>
        SumColumns(gradient, accumulate, delta, _layout.Spec.Bias == BiasKind.Frozen ? 0 : rows);

    /// <summary>∂L/∂s = the column sums of the values that <see cref="MultiplyByDerivative"/> stored for the learned slopes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SlopeGradient(T* gradient, bool accumulate, T* kept, int rows) => SumColumns(gradient, accumulate, kept, rows);

    /// <summary>A shared bias has one gradient, the total of the column sums. Every copy of the bias gets it, so that the copies stay
    /// equal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ShareBiasGradient(T* gradient)
    {
        if (_layout.Spec.Bias != BiasKind.Shared)
        {
            return;
        }

        T total = T.Zero;
        var sums = new Span<T>(gradient, _layout.Outputs);
        foreach (T sum in sums)
        {
            total += sum;
        }

        sums.Fill(total);
    }

    /// <summary>Updates Wᵀ for the stored rows of weights from <paramref name="first"/> up to <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void RefreshTransposed(T* parameters, int first, int end)
    {
        fixed (T* transposed = _transposed)
        {
            if (transposed is not null)
            {
                Transposition.Write(
                    parameters + _layout.WeightOffset + (first * (nint)_layout.RowStride), _layout.RowStride,
                    transposed + first, _transposedStride, Math.Min(end, _layout.Inputs) - first, _layout.Outputs);
            }
        }
    }

    private void SumColumns(T* gradient, bool accumulate, T* values, int rows)
    {
        if (!accumulate)
        {
            new Span<T>(gradient, _layout.BiasLength).Clear();
        }

        _kernel.AddColumnSums(values, _layout.OutputStride, gradient, rows, _layout.OutputStride);
    }
}
