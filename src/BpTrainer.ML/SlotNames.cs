using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

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

    /// <summary>Throws when a column of validation data has the same slots as that of the training data, but in another order.</summary>
    /// <param name="context">Takes the error.</param>
    /// <param name="training">The column of the training data.</param>
    /// <param name="validation">The column of the validation data.</param>
    /// <param name="option">The name of the argument or option that holds the validation data.</param>
    public static void CheckOrder(IExceptionContext context, DataViewSchema.Column training, DataViewSchema.Column validation, string option)
    {
        string[] asked = Of(training), has = Of(validation);
        int slot = asked.Zip(has, (one, other) => one == other).TakeWhile(isSame => isSame).Count();
        if (slot < asked.Length && asked.Order().SequenceEqual(has.Order()))
        {
            throw context.ExceptUserArg(
                option,
                $"{option}: slot {slot + 1} of the column '{validation.Name}' is '{has[slot]}', but '{asked[slot]}' in the training data; give both the same order.");
        }
    }

    /// <summary>The number of a slot, and its name if it has one.</summary>
    public static string Describe(string[] names, int slot) => names.Length > 0 ? $"{slot} ('{names[slot]}')" : $"{slot}";
}
