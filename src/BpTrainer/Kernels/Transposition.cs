using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace BpTrainer.Kernels;

/// <summary>Writes the transpose of a matrix.</summary>
internal static unsafe class Transposition
{
    /// <summary>Squares of this side fill whole cache lines on both sides.</summary>
    private const int Side = 16;

    private static bool HasZips
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;
    }

    /// <summary>to[j, i] = from[i, j] for rows × columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write<T>(T* from, nint fromRow, T* to, nint toRow, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < columns; j += Side)
        {
            int width = Math.Min(Side, columns - j);
            for (int i = 0; i < rows; i += Side)
            {
                int height = Math.Min(Side, rows - i);
                T* source = from + (i * fromRow) + j;
                T* target = to + (j * toRow) + i;
                if (HasZips && width == Side && height == Side)
                {
                    WriteSquare(source, fromRow, target, toRow);
                }
                else
                {
                    WriteOneByOne(source, fromRow, target, toRow, height, width);
                }
            }
        }
    }

    private static void WriteOneByOne<T>(T* from, nint fromRow, T* to, nint toRow, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int c = 0; c < columns; c++, to += toRow)
        {
            for (int r = 0; r < rows; r++)
            {
                to[r] = from[(r * fromRow) + c];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteSquare<T>(T* from, nint fromRow, T* to, nint toRow) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int c = 0; c < Side; c += Vector128<T>.Count, from += Vector128<T>.Count, to += Vector128<T>.Count * toRow)
        {
            T* row = from;
            for (int r = 0; r < Side; r += Vector128<T>.Count, row += Vector128<T>.Count * fromRow)
            {
                if (typeof(T) == typeof(float))
                {
                    WriteFour((float*)row, fromRow, (float*)(to + r), toRow);
                }
                else
                {
                    WriteTwo((double*)row, fromRow, (double*)(to + r), toRow);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteFour(float* from, nint fromRow, float* to, nint toRow)
    {
        Vector128<float> a = Vector128.Load(from);
        Vector128<float> b = Vector128.Load(from + fromRow);
        Vector128<float> c = Vector128.Load(from + (2 * fromRow));
        Vector128<float> d = Vector128.Load(from + (3 * fromRow));
        (Vector128<float> lowOfEven, Vector128<float> highOfEven) = Zip(a, c);
        (Vector128<float> lowOfOdd, Vector128<float> highOfOdd) = Zip(b, d);
        (a, b) = Zip(lowOfEven, lowOfOdd);
        (c, d) = Zip(highOfEven, highOfOdd);
        a.Store(to);
        b.Store(to + toRow);
        c.Store(to + (2 * toRow));
        d.Store(to + (3 * toRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteTwo(double* from, nint fromRow, double* to, nint toRow)
    {
        Vector128<double> a = Vector128.Load(from);
        Vector128<double> b = Vector128.Load(from + fromRow);
        Vector128<double> low = Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);
        Vector128<double> high = Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
        low.Store(to);
        high.Store(to + toRow);
    }

    /// <summary>a₀ b₀ a₁ b₁ and a₂ b₂ a₃ b₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Zip(Vector128<float> a, Vector128<float> b) => Sse.IsSupported
        ? (Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b))
        : (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));
}
