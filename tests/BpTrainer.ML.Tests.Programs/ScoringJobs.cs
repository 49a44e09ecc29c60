using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests.Programs;

/// <summary>Scoring with ML.NET: models that are loaded or fitted, used once and let go of.</summary>
internal static class ScoringJobs
{
    private const int Features = 5, Rows = 300;

    public static IEnumerable<(string, Func<float[]>)> All()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Data.LoadFromEnumerable(Examples());
        using var saved = new MemoryStream();
        mlContext.Model.Save(Fit(data), data.Schema, saved);
        byte[] model = saved.ToArray();
        yield return ("ML.NET, rows", () => Scores(data, mlContext.Model.Load(new MemoryStream(model), out _)));
        yield return ("ML.NET, a prediction engine", () => Predict(mlContext, mlContext.Model.Load(new MemoryStream(model), out _)));
        yield return ("ML.NET, fitted", () => Scores(data, Fit(data)));
    }

    /// <summary>In a context of its own: each trainer draws its seed from the context.</summary>
    private static ITransformer Fit(IDataView data) =>
        new MLContext(seed: 1).Regression.Trainers.BackPropagation(hiddenLayers: [8], numberOfEpochs: 2).Fit(data);

    private static float[] Scores(IDataView data, ITransformer model) => [.. model.Transform(data).GetColumn<float>("Score")];

    private static float[] Predict(MLContext mlContext, ITransformer model)
    {
        using PredictionEngine<Example, Prediction> engine = mlContext.Model.CreatePredictionEngine<Example, Prediction>(model);
        return [engine.Predict(Examples()[0]).Score];
    }

    private static Example[] Examples()
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, Rows).Select(_ => new Example
        {
            Features = [.. Enumerable.Range(0, Features).Select(_ => random.NextSingle())],
            Label = random.NextSingle(),
        })];
    }

    private sealed class Example
    {
        [VectorType(ScoringJobs.Features)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
