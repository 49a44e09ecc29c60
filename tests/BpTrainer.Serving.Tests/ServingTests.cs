using System.Net;
using System.Net.Http.Json;
using BpTrainer.Examples.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Serving.Tests;

/// <summary>Real requests over loopback to the example that serves a saved model.</summary>
public sealed class ServingTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bptrainer-serving-").FullName;
    private readonly MLContext _ml = new(seed: 1);
    private readonly HttpClient _client = new();
    private IDataView _data = null!;
    private ITransformer _model = null!;
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        _data = _ml.Data.LoadFromTextFile(
            Path.Combine(AppContext.BaseDirectory, "data", "iris.csv"),
            [new TextLoader.Column("Features", DataKind.Single, 0, 3), new TextLoader.Column("Species", DataKind.String, 4)],
            separatorChar: ',',
            hasHeader: true);
        _model = _ml.Transforms.Conversion.MapValueToKey("Label", "Species")
            .Append(_ml.MulticlassClassification.Trainers.BackPropagation(numberOfEpochs: 30))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(_data);

        string file = Path.Combine(_folder, "iris.zip");
        _ml.Model.Save(_model, _data.Schema, file);

        _app = Server.Build(file, "--urls", "http://127.0.0.1:0");
        await _app.StartAsync();
        _client.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ManyRequestsAtOnceGetTheSamePredictionsAsThePipeline()
    {
        IDataView scored = _model.Transform(_data);
        string[] labels = [.. scored.GetColumn<string>("PredictedLabel")];
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        float[][] features = [.. _data.GetColumn<float[]>("Features")];

        Prediction[] answers = await Task.WhenAll(features.Select(Predict));
        for (int row = 0; row < features.Length; row++)
        {
            Assert.Equal(labels[row], answers[row].PredictedLabel);
            Assert.Equal(3, answers[row].Score.Length);
            Assert.All(scores[row].Zip(answers[row].Score), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public async Task AWrongNumberOfFeaturesIsABadRequest()
    {
        HttpResponseMessage answer = await _client.PostAsJsonAsync("/predict", new { features = new[] { 1f, 2f } });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("must be 4 features, but there are 2", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<Prediction> Predict(float[] features)
    {
        HttpResponseMessage answer = await _client.PostAsJsonAsync("/predict", new { features });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<Prediction>())!;
    }
}
