namespace BpTrainer.ML.Tests.Programs;

/// <summary>What the engine does with networks, ensembles and trainings whose last use is the call.</summary>
internal static class EngineJobs
{
    private const int Inputs = 9, Outputs = 12, Rows = 48, ManyOutputs = 50_000;

    private static readonly float[] s_inputs = Numbers(Rows * Inputs, seed: 1);
    private static readonly float[] s_targets = Numbers(Rows * Outputs, seed: 2);

    public static IEnumerable<(string, Func<float[]>)> All()
    {
        byte[] narrow = Saved(hidden: 20), wide = Saved(hidden: 1200);
        byte[] ensemble = Bytes(new NetworkEnsemble<float>(Load(narrow), Load(wide)).Save);
        Network<float> many = Build(Inputs, ManyOutputs, hidden: 1);
        yield return ("prediction of many outputs", () => Predict(many.Clone()));
        yield return ("prediction of a row", () => Predict(narrow, rows: 1));
        yield return ("prediction of a row, wide network", () => Predict(wide, rows: 1));
        yield return ("prediction of rows", () => Predict(narrow, Rows));
        yield return ("net inputs", () => NetInputs(narrow));
        yield return ("ensemble", () => Predict(ensemble));
        yield return ("sample by sample", () => LearnOneByOne(new()));
        yield return ("sample by sample, clipped", () => LearnOneByOne(new() { Regularization = new() { ClipNorm = 1 } }));
        foreach ((string name, TrainingOptions options) in Trainings())
        {
            yield return (name, () => Train(options));
        }
    }

    private static IEnumerable<(string, TrainingOptions)> Trainings()
    {
        var online = new TrainingOptions { Epochs = 3, BatchSize = 1, Optimizer = Optimizer.Momentum(0.01) };
        yield return ("online training", online);
        yield return ("online training with dropout", online with { Regularization = new() { HiddenDropout = [0.2], InputDropout = 0.1 } });
        yield return ("training in batches", online with
        {
            BatchSize = 16,
            NumberOfThreads = 2,
            Optimizer = Optimizer.Adam(),
            MinimumGradient = 1e-9,
            Averaging = WeightAveraging.Exponential(),
            Regularization = new Regularization { L2 = 1e-3, ClipNorm = 1, MaxNorm = 2, HiddenDropout = [0.2] },
        });
        var whole = new TrainingOptions { Epochs = 3, BatchSize = TrainingOptions.FullBatch };
        yield return ("L-BFGS", whole with { Optimizer = Optimizer.Lbfgs() });
        yield return ("scaled conjugate gradient", whole with { Optimizer = Optimizer.ScaledConjugateGradient() });
        yield return ("Levenberg–Marquardt", whole with { Optimizer = Optimizer.LevenbergMarquardt() });
        yield return ("Bayesian regularization", whole with { Optimizer = Optimizer.BayesianRegularization() });
    }

    private static float[] Predict(byte[] network, int rows)
    {
        var outputs = new float[rows * Outputs];
        if (rows == 1)
        {
            Load(network).Predict(s_inputs.AsSpan(0, Inputs), outputs);
        }
        else
        {
            Load(network).Predict(s_inputs, outputs, rows);
        }

        return outputs;
    }

    /// <summary>The memory of the network is let go of while the numbers of a long row are still being scaled back.</summary>
    private static float[] Predict(Network<float> network)
    {
        var outputs = new float[ManyOutputs];
        network.Predict(s_inputs.AsSpan(0, Inputs), outputs);
        return outputs;
    }

    private static float[] NetInputs(byte[] network)
    {
        var outputs = new float[Rows * Outputs];
        Load(network).PredictNetInput(s_inputs, outputs, Rows);
        return outputs;
    }

    private static float[] Predict(byte[] ensemble)
    {
        var outputs = new float[Outputs];
        NetworkEnsemble<float>.Load(new MemoryStream(ensemble)).Predict(s_inputs.AsSpan(0, Inputs), outputs);
        return outputs;
    }

    private static float[] LearnOneByOne(TrainingOptions options)
    {
        Network<float> network = Build(Inputs, Outputs, hidden: 6);
        using var trainer = new OnlineTrainer<float>(network, options);
        for (int row = 0; row < Rows; row++)
        {
            trainer.Learn(s_inputs.AsSpan(row * Inputs, Inputs), s_targets.AsSpan(row * Outputs, Outputs));
        }

        return [.. network.Layers.SelectMany(layer => layer.Biases.ToArray())];
    }

    private static float[] Train(TrainingOptions options)
    {
        Network<float> network = Build(Inputs, Outputs, hidden: 6);
        new NetworkTrainer<float>(network, options).Train(new DataSet<float>(s_inputs.ToArray(), Inputs, s_targets.ToArray(), Outputs));
        return [.. network.Layers.SelectMany(layer => layer.Biases.ToArray())];
    }

    private static Network<float> Build(int inputs, int outputs, int hidden) => new NetworkBuilder(inputs)
        .Add(hidden, Activation.Tanh)
        .Add(outputs, Activation.Linear)
        .ScaleInputs(ColumnScaling.Standardize<float>(Numbers(3 * inputs, seed: 4), inputs))
        .ScaleOutputs(ColumnScaling.Standardize<float>(Numbers(3 * outputs, seed: 5), outputs))
        .Build<float>(seed: 1);

    private static byte[] Saved(int hidden) => Bytes(Build(Inputs, Outputs, hidden).Save);

    private static Network<float> Load(byte[] network) => Network<float>.Load(new MemoryStream(network));

    private static byte[] Bytes(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 20) + 1)];
    }
}
