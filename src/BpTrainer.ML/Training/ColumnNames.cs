using System.Reflection;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML.Training;

/// <summary>The names of the slots of a vector column, and the values that the keys of a label stand for.</summary>
internal static class ColumnNames
{
    /// <summary>A label with this many keys or more is probably not a class.</summary>
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

    /// <summary>The numbers of slots, with their names if they have names.</summary>
    public static string List(string[] names, int[] slots) =>
        WarningList.Names(Array.ConvertAll(slots, slot => names.Length > 0 ? $"{slot} ('{names[slot]}')" : $"{slot}"));

    /// <summary>
    /// Throws if a column of the validation data has the same slots as that of the training data but in another order, or if its keys stand
    /// for other classes. The latter happens if each of the two went through its own <c>MapValueToKey</c>, which numbers classes in the
    /// order in which they occur. Columns without names are not compared.
    /// </summary>
    public static void CheckSame(IExceptionContext context, DataViewSchema.Column training, DataViewSchema.Column validation, string option)
    {
        if (KeysOf(training) is { } keys && KeysOf(validation) is { } otherKeys && FirstDifference(keys, otherKeys) is { } key)
        {
            throw context.ExceptUserArg(
                option,
                $"{option}: key {key + 1} of the label column '{validation.Name}' stands for '{otherKeys[key]}', " +
                $"but for '{keys[key]}' in the training data; " +
                "transform the validation data with the steps that were fitted to the training data.");
        }

        string[] slots = SlotsOf(training), otherSlots = SlotsOf(validation);
        if (FirstDifference(slots, otherSlots) is { } slot && slots.Order().SequenceEqual(otherSlots.Order()))
        {
            throw context.ExceptUserArg(
                option,
                $"{option}: slot {slot + 1} of the column '{validation.Name}' is '{otherSlots[slot]}', " +
                $"but '{slots[slot]}' in the training data; both must have the same order.");
        }
    }

    /// <summary>
    /// Throws if a label has very many keys without values: it was hashed, or its range was set by hand. If the keys have values, it only
    /// warns.
    /// </summary>
    public static void CheckKeyCount(IExceptionContext context, WarningList warnings, DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType { Count: >= ManyClasses and var count })
        {
            return;
        }

        ulong bytes = count * sizeof(float);
        string what =
            $"Label column '{label.Name}' has {count} keys. " +
            $"The network has an output for each key, and every row takes {bytes} bytes for them";
        if (label.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues) is null)
        {
            throw context.ExceptUserArg(
                nameof(TrainerInputBaseWithLabel.LabelColumnName),
                $"{what}. So many keys without values usually come from hashing; use MapValueToKey instead, which numbers the classes.");
        }

        warnings.Add("ManyClasses", $"{what}. Is the label a class, or is it an id, a text or a number?");
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
