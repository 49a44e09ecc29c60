using System.Globalization;

namespace BpTrainer.Report.Predictions;

/// <summary>Reads predictions from a data view; its columns determine the kind of the predictions.</summary>
internal static class ScoredReader
{
    private const string Score = "Score";
    private const string Probability = "Probability";
    private const string PredictedLabel = "PredictedLabel";

    /// <summary>The predictions of each output, with the name of the output; a single output without a name, unless labels are
    /// vectors.</summary>
    /// <exception cref="ArgumentException">The columns are not those of predictions.</exception>
    public static IReadOnlyList<(string Output, ScoredRows Rows)> Read(IDataView scored, string label, string? feature)
    {
        DataViewSchema schema = scored.Schema;
        DataViewType labelType = Column(schema, label).Type, scoreType = Column(schema, Score).Type;
        return (labelType, scoreType) switch
        {
            (BooleanDataViewType, NumberDataViewType) => [("", Binary(scored, label))],
            (KeyDataViewType, VectorDataViewType) => [("", Multiclass(scored, label))],
            (NumberDataViewType, NumberDataViewType) => [("", Regression(scored, label, feature))],
            (VectorDataViewType { ItemType: BooleanDataViewType }, VectorDataViewType) => MultiLabel(scored, label),
            (VectorDataViewType, VectorDataViewType) => MultiOutput(scored, label),
            _ => throw new ArgumentException(
                $"The label column '{label}' is {labelType} and '{Score}' is {scoreType}; " +
                "a report supports numbers, Booleans, keys, and vectors of numbers or of Booleans.", nameof(scored)),
        };
    }

    private static DataViewSchema.Column Column(DataViewSchema schema, string name) => schema.GetColumnOrNull(name)
        ?? throw new ArgumentException(
            $"There is no column '{name}' among {string.Join(", ", schema.Select(column => column.Name))}; " +
            "set the name of the label column, and give rows that the model has scored.", nameof(schema));

    private static RegressionRows Regression(IDataView scored, string label, string? feature)
    {
        double[]? features = feature is null ? null : OneFeature(scored, feature);
        return Regression(Numbers(scored, label), Numbers(scored, Score), features);
    }

    private static RegressionRows Regression(double[] actual, double[] predicted, double[]? features)
    {
        int[] kept = [.. Enumerable.Range(0, actual.Length).Where(i => double.IsFinite(actual[i]) && double.IsFinite(predicted[i]))];
        return new RegressionRows(Of(actual), Of(predicted), actual.Length - kept.Length)
        {
            Feature = features is null ? null : Of(features),
        };

        double[] Of(double[] values) => [.. kept.Select(i => values[i])];
    }

    private static ClassRows Binary(IDataView scored, string label)
    {
        bool areProbabilities = scored.Schema.GetColumnOrNull(Probability) is not null;
        return Binary(
            [.. scored.GetColumn<bool>(label)],
            [.. scored.GetColumn<bool>(PredictedLabel)],
            [.. scored.GetColumn<float>(areProbabilities ? Probability : Score)],
            areProbabilities);
    }

    private static ClassRows Binary(bool[] actual, bool[] predicted, float[] scores, bool areProbabilities)
    {
        int[] kept = [.. Enumerable.Range(0, actual.Length).Where(i => float.IsFinite(scores[i]))];
        return new ClassRows(
            ["false", "true"],
            [.. kept.Select(i => actual[i] ? 1 : 0)],
            [.. kept.Select(i => predicted[i] ? 1 : 0)],
            [.. kept.Select(i => new[] { scores[i] })],
            areProbabilities,
            actual.Length - kept.Length);
    }

    private static ClassRows Multiclass(IDataView scored, string label)
    {
        // A key counts from 1; 0 is a missing label.
        uint[] actual = Keys(scored, label), predicted = Keys(scored, PredictedLabel);
        float[][] scores = [.. Vectors(scored, Score)];
        string[] names = ClassNames(scored.Schema[label]);
        int[] kept =
        [
            .. Enumerable.Range(0, actual.Length)
                .Where(i => actual[i] > 0 && predicted[i] > 0 && actual[i] <= names.Length && scores[i].All(float.IsFinite)),
        ];
        return new ClassRows(
            names,
            [.. kept.Select(i => (int)actual[i] - 1)],
            [.. kept.Select(i => (int)predicted[i] - 1)],
            [.. kept.Select(i => scores[i])],
            kept.Take(1000).All(i => scores[i].All(score => score is >= 0 and <= 1)),
            actual.Length - kept.Length);
    }

