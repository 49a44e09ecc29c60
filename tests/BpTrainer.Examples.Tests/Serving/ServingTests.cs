using System.Net;
using System.Net.Http.Json;
using BpTrainer.Examples.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using FlowerPrediction = BpTrainer.Examples.Serving.Prediction;

namespace BpTrainer.Examples.Tests.Serving;

/// <summary>Real requests over loopback to the example that serves a saved model.</summary>
public sealed class ServingTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);
    private readonly HttpClient _client = new(new HttpClientHandler { UseProxy = false });
    private IDataView _data = null!;
    private ITransformer _model = null!;
    private WebApplication _app = null!;

    private string ModelFile => _folder.PathOf("iris.zip");

    public async Task InitializeAsync()
    {
        _data = _ml.Data.LoadFromTextFile(
            Path.Combine(AppContext.BaseDirectory, "data", "iris.csv"),
            [new TextLoader.Column("Features", DataKind.Single, 0, 3), new TextLoader.Column("Species", DataKind.String, 4)],
            separatorChar: ',',
            hasHeader: true);
        _model = Fit(learningRate: 0.03);
        _ml.Model.Save(_model, _data.Schema, ModelFile);
        _app = Server.Build(ModelFile, "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None");
        await _app.StartAsync();
        _client.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task ManyRequestsAtOnceGetTheSamePredictionsAsThePipeline()
    {
        IDataView scored = _model.Transform(_data);
        string[] labels = [.. scored.GetColumn<string>("PredictedLabel")];
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        float[][] features = [.. _data.GetColumn<float[]>("Features")];

        FlowerPrediction[] answers = await Task.WhenAll(features.Select(Predict));
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
        Assert.Contains("must be 4 features, not 2", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANewFileIsTakenUpWithoutLosingARequest()
    {
        ITransformer next = Fit(learningRate: 0.0001);
        float[] features = _data.GetColumn<float[]>("Features").First();
        float before = _model.Transform(_data).GetColumn<float[]>("Score").First()[0];
        float after = next.Transform(_data).GetColumn<float[]>("Score").First()[0];
        Assert.NotEqual(before, after, 1e-2);

        // A file that is not whole yet, then one that is. Four clients ask all the time until each has heard the new model.
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        byte[] whole = Save(next);
        await File.WriteAllBytesAsync(ModelFile, whole[..(whole.Length / 2)]);
        Task<List<float>>[] clients = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => AskUntil(features, after, deadline.Token)))];
        await AskTimes(features, 100);
        await File.WriteAllBytesAsync(ModelFile, whole);

        foreach (List<float> answers in await Task.WhenAll(clients))
        {
            Assert.All(answers[..^1], answer => Assert.Equal(before, answer, 1e-5));
            Assert.Equal(after, answers[^1], 1e-5);
        }
    }

    /// <summary>Asks until the answer is the one wanted; the answers, that one last.</summary>
    private async Task<List<float>> AskUntil(float[] features, float wanted, CancellationToken deadline)
    {
        var answers = new List<float>();
        do
        {
            deadline.ThrowIfCancellationRequested();
            answers.Add((await Predict(features)).Score[0]);
        }
        while (Math.Abs(answers[^1] - wanted) > 1e-5);
        return answers;
    }

    private async Task AskTimes(float[] features, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await Predict(features);
        }
    }

    private TransformerChain<KeyToValueMappingTransformer> Fit(double learningRate) => _ml.Transforms.Conversion
        .MapValueToKey("Label", "Species")
        .Append(_ml.MulticlassClassification.Trainers.BackPropagation(learningRate: learningRate, numberOfEpochs: 10))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
        .Fit(_data);

    private byte[] Save(ITransformer model)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, _data.Schema, stream);
        return stream.ToArray();
    }

    private async Task<FlowerPrediction> Predict(float[] features)
    {
        HttpResponseMessage answer = await _client.PostAsJsonAsync("/predict", new { features });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<FlowerPrediction>())!;
    }
}
