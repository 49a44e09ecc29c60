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

    /// <summary>Facts about the labels of test rows.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(ScoredRows rows)
    {
        IEnumerable<(string, string)> labels = rows is RegressionRows regression
            ? [("Rows", NumberText.Count(rows.Count)), .. Numbers(regression.Actual)]
            : Classes([.. ((ClassRows)rows).Actual.Select(actual => ((ClassRows)rows).Classes[actual])]);
        return rows.LeftOut == 0
            ? [.. labels]
            : [.. labels, ("Rows left out, without a label or a score", NumberText.Count(rows.LeftOut))];
    }

    /// <summary>Facts about the labels of training data; the data is read once.</summary>
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
                return Classes([.. data.GetColumn<bool>(column).Select(value => value ? "true" : "false")]);
            case TextDataViewType:
                return Classes([.. data.GetColumn<string>(column)]);
            case KeyDataViewType:
                string[] names = ScoredReader.ClassNames(column);
                return Classes([.. ScoredReader.Keys(data, label).Select(key => names.ElementAtOrDefault((int)key - 1) ?? "missing")]);
            default:
                return [("Label", $"{column.Type}")];
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

    private static IReadOnlyList<(string, string)> Classes(IReadOnlyList<string> labels)
    {
        const int Most = 10;
        var counts = labels.CountBy(label => label).OrderByDescending(pair => pair.Value).ToArray();
        List<(string, string)> facts = [("Rows", NumberText.Count(labels.Count))];
        facts.AddRange(counts.Take(Most).Select(pair => (
            $"Label {pair.Key}", $"{NumberText.Count(pair.Value)} ({NumberText.Percent(pair.Value / (double)labels.Count)})")));
        if (counts.Length > Most)
        {
            facts.Add(("Other classes", NumberText.Count(counts.Length - Most)));
        }

        return facts;
    }

    private static string Text(object? value) => value switch
    {
        null => "default",
        string text => text,
        Delegate => "set",
        IDataView => "given",
        ITransformer => "given",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list when list.GetType().IsArray => string.Join(", ", list.Cast<object?>().Select(Text)),
        _ => value.ToString() ?? "",
    };
}
