using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML;

/// <summary>Reads the names of the slots of a vector column.</summary>
internal static class SlotNames
{
    /// <summary>The names, one a slot; empty where the column has none.</summary>
    public static string[] Of(DataViewSchema.Column column)
    {
        if (!AnnotationUtils.HasSlotNames(column, column.Type.GetVectorSize()))
        {
            return [];
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
