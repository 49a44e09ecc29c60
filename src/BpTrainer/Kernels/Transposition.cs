using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer.Kernels;

/// <summary>Writes the transpose of a matrix.</summary>
internal static unsafe class Transposition
{
    /// <summary>Squares of this side fill whole cache lines on both sides.</summary>
    private const int Side = 16;

    /// <summary>to[j, i] = from[i, j] for rows × columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write<T>(T* from, nint fromRow, T* to, nint toRow, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < columns; j += Side)
        {
            int endColumn = Math.Min(j + Side, columns);
            for (int i = 0; i < rows; i += Side)
            {
                int endRow = Math.Min(i + Side, rows);
                for (int c = j; c < endColumn; c++)
                {
                    T* line = to + (c * toRow);
                    for (int r = i; r < endRow; r++)
                    {
                        line[r] = from[(r * fromRow) + c];
                    }
                }
            }
        }
    }
}
