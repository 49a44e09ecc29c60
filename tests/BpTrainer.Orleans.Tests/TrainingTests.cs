using System.Globalization;
using System.Security.Cryptography;
using BpTrainer.ML;

namespace BpTrainer.Orleans.Tests;

/// <summary>Trainings on a cluster give the network of a training on one machine, bit for bit, whatever becomes of the workers.</summary>
[Collection(nameof(TestCluster))]
public sealed class TrainingTests : IDisposable
{
    private const int Files = 4, Rows = 1_500, Inputs = 6, Epochs = 6;

    private readonly TestCluster _test;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bptrainer-");

    public TrainingTests(TestCluster test)
    {
        _test = test;
        for (int file = 0; file < Files; file++)
        {
            WriteRows(file);
        }
    }

    [Fact]
    public void AWorkerIsKilledAfterTheSecondEpoch()
    {
        BpCluster cluster = _test.WithThreeWorkers();
        string victim = cluster.Workers[1];
        string hash = Train(Optimizer.AdaptiveMomentum(), cluster, epoch =>
        {
            if (epoch == 2)
            {
                _test.Kill(victim);
            }
        });

        Assert.Contains(_test.Log, line => line.StartsWith($"Worker '{victim}' does not answer", StringComparison.Ordinal));
        Assert.Equal(Train(Optimizer.AdaptiveMomentum(), cluster: null), hash);
    }

    [Fact]
    public void AWorkerThatComesLateTakesThePlaceOfALostOne()
    {
        int port = WorkerProcess.FreePort();
        using BpCluster cluster = BpCluster.Start(new() { Port = port, WorkerTimeout = TestCluster.Patience });
        using var first = new WorkerProcess("first", port, TestCluster.DataFolder);
        WorkerProcess? late = null;
        try
        {
            string hash = Train(Optimizer.Momentum(), cluster, epoch =>
            {
                if (epoch == 2)
                {
                    late = new WorkerProcess("late", port, TestCluster.DataFolder);
                    cluster.WaitForWorkers(2, TestCluster.Patience);
                    first.Kill();
                }
            });
            Assert.Equal(Train(Optimizer.Momentum(), cluster: null), hash);
            Assert.Equal(["late"], cluster.Workers);
        }
        finally
        {
            late?.Dispose();
        }
    }

    [Theory]
    [InlineData("l-bfgs")]
    [InlineData("adam")]
    public void EveryKindOfOptimizerGivesTheSameBits(string name)
    {
        Optimizer optimizer = name == "adam" ? Optimizer.Adam(0.01) : Optimizer.Lbfgs();
        Assert.Equal(Train(optimizer, cluster: null), Train(optimizer, _test.WithThreeWorkers()));
    }

    [Fact]
    public void AWorkerWithoutTheFilesIsRefusedByName()
    {
        BpCluster cluster = _test.WithThreeWorkers();
        using WorkerProcess stranger = _test.Start("stranger-in-training", _folder.FullName);
        cluster.WaitForWorkers(4, TestCluster.Patience);

        // The same file for each shard, by a path that counts from the folder of each worker.
        string[] files = [.. Enumerable.Repeat("iris.csv", Files)];
        BackPropagationRegressionTrainer.Options options = Options(Optimizer.Lbfgs());
        (options.Cluster, options.Shards) = (cluster, Files);
        var mlContext = new MLContext(seed: 1);
        mlContext.Regression.Trainers.BackPropagation(options).Fit(Loader(mlContext, inputs: 3, hasHeader: true), steps: null, files);
        Assert.Contains(_test.Log, line =>
            line.StartsWith("Worker 'stranger-in-training' is refused for the training: ", StringComparison.Ordinal)
            && line.Contains("iris.csv", StringComparison.Ordinal));
    }

    [Fact]
    public void AFaultOfTheRowsNamesTheWorker()
    {
        File.WriteAllText(FileOf(2), "no,numbers,in,this,file,at,all\n");
        var error = Assert.Throws<InvalidOperationException>(() => Train(Optimizer.Lbfgs(), _test.WithThreeWorkers()));
        Assert.Matches("^Worker 'w[0-9]+': .*part-2", error.Message);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Trains and gives the hash of the network.</summary>
    private string Train(Optimizer optimizer, BpCluster? cluster, Action<int>? onEpoch = null)
    {
        BackPropagationRegressionTrainer.Options options = Options(optimizer);
        (options.Cluster, options.Shards) = (cluster, Files);
        options.OnEpoch = onEpoch is null ? null : progress => onEpoch(progress.Epoch.Epoch);
        var mlContext = new MLContext(seed: 1);
        string[] files = [.. Enumerable.Range(0, Files).Select(FileOf)];
        BackPropagationRegressionModelParameters model = mlContext.Regression.Trainers.BackPropagation(options)
            .Fit(Loader(mlContext, Inputs, hasHeader: false), steps: null, files).Model;
        Assert.Equal(Epochs, model.History.Count);
        using var network = new MemoryStream();
        model.Network.Save(network);
        return Convert.ToHexString(SHA256.HashData(network.ToArray()));
    }

    private static BackPropagationRegressionTrainer.Options Options(Optimizer optimizer) => new(Preset.Classic)
    {
        Optimizer = optimizer,
        HiddenLayers = [12],
        NumberOfEpochs = Epochs,
        BatchSize = optimizer.IsFullBatchOnly ? null : 2_000,
        Seed = 1,
    };

    private static TextLoader Loader(MLContext mlContext, int inputs, bool hasHeader) => mlContext.Data.CreateTextLoader(
        [new TextLoader.Column("Features", DataKind.Single, 0, inputs - 1), new TextLoader.Column("Label", DataKind.Single, inputs)],
        separatorChar: ',',
        hasHeader: hasHeader);

    private string FileOf(int file) => Path.Combine(_folder.FullName, $"part-{file}.csv");

    private void WriteRows(int file)
    {
        var random = new Random(file);
        File.WriteAllLines(FileOf(file), Enumerable.Range(0, Rows).Select(_ =>
        {
            float[] row = [.. Enumerable.Range(0, Inputs).Select(_ => random.NextSingle())];
            float label = MathF.Sin(5 * row[0]) + (row[1] * row[2]);
            return string.Join(',', row.Append(label).Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
        }));
    }
}
