namespace BpTrainer.Examples.Serving;

/// <summary>Serves a saved pipeline over HTTP.</summary>
internal static class Server
{
    private const int Features = 4;

    /// <summary>Builds the web application.</summary>
    /// <param name="model">The file of the pipeline; it is reloaded when it changes.</param>
    /// <param name="args">Arguments of the web host, such as --urls.</param>
    public static WebApplication Build(string model, params string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<ServedModel>(services, Path.GetFullPath(model)));
        builder.Services.AddHostedService(services => services.GetRequiredService<ServedModel>());

        WebApplication app = builder.Build();
        app.MapPost("/predict", (Flower flower, ServedModel served) => flower.Features.Length == Features
            ? Results.Ok(served.Predict(flower))
            : Results.BadRequest($"There must be {Features} features, not {flower.Features.Length}."));
        return app;
    }
}
