using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace BpTrainer.Examples.Serving;

/// <summary>Predicts with the pipeline in a file, and loads it again when the file changes.</summary>
/// <remarks>
/// A prediction engine serves one thread at a time, so every prediction takes one from a pool. A new pipeline comes with a pool of its own:
/// predictions that have begun end on the old one. A file that cannot be loaded, because it is only half written, leaves the old pipeline
/// in
/// place and is tried again.
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
    /// <param name="log">Hears of every pipeline that is taken up, and of files that cannot be loaded.</param>
    public ServedModel(string path, ILogger<ServedModel> log)
    {
        _path = path;
        _log = log;
        _loaded = Stamp();
        _engines = Load();
    }

    /// <summary>Predicts one row; any number of threads may call this at once.</summary>
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

    /// <summary>Looks at the file twice a second until the application stops.</summary>
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
            _log.LogInformation("Took up the new pipeline in {Path}.", _path);
        }
        catch (Exception e)
        {
            // Whatever is wrong with the new file, requests go on.
            _log.LogWarning(e, "The pipeline in {Path} cannot be loaded yet; the old one stays.", _path);
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
