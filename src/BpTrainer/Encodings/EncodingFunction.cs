using System.Runtime.Intrinsics;

namespace BpTrainer.Encodings;

/// <summary>
/// A <see cref="PiecewiseLinearEncoding"/> in the number type of a network, for scaled rows: its edges are scaled like the inputs. For
/// every column with codes it finds the bin of the value and the codes of the two edges of that bin; all other codes are 0.
/// </summary>
internal sealed unsafe class EncodingFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The maximum number of edges that are all compared.</summary>
    private const int MostCompared = 32;

    private static readonly T s_height = T.CreateChecked(PiecewiseLinearEncoding.Height);

    private readonly int[] _columns;
    private readonly int[] _firstCodes;
    private readonly int[] _bins;
    private readonly T[] _edges;
    private readonly T[] _inverseWidths;
    private readonly int _stride;

    private EncodingFunction(PiecewiseLinearEncoding encoding, ColumnScaling? scaling)
    {
        _columns = [.. Enumerable.Range(0, encoding.Columns).Where(c => !encoding.EdgesOf(c).IsEmpty)];
        _bins = Array.ConvertAll(_columns, c => encoding.EdgesOf(c).Length - 1);
        _firstCodes = new int[_columns.Length];
        _stride = (int)BitOperations.RoundUpToPowerOf2((uint)_bins.DefaultIfEmpty(1).Max());
        _edges = new T[_columns.Length * _stride];
        _inverseWidths = new T[_edges.Length];
        _edges.AsSpan().Fill(T.PositiveInfinity);
        for (int e = 0, first = 0; e < _columns.Length; first += _bins[e++] + 1)
        {
            int column = _columns[e];
            _firstCodes[e] = first;
            double offset = scaling is null ? 0 : scaling.Offsets[column];
            double scale = scaling is null ? 1 : scaling.Scales[column];
            ReadOnlySpan<double> edges = encoding.EdgesOf(column);
            for (int t = 0; t < _bins[e]; t++)
            {
                T edge = T.CreateChecked((edges[t] - offset) * scale);
                T width = T.CreateChecked((edges[t + 1] - offset) * scale) - edge;
                _edges[(e * _stride) + t] = edge;
                _inverseWidths[(e * _stride) + t] = T.IsNormal(T.One / width) ? T.One / width : T.Zero;
            }
        }
    }

    /// <summary>Creates the function of an encoding; null if there is no encoding or it has no codes.</summary>
    public static EncodingFunction<T>? Create(PiecewiseLinearEncoding? encoding, ColumnScaling? scaling) =>
        encoding is { Codes: > 0 } ? new EncodingFunction<T>(encoding, scaling) : null;

    /// <summary>The number of columns with codes.</summary>
    public int EncodedColumns => _columns.Length;

    /// <summary>Encodes a scaled row into a row of a batch.</summary>
    public void Encode(T* inputs, CodedRows<T> to, int row)
    {
        fixed (int* places = to.Places)
        {
            fixed (T* codes = to.Codes)
            {
                Encode(inputs, places + (row * to.Columns), codes + (2 * row * to.Columns));
            }
        }
    }

    /// <summary>Whether a few comparisons of whole vectors find the bin faster than a search, in which each step depends on the one
    /// before.</summary>
    private bool IsShort
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.IsHardwareAccelerated && _stride >= Vector256<T>.Count && _stride <= MostCompared;
    }

    /// <summary>Writes, for every column with codes, the place of the lower edge of its bin among all edges, and the two codes.</summary>
    /// <param name="row">The scaled inputs.</param>
    /// <param name="places">Receives <see cref="EncodedColumns"/> numbers.</param>
    /// <param name="codes">Receives a pair of codes for each.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Encode(T* row, int* places, T* codes)
    {
        fixed (T* allEdges = _edges, inverseWidths = _inverseWidths)
        {
            for (int e = 0; e < _columns.Length; e++)
            {
                T x = row[_columns[e]];
                T* edges = allEdges + (e * _stride);
                int bin = IsShort ? CountUpTo(x, edges) : Search(x, edges);
                T share = (x - edges[bin]) * inverseWidths[(e * _stride) + bin];
                places[e] = _firstCodes[e] + bin;
                T upper = s_height * T.MinNative(T.One, T.MaxNative(T.Zero, share));
                codes[2 * e] = s_height - upper;
                codes[(2 * e) + 1] = upper;
            }
        }
    }

    /// <summary>The index of the last edge that is at most x, or 0. Because edges ascend, it is the number of such edges minus
    /// one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int CountUpTo(T x, T* edges)
    {
        Vector256<T> wanted = Vector256.Create(x);
        int count = 0;
        for (int t = 0; t < _stride; t += Vector256<T>.Count)
        {
            count += BitOperations.PopCount(Vector256.LessThanOrEqual(Vector256.Load(edges + t), wanted).ExtractMostSignificantBits());
        }

        return Math.Max(count - 1, 0);
    }

    /// <summary>The index of the last edge that is at most x, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Search(T x, T* edges)
    {
        int bin = 0;
        for (int step = _stride / 2; step > 0; step /= 2)
        {
            // A product instead of a branch, which the processor would mispredict half of the time.
            bin += step * Unsafe.BitCast<bool, byte>(edges[bin + step] <= x);
        }

        return bin;
    }
}

/// <summary>The nonzero codes of the rows of a batch: for every column with codes, a place and a pair of codes.</summary>
internal sealed class CodedRows<T>(int rows, int columns) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Columns { get; } = columns;

    /// <summary>rows × <see cref="Columns"/>: the place of the first code of the pair among all codes.</summary>
    public int[] Places { get; } = new int[checked(rows * columns)];

    /// <summary>rows × <see cref="Columns"/> × 2.</summary>
    public T[] Codes { get; } = new T[checked(2 * rows * columns)];
}
