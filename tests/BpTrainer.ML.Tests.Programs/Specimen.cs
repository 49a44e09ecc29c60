using System.IO.Compression;
using System.Text;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests.Programs;

/// <summary>A file to damage, and what a program does with such a file.</summary>
/// <param name="Kind">What it is, in messages.</param>
/// <param name="File">The block that is damaged.</param>
/// <param name="Use">Loads a block and uses what was loaded.</param>
/// <param name="IsRefusal">Whether an error is one that the loader is documented to throw.</param>
internal sealed record Specimen(string Kind, byte[] File, Action<byte[]> Use, Func<Exception, bool> IsRefusal)
{
    /// <summary>One of each kind, and checkpoints of trainings that have little in common.</summary>
    public static IReadOnlyList<Specimen> All() =>
    [
        Network<float>(),
        Network<double>(),
        Ensemble(),
        OptimizerState(),
        Checkpoint("momentum", new()
        {
            Optimizer = Optimizer.Momentum(),
            Regularization = new() { HiddenDropout = [0.2] },
            Averaging = WeightAveraging.Exponential(0.9),
            Schedule = LearningRateSchedule.ReduceOnPlateau(patience: 1),
            KeepOptimizerState = true,
        }),
        Checkpoint("adam", new()
        {
            Optimizer = Optimizer.Adam(),
            Averaging = WeightAveraging.LastEpochs(3),
            Schedule = LearningRateSchedule.CosineRestarts(1),
        }),
        Checkpoint("adaptive", new() { Optimizer = Optimizer.AdaptiveMomentum(), MinimumGradient = 1e-9 }),
        Checkpoint("l-bfgs", new() { Optimizer = Optimizer.Lbfgs(2) }),
        Checkpoint("scaled-conjugate-gradient", new() { Optimizer = Optimizer.ScaledConjugateGradient() }),
        Checkpoint("levenberg-marquardt", new() { Optimizer = Optimizer.LevenbergMarquardt() }),
        Checkpoint("bayesian-regularization", new() { Optimizer = Optimizer.BayesianRegularization() }),
        Model(quantiles: null),
        Model(quantiles: [0.1, 0.9]),
        Lags(),
    ];

    private static Network<T> Build<T>(int seed = 1) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        new NetworkBuilder(3)
        .ScaleInputs(new ColumnScaling([1, 2, 3], [1, 0.5, 2])).ScaleOutputs(new ColumnScaling([0], [0.1]))
        .Add(9, Activation.PReLU()).Add(
            new LayerSpec(2, Activation.ScaledLogistic(2, 0.5)) { Bias = BiasKind.Shared }).Add(1, Activation.Linear).Build<T>(seed);

    private static Specimen Network<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => new(
        $"network of {typeof(T).Name}",
        Bytes(Build<T>().Save),
        file =>
        {
            Network<T> network = BpTrainer.Network<T>.Load(new MemoryStream(file));
            network.Predict(new T[2 * network.Inputs], new T[2 * network.Outputs], rows: 2);
            network.Predict(new T[network.Inputs], new T[network.Outputs]);
            network.Save(Stream.Null);
        },
        error => error is InvalidDataException);

    private static Specimen Ensemble() => new(
        "ensemble",
        Bytes(new NetworkEnsemble<float>(Build<float>(1), Build<float>(2)).Save),
        file =>
        {
            NetworkEnsemble<float> ensemble = NetworkEnsemble<float>.Load(new MemoryStream(file));
            ensemble.Predict(new float[2 * ensemble.Inputs], new float[2 * ensemble.Outputs], rows: 2);
            ensemble.Save(Stream.Null);
        },
        error => error is InvalidDataException);

    /// <summary>A state that can be loaded may still be that of another training, which the trainer says.</summary>
    private static Specimen OptimizerState()
    {
        var options = new TrainingOptions
        {
            Optimizer = Optimizer.AdaptiveGradientDescent(),
            Epochs = 1,
            KeepOptimizerState = true,
            NumberOfThreads = 1,
        };
        var trainer = new NetworkTrainer<float>(Build<float>(), options);
        BpTrainer.OptimizerState state = trainer.Train(Rows()).OptimizerState!;
        return new(
            "state of an optimizer",
            Bytes(state.Save),
            file => new NetworkTrainer<float>(
                Build<float>(), options, BpTrainer.OptimizerState.Load<float>(new MemoryStream(file))).Train(Rows()),
            error => error is InvalidDataException or ArgumentException);
    }