    private static IReadOnlyList<(string, ScoredRows)> MultiOutput(IDataView scored, string label)
    {
        float[][] actual = [.. Vectors(scored, label)], predicted = [.. Vectors(scored, Score)];
        return
        [
            .. SlotNames(scored.Schema[label]).Select((name, slot) => (name, (ScoredRows)Regression(
                [.. actual.Select(row => (double)row[slot])], [.. predicted.Select(row => (double)row[slot])], features: null))),
        ];
    }

    private static IReadOnlyList<(string, ScoredRows)> MultiLabel(IDataView scored, string label)
    {
        bool[][] actual = [.. Values<bool>(scored, label)], predicted = [.. Values<bool>(scored, PredictedLabel)];
        float[][] probabilities = [.. Vectors(scored, Probability)];
        return
        [
            .. SlotNames(scored.Schema[label]).Select((name, slot) => (name, (ScoredRows)Binary(
                [.. actual.Select(row => row[slot])], [.. predicted.Select(row => row[slot])],
                [.. probabilities.Select(row => row[slot])], areProbabilities: true))),
        ];
    }

    /// <summary>The only feature of each row; null if there are more.</summary>
    private static double[]? OneFeature(IDataView scored, string feature) => scored.Schema.GetColumnOrNull(feature)?.Type switch
    {
        VectorDataViewType { Size: 1, ItemType: NumberDataViewType } => [.. Vectors(scored, feature).Select(row => (double)row[0])],
        NumberDataViewType => Numbers(scored, feature),
        _ => null,
    };

    private static double[] Numbers(IDataView data, string column) => data.Schema[column].Type.RawType == typeof(double)
        ? [.. data.GetColumn<double>(column)]
        : [.. data.GetColumn<float>(column).Select(value => (double)value)];

    private static IEnumerable<float[]> Vectors(IDataView data, string column) => Values<float>(data, column);

    private static IEnumerable<T[]> Values<T>(IDataView data, string column) =>
        data.GetColumn<VBuffer<T>>(column).Select(vector => vector.DenseValues().ToArray());

    /// <summary>The keys of a column, which count from 1; 0 is a missing key.</summary>
    public static uint[] Keys(IDataView data, string column) => data.Schema[column].Type.RawType switch
    {
        Type type when type == typeof(byte) => [.. data.GetColumn<byte>(column).Select(key => (uint)key)],
        Type type when type == typeof(ushort) => [.. data.GetColumn<ushort>(column).Select(key => (uint)key)],
        Type type when type == typeof(ulong) => [.. data.GetColumn<ulong>(column).Select(key => (uint)key)],
        _ => [.. data.GetColumn<uint>(column)],
    };

    /// <summary>The names of the classes of a key column, or their numbers from 1.</summary>
    public static string[] ClassNames(DataViewSchema.Column label)
    {
        int count = (int)((KeyDataViewType)label.Type).Count;
        switch (label.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type)
        {
            case VectorDataViewType { ItemType: TextDataViewType }:
                VBuffer<ReadOnlyMemory<char>> names = default;
                label.GetKeyValues(ref names);
                return [.. names.DenseValues().Select(name => name.ToString())];
            case VectorDataViewType { ItemType: NumberDataViewType { RawType: var type } } when type == typeof(float):
                VBuffer<float> numbers = default;
                label.GetKeyValues(ref numbers);
                return [.. numbers.DenseValues().Select(number => number.ToString(CultureInfo.InvariantCulture))];
            default:
                return [.. Enumerable.Range(1, count).Select(key => $"class {key}")];
        }
    }

    /// <summary>The names of the slots of a vector, or their numbers from 1.</summary>
    public static string[] SlotNames(DataViewSchema.Column column)
    {
        int size = (column.Type as VectorDataViewType)?.Size ?? 1;
        VBuffer<ReadOnlyMemory<char>> names = default;
        if (column.HasSlotNames())
        {
            column.GetSlotNames(ref names);
        }

        string[] given = [.. names.DenseValues().Select(name => name.ToString())];
        return [.. Enumerable.Range(0, size).Select(i => i < given.Length && given[i].Length > 0 ? given[i] : Unnamed(i))];

        string Unnamed(int slot) => size == 1 ? column.Name : $"{column.Name} {slot + 1}";
    }
}
