using System.Buffers;
using BpTrainer.Encodings;
using BpTrainer.Networks;

namespace BpTrainer.Prediction;

/// <summary>
/// The part of a first layer that reads the codes of a <see cref="PiecewiseLinearEncoding"/>. It keeps the prefix sums of their weights, so
/// that a row costs one bin a column: they must be refreshed after a change of the weights.
/// </summary>
internal sealed unsafe class CodeStep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerLayout _layout;
    private readonly CodeKernel<T> _kernel;
    private readonly AlignedBuffer<T> _prefixSums;

    public CodeStep(LayerLayout layout, KernelKind kernel)
    {
        _layout = layout;
        _kernel = CodeKernel<T>.Create(kernel);
        _prefixSums = new AlignedBuffer<T>(checked(layout.Codes * layout.RowStride));
    }

    /// <summary>
    /// Brings the prefix sums up to date for the stored rows of weights from <paramref name="first"/> up to <paramref name="end"/>, which
    /// are whole columns of codes, or lie before them.
    /// </summary>
    public void Refresh(T* parameters, int first, int end)
    {
        fixed (T* sums = _prefixSums)
        {
            for (int row = Math.Max(first, _layout.FirstCodeRow), bins; row < end; row += bins)
            {
                bins = _layout.CodeColumns[_layout.CodeColumnOf(row)].Bins;
                T* to = sums + ((row - _layout.FirstCodeRow) * (nint)_layout.RowStride);
                _kernel.PrefixSums(RowOf(parameters, row), to, bins, _layout.RowStride, _layout.PaddedOutputs);
            }
        }
    }

    /// <summary>z ← z + codes·W for coded rows from <paramref name="first"/> up to <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddNetInput(T* parameters, CodedRows<T> rows, int first, int end, T* z)
    {
        fixed (int* places = rows.Places)
        {
            fixed (T* codes = rows.Codes)
            {
                for (int row = first; row < end; row++, z += _layout.OutputStride)
                {
                    AddNetInput(parameters, places + (row * rows.Columns), codes + (row * rows.Columns), rows.Columns, z);
                }
            }
        }
    }

    /// <summary>z ← z + codes·W for one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddNetInput(T* parameters, int* places, T* codes, int columns, T* z)
    {
        fixed (T* sums = _prefixSums)
        {
            _kernel.AddProducts(
                places, codes, columns, RowOf(parameters, _layout.FirstCodeRow), sums, _layout.RowStride, z, _layout.PaddedOutputs);
        }
    }

    /// <summary>
    /// ∂L/∂W of the codes of one column, whose weights are the stored rows from <paramref name="first"/> up to <paramref name="end"/>, from
    /// the first <paramref name="rows"/> rows of δ. It is added to <paramref name="gradient"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddWeightGradient(T* gradient, CodedRows<T> coded, T* delta, int rows, int first, int end)
    {
        int bins = end - first, length = _layout.PaddedOutputs;
        int column = _layout.CodeColumnOf(first);
        T[] rented = ArrayPool<T>.Shared.Rent((2 * bins * length) + AlignedBuffer<T>.Lanes);
        fixed (T* block = rented, codes = coded.Codes)
        {
            fixed (int* places = coded.Places)
            {
                T* totals = (T*)(((nuint)block + AlignedBuffer<T>.Alignment - 1) & ~(nuint)(AlignedBuffer<T>.Alignment - 1));
                T* products = totals + (bins * length);
                new Span<T>(totals, 2 * bins * length).Clear();
                _kernel.AddToBins(
                    places + column, codes + column, coded.Columns, first - _layout.FirstCodeRow, delta, _layout.OutputStride, rows, totals,
                    products, length);
                _kernel.AddGradient(totals, products, bins, gradient, _layout.RowStride, length);
            }
        }

        ArrayPool<T>.Shared.Return(rented);
    }

    private T* RowOf(T* parameters, int row) => parameters + _layout.WeightOffset + (row * (nint)_layout.RowStride);
}
