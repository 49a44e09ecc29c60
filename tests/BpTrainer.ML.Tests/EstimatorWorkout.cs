using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// What ML.NET asks of every estimator, as the tests of its own repository do (TestEstimatorCore): our models and a built-in
/// trainer of every task must meet the same.
/// </summary>
public class EstimatorWorkout
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>A trainer that works out.</summary>
    public sealed record Candidate(
        string Name, Func<MLContext, IDataView> Load, Func<MLContext, IEstimator<ITransformer>> Create, string Label)
    {
        public override string ToString() => Name;
    }

    public static TheoryData<Candidate> Candidates
    {
        get
        {
            var candidates = new TheoryData<Candidate>();
            foreach (TaskCase task in new[] { TaskCase.Regression, TaskCase.Binary, TaskCase.Multiclass })
            {
                candidates.Add(new Candidate($"{task} ours", task.Load, task.Ours, "Label"));
                candidates.Add(new Candidate($"{task} built in", task.Load, task.BuiltIn, "Label"));
            }

            candidates.Add(new Candidate("SeveralOutputs ours", TaskCase.SeveralOutputs.Load, TaskCase.SeveralOutputs.Ours, "Labels"));
            candidates.Add(new Candidate("SeveralLabels ours", TaskCase.SeveralLabels.Load, TaskCase.SeveralLabels.Ours, "Labels"));
            candidates.Add(new Candidate("Encoder ours", TaskCase.Encoder.Load, TaskCase.Encoder.Ours, "Label"));
            return candidates;
        }
    }

    [Theory]
    [MemberData(nameof(Candidates))]
    public void TheEstimatorPromisesTheSchemaThatItDelivers(Candidate candidate)
    {
        IDataView data = candidate.Load(_ml);
        IEstimator<ITransformer> estimator = candidate.Create(_ml);
        AssertSameShape(estimator.GetOutputSchema(data.Schema.ToShape()), estimator.Fit(data).GetOutputSchema(data.Schema));
    }

    [Theory]
    [MemberData(nameof(Candidates))]
    public void TheTransformerDeliversTheSchemaThatItPromises(Candidate candidate)
    {
        IDataView data = candidate.Load(_ml);
        ITransformer transformer = candidate.Create(_ml).Fit(data);
        Assert.Equal(SchemaText.Of(transformer.GetOutputSchema(data.Schema)), SchemaText.Of(transformer.Transform(data).Schema));

        // And so does its mapper of single rows.
        Assert.True(transformer.IsRowToRowMapper);
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(data.Schema);
        Assert.Equal(SchemaText.Of(transformer.Transform(data).Schema), SchemaText.Of(mapper.OutputSchema));
        Assert.Equal(data.Schema, mapper.InputSchema);
    }

    [Theory]
    [MemberData(nameof(Candidates))]
    public void ASavedTransformerIsTheSame(Candidate candidate)
    {
        IDataView data = candidate.Load(_ml);
        ITransformer transformer = candidate.Create(_ml).Fit(data);
        IDataView loaded = transformer.SaveAndLoad(data.Schema).Transform(data);
        Assert.Equal(SchemaText.Of(transformer.Transform(data).Schema), SchemaText.Of(loaded.Schema));
        DataViews.AssertSameBits(transformer.Transform(data).Scores(), loaded.Scores());
    }

    [Theory]
    [MemberData(nameof(Candidates))]
    public void WrongColumnsAreRefused(Candidate candidate)
    {
        IDataView data = candidate.Load(_ml);
        IEstimator<ITransformer> estimator = candidate.Create(_ml);
        ITransformer transformer = estimator.Fit(data);
        IDataView[] wrong =
        [
            TestData.Prepare(data, _ml.Transforms.DropColumns("Features")),
            TestData.Prepare(data, _ml.Transforms.Conversion.ConvertType("Features", outputKind: DataKind.Double)),
            TestData.Prepare(data, _ml.Transforms.Conversion.ConvertType("Features", outputKind: DataKind.String)),
        ];
        Assert.All(wrong, view =>
        {
            AssertNames("Features", () => estimator.GetOutputSchema(view.Schema.ToShape()));
            AssertNames("Features", () => estimator.Fit(view));
            AssertNames("Features", () => transformer.GetOutputSchema(view.Schema));
        });

        IDataView without = TestData.Prepare(data, _ml.Transforms.DropColumns(candidate.Label));
        AssertNames(candidate.Label, () => estimator.GetOutputSchema(without.Schema.ToShape()));
        AssertNames(candidate.Label, () => estimator.Fit(without));

        // A transformer predicts, so it needs no label.
        DataViews.AssertSameBits(transformer.Transform(data).Scores(), transformer.Transform(without).Scores());
    }

    [Theory]
    [MemberData(nameof(Candidates))]
    public void TransformReadsNothingBeforeACursorDoes(Candidate candidate)
    {
        IDataView data = candidate.Load(_ml);
        ITransformer transformer = candidate.Create(_ml).Fit(data);
        var counted = new CountingView(data);
        IDataView scored = transformer.Transform(counted);
        _ = scored.Schema;
        _ = transformer.GetOutputSchema(counted.Schema);
        Assert.Equal(0, counted.Cursors);
        Assert.NotEmpty(scored.Scores());
        Assert.True(counted.Cursors > 0);
    }

    private static void AssertNames(string column, Action act)
    {
        Exception error = Assert.ThrowsAny<Exception>(act);
        Assert.True(error is ArgumentException or InvalidOperationException, error.ToString());
        Assert.Contains(column, error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Every column that was promised is there, of that kind and type, with the annotations that were promised; and no other.
    /// </summary>
    private static void AssertSameShape(SchemaShape promised, DataViewSchema delivered)
    {
        SchemaShape real = delivered.ToShape();
        Assert.Equal(promised.Select(column => column.Name).Order(), real.Select(column => column.Name).Distinct().Order());
        foreach (SchemaShape.Column column in promised)
        {
            SchemaShape.Column actual = real.Last(c => c.Name == column.Name);
            Assert.Equal(
                (column.Name, column.Kind, column.ItemType, column.IsKey), (actual.Name, actual.Kind, actual.ItemType, actual.IsKey));
            Assert.Empty(column.Annotations.Select(a => a.Name).Except(actual.Annotations.Select(a => a.Name)));
        }
    }

    /// <summary>Passes a view on and counts the cursors over it.</summary>
    private sealed class CountingView(IDataView source) : IDataView
    {
        public int Cursors { get; private set; }

        public bool CanShuffle => source.CanShuffle;

        public DataViewSchema Schema => source.Schema;

        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            Cursors++;
            return source.GetRowCursor(columnsNeeded, rand);
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        {
            Cursors++;
            return source.GetRowCursorSet(columnsNeeded, n, rand);
        }
    }
}
