using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests.Shards;

/// <summary>Training on files in shards: the same model on any machines, and with one shard that of the rows in memory.</summary>
public sealed class FileTrainingTests : IDisposable
{
    private const int Features = 6;
    private readonly string _folder = Directory.CreateTempSubdirectory("shards").FullName;
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Cases =>
    [
        "default", "adaptive momentum", "Adam with dropout", "L-BFGS", "imputed", "groups", "weights", "validation files", "ensemble",
        "growing", "early stopping",
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheMachinesDoNotMatter(string name)
    {
        string[] files = Write(parts: 5), validation = name == "validation files" ? Write(parts: 2, seed: 9) : [];
        var steps = Steps(files);
        float[][] Train(ITrainingCluster? cluster)
        {
            BackPropagationRegressionTrainer.Options options = OptionsOf(name);
            options.Shards = 4;
            options.Cluster = cluster;
            return _ml.Regression.Trainers.BackPropagation(options).Fit(Loader(), steps, files, validation)
                .Transform(steps.Transform(Loader().Load(files))).Scores();
        }

        float[][] here = Train(null);
        var three = new Machines(machines: 3, lostEvery: 7);
        DataViews.AssertSameBits(here, Train(new Machines(machines: 2)));
        DataViews.AssertSameBits(here, Train(three));
        Assert.InRange(three.LargestMessage, 1, 200_000);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("L-BFGS")]
    [InlineData("imputed")]
    [InlineData("weights")]
    [InlineData("early stopping")]
    public void OneShardGivesTheModelOfTheRowsInMemory(string name)
    {
        string[] files = Write(parts: 2);
        var steps = Steps(files);
        var options = OptionsOf(name);
        var expected = _ml.Regression.Trainers.BackPropagation(options).Fit(steps.Transform(Loader().Load(files)));
        var actual = _ml.Regression.Trainers.BackPropagation(options).Fit(Loader(), steps, files);
        Assert.Equal(expected.Model.Network.ToBytes(), actual.Model.Network.ToBytes());
        Assert.Equal(expected.Model.BestEpoch, actual.Model.BestEpoch);
        IDataView data = steps.Transform(Loader().Load(files));
        DataViews.AssertSameBits(expected.Transform(data).Scores(), actual.Transform(data).Scores());
    }

    [Fact]
    public void EveryTaskTrainsOnFiles()
    {
        string[] files = Write(parts: 3);
        ITransformer steps = Steps(files), classes = ClassSteps(files);
        var binary = _ml.BinaryClassification.Trainers.BackPropagation(new BackPropagationBinaryTrainer.Options(Preset.Fast)
        {
            LabelColumnName = "IsPositive",
            Seed = 1,
            Shards = 3,
            NumberOfEpochs = 20,
            ClassWeights = ClassWeights.Balanced,
        }).Fit(Loader(), classes, files);
        IDataView data = classes.Transform(Loader().Load(files));
        Assert.InRange(_ml.BinaryClassification.Evaluate(binary.Transform(data), "IsPositive").Accuracy, 0.8, 1);

        var multiclass = _ml.MulticlassClassification.Trainers.BackPropagation(new BackPropagationMulticlassTrainer.Options(Preset.Fast)
        {
            LabelColumnName = "Sign",
            Seed = 1,
            Shards = 2,
            NumberOfEpochs = 20,
        }).Fit(Loader(), classes, files);
        Assert.InRange(_ml.MulticlassClassification.Evaluate(multiclass.Transform(data), "Sign").MacroAccuracy, 0.7, 1);
        string[] schema = SchemaText.Of(multiclass.GetOutputSchema(data.Schema));
        Assert.Contains(schema, column => column.Contains("negative", StringComparison.Ordinal));

        var regression = _ml.Regression.Trainers.BackPropagation(OptionsOf("default")).Fit(Loader(), steps, files);
        string path = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(new TransformerChain<ITransformer>(steps, regression), Loader(), path);
        ITransformer loaded = _ml.Model.Load(path, out DataViewSchema _);
        IDataView raw = Loader().Load(files);
        DataViews.AssertSameBits(regression.Transform(steps.Transform(raw)).Scores(), loaded.Transform(raw).Scores());
    }

    [Fact]
    public void ALoaderAloneWillDo()
    {
        string[] files = Write(parts: 2);
        var loader = _ml.Data.CreateTextLoader(
            [new TextLoader.Column("Features", DataKind.Single, 0, 2), new TextLoader.Column("Label", DataKind.Single, Features)],
            separatorChar: ',',
            hasHeader: true);
        var options = OptionsOf("default");
        options.Shards = 2;
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(loader, steps: null, files).Model;
        Assert.Equal(3, model.Network.Inputs);
    }

    [Fact]
    public void RowsThatAreLeftOutAreReported()
    {
        string[] files = Write(parts: 2);
        var options = OptionsOf("default");
        options.Shards = 2;
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(Loader(), Steps(files), files).Model;
        Assert.Equal(2, model.Warnings.Count(warning => warning.Text.Contains("rows of the training (", StringComparison.Ordinal)));
    }

    [Fact]
    public void ShardsThatCannotBeTrainedOnAreRefused()
    {
        string[] files = Write(parts: 2);
        ITransformer steps = Steps(files);
        Exception Refused(Action<BackPropagationRegressionTrainer.Options> change, params string[] of)
        {
            BackPropagationRegressionTrainer.Options options = OptionsOf("default");
            change(options);
            return Assert.ThrowsAny<Exception>(
                () => _ml.Regression.Trainers.BackPropagation(options).Fit(Loader(), steps, of.Length > 0 ? of : files));
        }

        Assert.Contains("every shard needs one", Refused(o => o.Shards = 3).Message, StringComparison.Ordinal);
        Assert.Contains("Shards is 0", Refused(o => o.Shards = 0).Message, StringComparison.Ordinal);
        Assert.Contains("not tried on shards", Refused(o => o.HiddenLayers = HiddenLayers.Try([2, 4])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "levenberg-marquardt does not work on shards",
            Refused(o => (o.Optimizer, o.Ensemble) = (Optimizer.LevenbergMarquardt(), 1)).Message, StringComparison.Ordinal);
        Assert.Contains("ValidationRows is Last", Refused(o => o.ValidationRows = ValidationRows.Last).Message, StringComparison.Ordinal);
        Assert.Contains("ValidationData", Refused(o => o.ValidationData = Loader().Load(files)).Message, StringComparison.Ordinal);
        Assert.Contains("MaximumMemory", Refused(o => o.MaximumMemory = 100).Message, StringComparison.Ordinal);

        string empty = Path.Combine(_folder, "empty.csv");
        File.WriteAllText(empty, Header());
        Assert.Contains("empty.csv", Refused(o => o.Shards = 2, files[0], empty).Message, StringComparison.Ordinal);

        BackPropagationRegressionTrainer.Options cut = OptionsOf("default");
        cut.Shards = 2;
        var error = Assert.ThrowsAny<ArgumentException>(
            () => _ml.Regression.Trainers.BackPropagation(cut).Fit(steps.Transform(Loader().Load(files))));
        Assert.Contains("call Fit(loader, steps, files)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedAndForeignMessagesAreRefused()
    {
        byte[] plan = [], task = [];
        string[] files = Write(parts: 1);
        var options = OptionsOf("default");
        options.Cluster = new Listener((p, t) => (plan, task) = (p, t));
        _ml.Regression.Trainers.BackPropagation(options).Fit(Loader(), Steps(files), files);
        using var worker = new ClusterWorker(0, 1);
        Assert.Throws<InvalidOperationException>(() => worker.Compute(task));
        Assert.Throws<InvalidDataException>(() => worker.Begin(plan[..^1]));
        Assert.Throws<InvalidDataException>(() => worker.Begin(task));
        using var second = new ClusterWorker(1, 1);
        Assert.Throws<ArgumentException>(() => second.Begin(plan));
        worker.Begin(plan);
        byte[] damaged = [.. task];
        damaged[^40] ^= 1;
        Assert.Throws<InvalidDataException>(() => worker.Compute(damaged));
        Assert.Throws<InvalidDataException>(() => worker.Compute(plan));
        Assert.Equal(worker.Compute(task), worker.Compute(task));
    }

    private static BackPropagationRegressionTrainer.Options OptionsOf(string name)
    {
        var options = new BackPropagationRegressionTrainer.Options
        {
            Ensemble = 1,
            HiddenLayers = [8],
            NumberOfEpochs = 6,
            Seed = 4,
            FeatureColumnName = "Features",
        };
        switch (name)
        {
            case "adaptive momentum":
                options.Optimizer = Optimizer.AdaptiveMomentum();
                options.FeatureEncoding = FeatureEncoding.None;
                break;
            case "Adam with dropout":
                options.Optimizer = Optimizer.Adam();
                options.Regularization = new() { HiddenDropout = [0.2], L2 = 0.01, ClipNorm = 1 };
                options.FeatureScaling = Scaling.MinMax();
                break;
            case "L-BFGS":
                options.Optimizer = Optimizer.Lbfgs();
                break;
            case "imputed":
                options.ImputeMissingFeatures = true;
                break;
            case "groups":
                options.RowGroupColumnName = "Group";
                break;
            case "weights":
                options.ExampleWeightColumnName = "Weight";
                break;
            case "ensemble":
                options.Ensemble = 3;
                break;
            case "growing":
                options.HiddenLayers = HiddenLayers.Grow(6);
                break;
            case "early stopping":
                (options.NumberOfEpochs, options.EarlyStoppingRounds, options.MinimumGradient) = (40, 1, 1e-6);
                break;
        }

        return options;
    }

    private TextLoader Loader() => _ml.Data.CreateTextLoader(
        [
            .. Enumerable.Range(0, Features).Select(i => new TextLoader.Column($"x{i}", DataKind.Single, i)),
            new TextLoader.Column("Label", DataKind.Single, Features), new TextLoader.Column("Weight", DataKind.Single, Features + 1),
            new TextLoader.Column("Group", DataKind.Int32, Features + 2), new TextLoader.Column("Sign", DataKind.String, Features + 3),
        ],
        separatorChar: ',',
        hasHeader: true);

    private ITransformer Steps(string[] files) =>
        _ml.Transforms.Concatenate("Features", [.. Enumerable.Range(0, Features).Select(i => $"x{i}")]).Fit(Loader().Load(files));

    private ITransformer ClassSteps(string[] files) =>
        _ml.Transforms.Concatenate("Features", [.. Enumerable.Range(0, Features).Select(i => $"x{i}")])
            .Append(_ml.Transforms.Conversion.MapValue(
                "IsPositive", [new KeyValuePair<string, bool>("positive", true), new("negative", false)], "Sign"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Sign"))
            .Fit(Loader().Load(files));

    private static string Header() =>
        string.Join(',', Enumerable.Range(0, Features).Select(i => $"x{i}")) + ",label,weight,group,sign\n";

    /// <summary>Part files of different lengths, with some missing features.</summary>
    private string[] Write(int parts, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, parts).Select(part =>
        {
            string path = Path.Combine(_folder, $"part{seed}-{part}.csv");
            using var writer = new StreamWriter(path);
            writer.Write(Header());
            for (int row = 0; row < 60 + (17 * part); row++)
            {
                double[] x = [.. Enumerable.Range(0, Features).Select(_ => Math.Round(random.NextDouble() * 2 - 1, 3))];
                double y = Math.Sin(2 * x[0]) + (x[1] * x[2]) + (0.5 * x[3]);
                x[4] = row % 20 == 3 ? double.NaN : x[4];
                string[] cells = [.. x.Select(value => value.ToString(CultureInfo.InvariantCulture))];
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{string.Join(',', cells)},{Math.Round(y, 4)},{1 + (row % 3)},{row / 4},{(y > 0 ? "positive" : "negative")}"));
            }

            return path;
        })];
    }

    /// <summary>A machine whose last plan and task are kept.</summary>
    private sealed class Listener(Action<byte[], byte[]> hears) : ITrainingCluster, IClusterTraining
    {
        private readonly ClusterWorker _worker = new(0, 1);
        private byte[] _plan = [];

        public IClusterTraining Start(int shards, CancellationToken cancellationToken) => this;

        public void Begin(byte[] plan, CancellationToken cancellationToken) => _worker.Begin(_plan = plan);

        public IReadOnlyList<byte[]> Compute(byte[] task, CancellationToken cancellationToken)
        {
            hears(_plan, task);
            return [_worker.Compute(task, cancellationToken)];
        }

        public void Dispose() => _worker.Dispose();
    }
}
