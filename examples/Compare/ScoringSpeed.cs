using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Compare;

/// <summary>Measures how fast a trained model scores rows in memory, with one cursor.</summary>
internal static class ScoringSpeed
{
    private static readonly TimeSpan s_atLeast = TimeSpan.FromMilliseconds(20);

    /// <summary>Scores the view once to warm up, then repeatedly until enough time has passed.</summary>
    public static double RowsPerSecond(ITransformer model, IDataView view)
    {
        IDataView scored = model.Transform(view);
        ReadScores(scored);

        long rows = 0;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < s_atLeast)
            rows += ReadScores(scored);
        return rows / clock.Elapsed.TotalSeconds;
    }

    private static long ReadScores(IDataView scored)
    {
        DataViewSchema.Column score = scored.Schema["Score"];
        return score.Type is VectorDataViewType ? Read<VBuffer<float>>(scored, score) : Read<float>(scored, score);
    }

    private static long Read<T>(IDataView scored, DataViewSchema.Column score)
    {
        using DataViewRowCursor cursor = scored.GetRowCursor([score]);
        ValueGetter<T> read = cursor.GetGetter<T>(score);
        T value = default!;
        long rows = 0;
        while (cursor.MoveNext())
        {
            read(ref value);
            rows++;
        }
        return rows;
    }
}
