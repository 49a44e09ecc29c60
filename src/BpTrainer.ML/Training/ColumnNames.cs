using System.Reflection;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML.Training;

/// <summary>The names of the slots of a vector column, and the values that the keys of a label stand for.</summary>
internal static class ColumnNames
{
    /// <summary>From this number on, classes are hardly classes.</summary>
    private const ulong ManyClasses = 1 << 16;

    private static readonly MethodInfo s_readKeys =
        typeof(ColumnNames).GetMethod(nameof(ReadKeys), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The slot names; empty if the column has none.</summary>
    public static string[] SlotsOf(DataViewSchema.Column column)
    {
        if (!AnnotationUtils.HasSlotNames(column, column.Type.GetVectorSize()))
        {
            return [];
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    /// <summary>The values of the keys; null if the column does not have them.</summary>
    public static string[]? KeysOf(DataViewSchema.Column label)
    {
        DataViewSchema.Column? values = label.Type is KeyDataViewType
            ? label.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)
            : null;
        return values?.Type is VectorDataViewType vector
            ? (string[])s_readKeys.MakeGenericMethod(vector.ItemType.RawType).Invoke(null, [label])!
            : null;
    }

    /// <summary>The numbers of slots, and their names if they have some.</summary>
    public static string List(string[] names, int[] slots) =>
        WarningList.Names(Array.ConvertAll(slots, slot => names.Length > 0 ? $"{slot} ('{names[slot]}')" : $"{slot}"));

    /// <summary>
    /// Throws when a column of the validation data has the slots of that of the training data in another order, or when its keys stand for
    /// other classes, as when each went through a <c>MapValueToKey</c> of its own, which numbers classes as they come up. Columns without
    /// names are taken as they are.
    /// </summary>
    public static void CheckSame(IExceptionContext context, DataViewSchema.Column training, DataViewSchema.Column validation, string option)
    {
        if (KeysOf(training) is { } keys && KeysOf(validation) is { } otherKeys && FirstDifference(keys, otherKeys) is { } key)
        {
            throw context.ExceptUserArg(
                option,
                $"{option}: key {key + 1} of the label column '{validation.Name}' stands for '{otherKeys[key]}', " +
                $"but for '{keys[key]}' in the training data; " +
                "send the validation data through the steps that are fitted to the training data.");
        }

        string[] slots = SlotsOf(training), otherSlots = SlotsOf(validation);
        if (FirstDifference(slots, otherSlots) is { } slot && slots.Order().SequenceEqual(otherSlots.Order()))
        {
            throw context.ExceptUserArg(
                option,
                $"{option}: slot {slot + 1} of the column '{validation.Name}' is '{otherSlots[slot]}', " +
                $"but '{slots[slot]}' in the training data; give both the same order.");
        }
    }

    /// <summary>
    /// Refuses a label with very many keys without values: it was hashed, or its range was given by hand. With values, a warning is enough.
    /// </summary>
    public static void CheckKeyCount(IExceptionContext context, WarningList warnings, DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType { Count: >= ManyClasses and var count })
        {
            return;
        }

        ulong bytes = count * sizeof(float);
        string what =
            $"Label column '{label.Name}' has {count} keys. The network has an output for each, and a row takes {bytes} bytes for them";
        if (label.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues) is null)
        {
            throw context.ExceptUserArg(
                nameof(TrainerInputBaseWithLabel.LabelColumnName),
                $"{what}. So many keys without values usually come from hashing: use MapValueToKey instead, which numbers the classes.");
        }

        warnings.Add("ManyClasses", $"{what}: is it a class, or rather an id, a text or a number?");
    }

    private static int? FirstDifference(string[] names, string[] others)
    {
        int same = names.Zip(others, (name, other) => name == other).TakeWhile(isSame => isSame).Count();
        return same < Math.Min(names.Length, others.Length) ? same : null;
    }

    private static string[] ReadKeys<T>(DataViewSchema.Column label)
    {
        VBuffer<T> values = default;
        label.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => $"{value}")];
    }
}
