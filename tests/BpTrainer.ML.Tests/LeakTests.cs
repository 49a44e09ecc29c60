using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Who trains and predicts for days needs no more memory than who does it once.</summary>
public class LeakTests
{
    private const int Fits = 6;

    /// <summary>What the runtime itself may make on a thread, now and then.</summary>
    private const int RuntimeBytes = 1000;

    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string, Func<MLContext, IEstimator<ITransformer>>> Trainers => new()
    {
        {
            "Ensemble", ml => ml.Regression.Trainers.BackPropagation(
                new BackPropagationRegressionTrainer.Options(Preset.Fast) { NumberOfEpochs = 3, Ensemble = 2, KeepOptimizerState = true })
        },
        { "Streamed", ml => ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast) { NumberOfEpochs = 3, MaximumMemory = 10_000 }) },
        { "Binary", ml => ml.BinaryClassification.Trainers.BackPropagation(
            new BackPropagationBinaryTrainer.Options(Preset.Fast) { LabelColumnName = "Flag", NumberOfEpochs = 3 }) },
    };

    [Theory]
    [MemberData(nameof(Trainers))]
    public void NothingKeepsAModelThatNobodyRefersTo(string kind, Func<MLContext, IEstimator<ITransformer>> trainer)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows());
        WeakReference[] left = [.. Enumerable.Range(0, Fits).SelectMany(_ => FitScoreAndPredict(trainer(_ml), data))];
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.All(left, reference => Assert.False(reference.IsAlive, kind));
    }

    // What a prediction adds to would grow, and take more memory now and then.
    [Theory]
    [MemberData(nameof(Trainers))]
    public void EveryPredictionAllocatesAsMuch(string kind, Func<MLContext, IEstimator<ITransformer>> trainer)
    {
        Row[] rows = Rows();
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        using PredictionEngine<Row, Prediction> engine =
            _ml.Model.CreatePredictionEngine<Row, Prediction>(trainer(_ml).Fit(data), data.Schema);
        var prediction = new Prediction();
        BytesOfPredictions();
        long[] bytes = [.. Enumerable.Range(0, 40).Select(_ => BytesOfPredictions())];
        Assert.True(bytes.Max() - bytes.Min() < RuntimeBytes, $"{kind}: {string.Join(' ', bytes)}");

        long BytesOfPredictions()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (Row row in rows)
            {
                engine.Predict(row, ref prediction);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>Uses a model in every way, and gives references that do not keep it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference[] FitScoreAndPredict(IEstimator<ITransformer> trainer, IDataView data)
    {
        ITransformer model = trainer.Fit(data);
        Assert.All(model.Transform(data).GetColumn<float>("Score"), score => Assert.True(float.IsFinite(score)));
        PredictionEngine<Row, Prediction> engine = _ml.Model.CreatePredictionEngine<Row, Prediction>(model, data.Schema);
        Assert.True(float.IsFinite(engine.Predict(new Row { Features = new float[10] }).Score));
        object inner = ((ISingleFeaturePredictionTransformer<object>)model).Model;
        return [new(trainer), new(model), new(inner), new(engine)];
    }

    private static Row[] Rows()
    {
        var random = new Random(1);
        Row[] rows =
        [
            .. Enumerable.Range(0, 250).Select(_ => new Row { Features = [.. Enumerable.Range(0, 10).Select(_ => random.NextSingle())] })
        ];
        foreach (Row row in rows)
        {
            row.Label = row.Features.Sum();
            row.Flag = row.Label > 5;
        }

        return rows;
    }

    /// <summary>A row to learn and to predict from.</summary>
    private sealed class Row
    {
        [VectorType(10)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public bool Flag { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
