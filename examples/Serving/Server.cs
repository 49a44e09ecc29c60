using Microsoft.Extensions.ML;

namespace BpTrainer.Examples.Serving;

/// <summary>Serves a saved pipeline over HTTP.</summary>
internal static class Server
{
    private const int Features = 4;

    /// <summary>Builds the web application.</summary>
    /// <param name="model">The file of the pipeline; when it changes, the pool loads it anew.</param>
    /// <param name="args">Arguments of the web host, such as --urls.</param>
    public static WebApplication Build(string model, params string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

        // A PredictionEngine serves one thread at a time; the pool hands every request one that is free.
        builder.Services.AddPredictionEnginePool<Flower, Prediction>().FromFile(Path.GetFullPath(model), watchForChanges: true);

        WebApplication app = builder.Build();
        app.MapPost("/predict", (Flower flower, PredictionEnginePool<Flower, Prediction> pool) => flower.Features.Length == Features
            ? Results.Ok(pool.Predict(flower))
            : Results.BadRequest($"There must be {Features} features, but there are {flower.Features.Length}."));
        return app;
    }
}
