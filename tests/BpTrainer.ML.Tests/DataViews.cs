using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Reads columns of data views into plain arrays.</summary>
internal static class DataViews
{
    /// <summary>The Score column, a vector a row.</summary>
    public static float[][] Scores(this IDataView scored, Random? order = null)
    {
        DataViewSchema.Column column = scored.Schema["Score"];
        using DataViewRowCursor cursor = scored.GetRowCursor([column], order);
        return ReadScores(cursor, column);
    }

    public static float[][] ReadScores(DataViewRowCursor cursor, DataViewSchema.Column column) =>
        column.Type is VectorDataViewType
            ? ReadAll<VBuffer<float>, float[]>(cursor, column, v => v.DenseValues().ToArray())
            : ReadAll<float, float[]>(cursor, column, v => [v]);

    /// <summary>The Score column, one row at a time.</summary>
    public static float[][] SingleRowScores(ITransformer model, IDataView data)
    {
        // The row mapper is what PredictionEngine uses: ML.NET's own scorer, a row at a time.
        DataViewSchema output = model.GetOutputSchema(data.Schema);
        IRowToRowMapper mapper = model.GetRowToRowMapper(data.Schema);
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        using DataViewRow row = mapper.GetRow(cursor, [output["Score"]]);
        var scores = new List<float[]>();
        bool isVector = output["Score"].Type is VectorDataViewType;
        ValueGetter<VBuffer<float>>? vector = isVector ? row.GetGetter<VBuffer<float>>(row.Schema["Score"]) : null;
        ValueGetter<float>? number = isVector ? null : row.GetGetter<float>(row.Schema["Score"]);
        while (cursor.MoveNext())
        {
            VBuffer<float> many = default;
            float one = 0;
            vector?.Invoke(ref many);
            number?.Invoke(ref one);
            scores.Add(isVector ? many.DenseValues().ToArray() : [one]);
        }

        return [.. scores];
    }

    /// <summary>A column of vectors of numbers, dense.</summary>
    public static float[][] Vectors(this IDataView data, string column) =>
        [.. data.Values<VBuffer<float>>(column).Select(row => row.DenseValues().ToArray())];

    /// <summary>A column of single values or of vectors: the values of each row, texts as <see cref="string"/>.</summary>
    public static object[][] Rows(this IDataView data, string column)
    {
        DataViewType type = data.Schema[column].Type;
        Type item = type is VectorDataViewType vector ? vector.ItemType.RawType : type.RawType;
        return item == typeof(float) ? data.Rows<float>(column)
            : item == typeof(uint) ? data.Rows<uint>(column)
            : item == typeof(bool) ? data.Rows<bool>(column)
            : [.. data.Rows<ReadOnlyMemory<char>>(column).Select(row => row.Select(text => text.ToString()!).ToArray())];
    }

    private static object[][] Rows<T>(this IDataView data, string column) => data.Schema[column].Type is VectorDataViewType
        ? [.. data.Values<VBuffer<T>>(column).Select(row => row.DenseValues().Cast<object>().ToArray())]
        : [.. data.Values<T>(column).Select(value => new object[] { value! })];

    public static T[] Values<T>(this IDataView data, string column)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema[column]]);
        return ReadAll<T, T>(cursor, data.Schema[column], v => v);
    }

    private static TResult[] ReadAll<TValue, TResult>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<TValue, TResult> keep)
    {
        ValueGetter<TValue> read = cursor.GetGetter<TValue>(column);
        var all = new List<TResult>();
        while (cursor.MoveNext())
        {
            TValue value = default!;
            read(ref value);
            all.Add(keep(value));
        }

        return [.. all];
    }

    public static void AssertSameBits(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.Equal(expected[row].Select(BitConverter.SingleToInt32Bits), actual[row].Select(BitConverter.SingleToInt32Bits));
        }
    }

    /// <summary>Scaled tolerance: |expected − actual| is at most tolerance × max(1, |expected|).</summary>
    public static void AssertClose(float[][] expected, float[][] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.Equal(expected[row].Length, actual[row].Length);
            for (int i = 0; i < expected[row].Length; i++)
            {
                Assert.True(Math.Abs(expected[row][i] - actual[row][i]) <= tolerance * Math.Max(1, Math.Abs(expected[row][i])),
                    $"row {row}, score {i}: expected {expected[row][i]:R}, got {actual[row][i]:R}");
            }
        }
    }
}
