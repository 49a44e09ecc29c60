using System.Numerics;
using System.Runtime.CompilerServices;

namespace BpTrainer;

/// <summary>Copies a row of data to where a network wants it.</summary>
internal static unsafe class RowCopy
{
    /// <summary>to ← the row, scaled if there is a scaling.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<T>(T* row, T* to, int columns, ScalingFunction<T>? scaling)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (scaling is not null)
        {
            scaling.Apply(row, to, columns);
            return;
        }

        int c = 0;
        for (; c + Vector<T>.Count <= columns; c += Vector<T>.Count)
        {
            Vector.Store(Vector.Load(row + c), to + c);
        }

        for (; c < columns; c++)
        {
            to[c] = row[c];
        }
    }
}
