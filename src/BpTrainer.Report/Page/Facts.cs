using System.Collections;
using System.Globalization;
using System.Reflection;
using BpTrainer.ML;
using BpTrainer.Report.Drawing;
using BpTrainer.Report.Predictions;

namespace BpTrainer.Report.Page;

/// <summary>Facts about options and data, as lines of a table.</summary>
internal static class Facts
{
    /// <summary>The options, those that differ from the defaults first.</summary>
    public static IReadOnlyList<(string Name, string Value, bool IsChanged)> Of(BackPropagationOptions options)
    {
        Type type = options.GetType();
        object defaults = Activator.CreateInstance(type)!;
        return
        [
            .. type.GetFields(BindingFlags.Public | BindingFlags.Instance)
                .Where(field => field.FieldType != typeof(CancellationToken))
                .Select(field =>
                {
                    object? value = field.GetValue(options), usual = field.GetValue(defaults);
                    return (field.Name, Text(value), IsChanged: Text(value) != Text(usual));
                })
                .OrderByDescending(option => option.IsChanged),
        ];
    }

    /// <summary>The labels of test rows.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(ScoredRows rows)
    {
        List<(string, string)> facts = [("Rows", NumberText.Count(rows.Count))];
        if (rows.LeftOut > 0)
        {
            facts.Add(("Rows left out, without a label or a score", NumberText.Count(rows.LeftOut)));
        }

        facts.AddRange(rows is RegressionRows regression ? Numbers(regression.Actual) : Classes((ClassRows)rows));
        return facts;
    }

    /// <summary>The labels of training data, which are read once.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(IDataView data, string label)
    {
        if (data.Schema.GetColumnOrNull(label) is not { } column)
        {
            return [("Label", $"no column '{label}'")];
        }

        switch (column.Type)
        {
            case NumberDataViewType { RawType: var type } when type == typeof(float):
                double[] numbers = [.. data.GetColumn<float>(column).Select(value => (double)value)];
                return [("Rows", NumberText.Count(numbers.Length)), .. Numbers([.. numbers.Where(double.IsFinite)])];
            case BooleanDataViewType:
                bool[] labels = [.. data.GetColumn<bool>(column)];
                int positive = labels.Count(value => value);
                return [("Rows", NumberText.Count(labels.Length)), Share("true", positive, labels.Length), Share("false", labels.Length - positive, labels.Length)];
            default:
                long rows = 0;
                using (DataViewRowCursor cursor = data.GetRowCursor([column]))
                {
                    while (cursor.MoveNext())
                    {
                        rows++;
                    }
                }

                return [("Rows", NumberText.Count(rows)), ("Label", $"{column.Type}")];
        }
    }

    private static IEnumerable<(string, string)> Numbers(IReadOnlyList<double> labels)
    {
        if (labels.Count == 0)
        {
            yield break;
        }

        double mean = labels.Average();
        yield return ("Label, mean", NumberText.Of(mean));
        yield return ("Label, standard deviation", NumberText.Of(Math.Sqrt(labels.Average(label => (label - mean) * (label - mean)))));
        yield return ("Label, from", NumberText.Of(labels.Min()));
        yield return ("Label, to", NumberText.Of(labels.Max()));
    }

    private static IEnumerable<(string, string)> Classes(ClassRows rows)
    {
        const int Most = 10;
        var counts = rows.Actual.CountBy(actual => actual).OrderByDescending(pair => pair.Value).ToArray();
        foreach ((int actual, int count) in counts.Take(Most))
        {
            yield return Share(rows.Classes[actual], count, rows.Count);
        }

        if (counts.Length > Most)
        {
            yield return ("Other classes", NumberText.Count(counts.Length - Most));
        }
    }

    private static (string, string) Share(string name, int count, int all) =>
        ($"Label {name}", $"{NumberText.Count(count)} ({NumberText.Percent(count / (double)all)})");

    private static string Text(object? value) => value switch
    {
        null => "by default",
        string text => text,
        Delegate => "set",
        IDataView => "given",
        ITransformer => "given",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list when list.GetType().IsArray => string.Join(", ", list.Cast<object?>().Select(Text)),
        _ => value.ToString() ?? "",
    };
}