    /// <summary>Resumes for two more epochs.</summary>
    private static Specimen Checkpoint(string name, TrainingOptions options)
    {
        var file = new MemoryStream();
        options = options with
        {
            BatchSize = options.Optimizer.IsFullBatchOnly ? TrainingOptions.FullBatch : 4,
            Epochs = 3,
            NumberOfThreads = 1,
            TimeBudget = TimeSpan.FromDays(1),
            Checkpoint = BpTrainer.Checkpoint.ToStream(() => file, everyEpochs: 3),
        };
        DataSet<float> rows = Rows(), validation = rows.Select([0, 3, 3]);
        rows = rows.Select([9, 8, 7, 1, 1, 2, 5, 5, 9, 9, 9, 9, 9]);
        new NetworkTrainer<float>(Build<float>(), options).Train(rows, validation);
        options = options with { Epochs = 5, Checkpoint = null };
        return new(
            $"checkpoint of {name}",
            file.ToArray(),
            bytes =>
            {
                Network<float> network = Build<float>(seed: 2);
                TrainingResult result = new NetworkTrainer<float>(network, options).Resume(new MemoryStream(bytes), rows, validation);
                _ = result.BestEpoch == 0 ? null : result.History[result.BestEpoch - 1];
                network.Save(Stream.Null);
            },
            error => error is InvalidDataException or ArgumentException);
    }

    /// <summary>The block of a model with all that one can have, put back into ML.NET's file.</summary>
    private static Specimen Model(double[]? quantiles)
    {
        var context = new MLContext(seed: 1);
        IDataView data = context.Data.LoadFromEnumerable(Enumerable.Range(0, 12)
            .Select(i => new Row { Label = i % 5, Features = [i, i % 3 == 0 ? float.NaN : i % 4, -i] }));
        ITransformer model = quantiles is null
            ? context.Regression.Trainers.BackPropagation(
                WithAll(new BackPropagationRegressionTrainer.Options { HiddenLayers = HiddenLayers.Try([2, 3], folds: 2) })).Fit(data)
            : context.Regression.Trainers.MultiOutputBackPropagation(WithAll(new BackPropagationMultiOutputTrainer.Options
            {
                HiddenLayers = HiddenLayers.Grow(3),
                Loss = Loss.Quantiles(quantiles),
            })).Fit(data);
        return InZip(
            quantiles is null ? "ML.NET model" : "ML.NET model of quantiles", "BPML", "Model/Model.key", context, model, data);
    }

    /// <summary>The block of lags of a series; one that is loaded may be for other columns, which its use says.</summary>
    private static Specimen Lags()
    {
        var context = new MLContext(seed: 1);
        IDataView data = context.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Row { Features = [i, -i, 1] }));
        ITransformer lags = context.Transforms.LagFeatures("Window", "Features", 1, 3).Fit(data).ContinueSeries();
        Specimen specimen = InZip("lag transformer", "BPLF", "TransformerChain/Model.key", context, lags, data);
        return specimen with { IsRefusal = error => specimen.IsRefusal(error) || error is ArgumentException };
    }

    /// <summary>A block in an entry of ML.NET's file, put back after it was damaged.</summary>
    private static Specimen InZip(string kind, string magic, string entryName, MLContext context, ITransformer model, IDataView data)
    {
        byte[] zip = Bytes(stream => context.Model.Save(model, data.Schema, stream));
        byte[] entry = ModelZip.Read(zip, entryName);
        int start = entry.AsSpan().IndexOf(Encoding.ASCII.GetBytes(magic));
        int length = 12 + BitConverter.ToInt32(entry, start + 8) + 32;
        return new(
            kind,
            entry[start..(start + length)],
            block =>
            {
                byte[] file = ModelZip.Replace(
                    zip, [.. entry[..start], .. block, .. entry[(start + length)..]], CompressionLevel.NoCompression, entryName);
                ITransformer loaded = new MLContext(seed: 1).Model.Load(new MemoryStream(file), out _);
                IDataView scored = loaded.Transform(data);
                _ = scored.Preview(maxRows: 12).RowView.Length;
                context.Model.Save(loaded, data.Schema, Stream.Null);
            },
            error => error is FormatException or InvalidOperationException);
    }

    private static TOptions WithAll<TOptions>(TOptions options)
        where TOptions : BackPropagationOptions
    {
        (options.NumberOfEpochs, options.NumberOfThreads, options.Ensemble) = (2, 1, 2);
        (options.ImputeMissingFeatures, options.KeepOptimizerState) = (true, true);
        return options;
    }

    private static DataSet<float> Rows() => new(
        Enumerable.Range(0, 30).Select(i => i % 7 * 0.5f).ToArray(), 3, Enumerable.Range(0, 10).Select(i => (i % 3) - 1f).ToArray(), 1);

    private static byte[] Bytes(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }

    private sealed class Row
    {
        public float Label { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
