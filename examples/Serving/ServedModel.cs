using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace BpTrainer.Examples.Serving;

/// <summary>Predicts with the pipeline in a file, and reloads it when the file changes.</summary>
/// <remarks>
/// A prediction engine serves one thread at a time, so every prediction takes one from a pool. A new pipeline has its own pool; predictions
/// that have started end on the old one. If a file cannot be loaded, for example because it is only half written, the old pipeline stays in
/// use and the file is tried again.
/// </remarks>
internal sealed class ServedModel : BackgroundService
{
    private static readonly TimeSpan s_timeBetweenLooks = TimeSpan.FromSeconds(0.5);

    private readonly string _path;
    private readonly ILogger _log;
    private (DateTime Written, long Length) _loaded;
    private volatile ObjectPool<PredictionEngine<Flower, Prediction>> _engines;

    /// <summary>Loads the pipeline.</summary>
    /// <param name="path">The file, as <c>mlContext.Model.Save</c> writes it.</param>
    /// <param name="log">Where every loaded pipeline and every file that cannot be loaded is logged.</param>
    public ServedModel(string path, ILogger<ServedModel> log)
    {
        _path = path;
        _log = log;
        _loaded = Stamp();
        _engines = Load();
    }

    /// <summary>Predicts one row. May be called from several threads at once.</summary>
    public Prediction Predict(Flower flower)
    {
        ObjectPool<PredictionEngine<Flower, Prediction>> engines = _engines;
        PredictionEngine<Flower, Prediction> engine = engines.Get();
        try
        {
            return engine.Predict(flower);
        }
        finally
        {
            engines.Return(engine);
        }
    }

    /// <summary>Checks the file twice per second until the application stops.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_timeBetweenLooks);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            LoadIfChanged();
        }
    }

    private void LoadIfChanged()
    {
        (DateTime, long) stamp = Stamp();
        if (stamp == _loaded)
        {
            return;
        }

        try
        {
            _engines = Load();
            _loaded = stamp;
            _log.LogInformation("The new pipeline in {Path} was loaded.", _path);
        }
        catch (Exception e)
        {
            // Whatever is wrong with the new file, the application continues to answer requests.
            _log.LogWarning(e, "The pipeline in {Path} cannot be loaded yet; the old one stays in use.", _path);
        }
    }

    private DefaultObjectPool<PredictionEngine<Flower, Prediction>> Load()
    {
        var mlContext = new MLContext();
        using FileStream file = File.OpenRead(_path);
        return new DefaultObjectPool<PredictionEngine<Flower, Prediction>>(new Policy(mlContext, mlContext.Model.Load(file, out _)));
    }

    private (DateTime Written, long Length) Stamp()
    {
        var file = new FileInfo(_path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    private sealed class Policy(MLContext mlContext, ITransformer pipeline) : PooledObjectPolicy<PredictionEngine<Flower, Prediction>>
    {
        public override PredictionEngine<Flower, Prediction> Create() =>
            mlContext.Model.CreatePredictionEngine<Flower, Prediction>(pipeline);

        public override bool Return(PredictionEngine<Flower, Prediction> obj) => true;
    }
}
