using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Real data of which features were taken away.</summary>
internal static class Gaps
{
    /// <summary>The columns Label and Features, with NaN for the given share of the features, drawn from a seed.</summary>
    public static IDataView Draw(MLContext ml, IDataView data, double share, int seed = 1)
    {
        var random = new Random(seed);
        return Make(ml, data, (_, _) => random.NextDouble() < share);
    }

    /// <summary>The columns Label and Features, with NaN for every seventh feature, but never for feature 1.</summary>
    public static IDataView MakeRegular(MLContext ml, IDataView data) => Make(ml, data, (row, c) => c != 1 && (row + (3 * c)) % 7 == 0);

    /// <summary>
    /// The columns Label and Features, with NaN for every feature of which <paramref name="isMissing"/>(row, feature) says so.
    /// </summary>
    public static IDataView Make(MLContext ml, IDataView data, Func<int, int, bool> isMissing) => data.Schema["Label"].Type.RawType switch
    {
        Type type when type == typeof(float) => Make<float>(ml, data, isMissing),
        Type type when type == typeof(bool) => Make<bool>(ml, data, isMissing),
        // A key counts from 1 in a data view, but from 0 in a field that becomes one.
        _ => Make<uint>(ml, data, isMissing, key => key - 1),
    };

    private static IDataView Make<TLabel>(
        MLContext ml, IDataView data, Func<int, int, bool> isMissing, Func<TLabel, TLabel>? convert = null)
    {
        float[][] features = data.Vectors("Features");
        Sample<TLabel>[] samples = [.. features.Zip(data.Values<TLabel>("Label"), (x, label) => new Sample<TLabel>
        {
            Features = x,
            Label = convert is null ? label : convert(label),
        })];
        for (int row = 0; row < features.Length; row++)
        {
            for (int c = 0; c < features[row].Length; c++)
            {
                features[row][c] = isMissing(row, c) ? float.NaN : features[row][c];
            }
        }

        var schema = SchemaDefinition.Create(typeof(Sample<TLabel>));
        schema["Features"].ColumnType = data.Schema["Features"].Type;
        schema["Label"].ColumnType = data.Schema["Label"].Type;
        return ml.Data.LoadFromEnumerable(samples, schema);
    }

    private sealed class Sample<TLabel>
    {
        public TLabel Label { get; set; } = default!;

        public float[] Features { get; set; } = [];
    }
}
