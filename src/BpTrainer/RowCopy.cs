using System.Numerics;

namespace BpTrainer;

/// <summary>Copies a row of data to padded storage.</summary>
internal static class RowCopy
{
    /// <summary>to ← the row, scaled if a scaling is given, and zeros behind it.</summary>
    public static void Pad<T>(ReadOnlySpan<T> row, Span<T> to, ScalingFunction<T>? scaling)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (scaling is null)
        {
            row.CopyTo(to);
        }
        else
        {
            scaling.Apply(row, to);
        }

        to[row.Length..].Clear();
    }
}
