using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML.Training;

/// <summary>The values that the keys of a label stand for.</summary>
internal static class LabelKeys
{
    /// <summary>So many classes are hardly classes.</summary>
    private const ulong Many = 1 << 16;

    private static readonly MethodInfo s_read = typeof(LabelKeys).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>
    /// Throws when the same key stands for one class in the training data and for another in the validation data, as when each went through a
    /// <c>MapValueToKey</c> of its own, which numbers classes as they come up. Columns that do not say what their keys stand for are taken as they are.
    /// </summary>
    /// <param name="context">Takes the error.</param>
    /// <param name="training">The label column of the training data.</param>
    /// <param name="validation">The label column of the validation data.</param>
    /// <param name="option">The name of the argument or option that holds the validation data.</param>
    public static void Check(IExceptionContext context, DataViewSchema.Column training, DataViewSchema.Column validation, string option)
    {
        if (Values(training) is not { } asked || Values(validation) is not { } has)
        {
            return;
        }

        int key = asked.Zip(has, (one, other) => one == other).TakeWhile(isSame => isSame).Count();
        if (key < Math.Min(asked.Length, has.Length))
        {
            throw context.ExceptUserArg(
                option,
                $"{option}: key {key + 1} of the label column '{validation.Name}' stands for '{has[key]}', but for '{asked[key]}' in the training data; " +
                "send the validation data through the steps that are fitted to the training data.");
        }
    }

    /// <summary>
    /// Refuses a label with very many keys of which nobody knows what they stand for: it was hashed, or its range was given by hand. Where the keys have values, a
    /// warning is enough.
    /// </summary>
    /// <param name="context">Takes the error.</param>
    /// <param name="warnings">Takes the warning.</param>
    /// <param name="label">The label column of the training data.</param>
    public static void CheckCount(IExceptionContext context, WarningList warnings, DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType { Count: >= Many and var count })
        {
            return;
        }

        string what = FormattableString.Invariant(
            $"Label column '{label.Name}' has {count} keys. The network has an output for each, and a row takes {count * sizeof(float)} bytes for them");
        if (label.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues) is null)
        {
            throw context.ExceptUserArg(
                nameof(TrainerInputBaseWithLabel.LabelColumnName),
                $"{what}. Keys without values, so many of them, come from hashing as a rule: use MapValueToKey in place of Hash, which numbers the classes that there are.");
        }

        warnings.Add("ManyClasses", $"{what}: is it a class, or rather an id, a text or a number?");
    }

    /// <summary>What the keys of a column stand for; null where it does not say.</summary>
    public static string[]? Values(DataViewSchema.Column label)
    {
        DataViewSchema.Column? values = label.Type is KeyDataViewType ? label.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues) : null;
        return values?.Type is VectorDataViewType vector
            ? (string[])s_read.MakeGenericMethod(vector.ItemType.RawType).Invoke(null, [label])!
            : null;
    }

    private static string[] Read<T>(DataViewSchema.Column label)
    {
        VBuffer<T> values = default;
        label.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => $"{value}")];
    }
}
