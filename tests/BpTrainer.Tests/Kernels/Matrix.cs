using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer.Tests;

/// <summary>A matrix in padded storage, with a frame of guards behind it that no kernel may touch.</summary>
internal sealed class Matrix<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int GuardLength = 32;
    private static readonly T s_guard = T.CreateChecked(-77);
    private readonly AlignedBuffer<T> _buffer;
    private readonly int _end;

    public Matrix(int rows, int stride)
    {
        Rows = rows;
        Stride = stride;
        _end = rows * stride;
        _buffer = new AlignedBuffer<T>(_end + GuardLength);
        _buffer.Span[_end..].Fill(s_guard);
    }

    public int Rows { get; }

    public int Stride { get; }

    public ref T GetPinnableReference() => ref _buffer.GetPinnableReference();

    public Span<T> Values => _buffer.Span[.._end];

    public T this[int row, int column] => _buffer.Span[(row * Stride) + column];

    /// <summary>Random numbers in the first columns, zeros behind them.</summary>
    public static Matrix<T> Random(int rows, int columns, int stride, int seed)
    {
        var random = new Random(seed);
        var matrix = new Matrix<T>(rows, stride);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                matrix.Values[(row * stride) + column] = T.CreateChecked((random.NextDouble() * 2) - 1);
            }
        }

        return matrix;
    }

    public void AssertGuardsStand() => Assert.All(_buffer.Span[_end..].ToArray(), value => Assert.Equal(s_guard, value));

    /// <summary>Every number is as close as rounding a sum of <paramref name="terms"/> terms below 1 allows.</summary>
    public static void AssertClose(Matrix<T> expected, Matrix<T> actual, int terms)
    {
        double epsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One);
        for (int i = 0; i < expected.Values.Length; i++)
        {
            Close.Absolute(
                double.CreateChecked(expected.Values[i]), double.CreateChecked(actual.Values[i]), epsilon * (terms + 4), $"number {i}");
        }

        actual.AssertGuardsStand();
    }
}
