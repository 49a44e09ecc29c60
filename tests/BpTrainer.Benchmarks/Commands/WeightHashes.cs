using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BpTrainer.Ensembles;

namespace BpTrainer.Benchmarks;

/// <summary>
/// Hashes of trained weights, one a configuration: a change that must not change any result prints the same lines before and after, on the
/// same processor.
/// </summary>
internal static class WeightHashes
{
    private const int Rows = 300;

    /// <summary>Trains every configuration in float and double on the given number of threads.</summary>
    public static void Print(int threads, TextWriter output)
    {
        foreach ((string name, TrainingOptions options) in Configurations())
        {
            output.WriteLine($"{name} float {Hash<float>(name, options with { NumberOfThreads = threads })}");
            output.WriteLine($"{name} double {Hash<double>(name, options with { NumberOfThreads = threads })}");
        }
    }

    private static IEnumerable<(string Name, TrainingOptions Options)> Configurations()
    {
        var plain = new TrainingOptions { Epochs = 12, Seed = 3, BatchSize = 32 };
        foreach (Optimizer optimizer in JsonCommands.Optimizers)
        {
            if (!optimizer.IsFullBatchOnly)
            {
                yield return ($"{optimizer.Name}-online", plain with { Optimizer = optimizer, BatchSize = 1, Epochs = 3 });
                yield return ($"{optimizer.Name}-batch", plain with { Optimizer = optimizer });
            }

            yield return ($"{optimizer.Name}-full", plain with { Optimizer = optimizer, BatchSize = TrainingOptions.FullBatch });
        }

        yield return ("stream", plain);
        yield return ("weights", plain);
        yield return ("validation", plain with { EarlyStoppingRounds = 3, Epochs = 60 });
        yield return ("ensemble", plain);
        yield return ("large-network", plain with { BatchSize = 128, Epochs = 2 });
        yield return ("dropout", plain with { Regularization = new() { HiddenDropout = [0.3, 0.2], InputDropout = 0.1 } });
        yield return ("dropout-online", plain with { Regularization = new() { HiddenDropout = [0.3] }, BatchSize = 1, Epochs = 3 });
        yield return ("penalties", plain with { Regularization = new() { L1 = 1e-4, L2 = 1e-3, WeightDecay = 1e-2 } });
        yield return ("clipping", plain with { Regularization = new() { ClipNorm = 0.5, MaxNorm = 1.5 } });
        yield return ("clip-value", plain with { Regularization = new() { ClipValue = 0.01 } });
        yield return ("bias-rate", plain with { Optimizer = Optimizer.Momentum() with { BiasRateFactor = 0.1 } });
        yield return ("exponential-average", plain with { Averaging = WeightAveraging.Exponential(0.9) });
        yield return ("epochs-average", plain with { Averaging = WeightAveraging.LastEpochs(4) });
        yield return ("one-cycle", plain with { Schedule = LearningRateSchedule.OneCycle() });
        yield return ("cosine-warm-up", plain with { Schedule = LearningRateSchedule.Cosine().WithWarmUp(2) });
        yield return ("plateau", plain with { Schedule = LearningRateSchedule.ReduceOnPlateau(patience: 1) });
        yield return ("minimum-gradient", plain with { MinimumGradient = 1e-9 });
        yield return ("maximum-updates", plain with { MaximumUpdates = 37 });
        yield return ("large-batch", plain with { BatchSize = 1000 });
    }

    private static string Hash<T>(string name, TrainingOptions options) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool isLarge = name == "large-network";
        int inputs = isLarge ? 200 : 6;
        NetworkBuilder builder =
            new NetworkBuilder(inputs).Add(isLarge ? 130 : 17, Activation.PReLU()).Add(9, Activation.Tanh).Add(2, Activation.Linear);
        if (name.StartsWith("dropout-online", StringComparison.Ordinal))
        {
            builder = new NetworkBuilder(inputs).Add(17, Activation.Tanh).Add(2, Activation.Linear);
        }

        int rows = name == "large-batch" ? 1500 : Rows;
        DataSet<T> data = Data<T>(rows, inputs, seed: 1, hasWeights: name == "weights");
        DataSet<T> validation = Data<T>(100, inputs, seed: 2, hasWeights: false);
        var bytes = new List<byte>();
        if (name == "ensemble")
        {
            foreach (EnsembleMember<T> run in new EnsembleTrainer<T>(builder, options, 3).Run(data, validation).Members)
            {
                Add(bytes, run.Network, run.Result, validation);
            }
        }
        else
        {
            Network<T> network =
                builder.ScaleInputs(ColumnScaling.StandardizeInputs(data)).ScaleOutputs(ColumnScaling.StandardizeTargets(data)).Build<T>(5);
            var trainer = new NetworkTrainer<T>(network, options);
            TrainingResult result = name switch
            {
                "stream" => trainer.Train(new Stream<T>(data), blockRows: 96),
                "validation" or "plateau" => trainer.Train(data, validation),
                _ => trainer.Train(data),
            };
            Add(bytes, network, result, validation);
        }

        return Convert.ToHexString(SHA256.HashData(CollectionsMarshal.AsSpan(bytes)))[..16];
    }

    /// <summary>Everything that a training leaves: parameters, losses, and predictions in blocks and one by one.</summary>
    private static void Add<T>(
        List<byte> bytes, Network<T> network, TrainingResult result, DataSet<T> rows) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (Layer<T> layer in network.Layers)
        {
            var weights = new T[layer.Inputs * layer.Outputs];
            layer.CopyWeightsTo(weights);
            bytes.AddRange(MemoryMarshal.AsBytes(weights.AsSpan()));
            bytes.AddRange(MemoryMarshal.AsBytes(layer.Biases));
            bytes.AddRange(MemoryMarshal.AsBytes(layer.Slopes));
        }

        foreach (EpochRecord epoch in result.History)
        {
            bytes.AddRange(BitConverter.GetBytes(epoch.TrainingLoss));
            bytes.AddRange(BitConverter.GetBytes(epoch.ValidationLoss ?? 0));
            bytes.AddRange(BitConverter.GetBytes(epoch.LearningRate));
        }

        bytes.AddRange(BitConverter.GetBytes((int)result.StopReason));
        bytes.AddRange(BitConverter.GetBytes(result.BestEpoch));
        var outputs = new T[rows.Rows * network.Outputs];
        network.Predict(rows.Inputs.Span, outputs, rows.Rows);
        bytes.AddRange(MemoryMarshal.AsBytes(outputs.AsSpan()));
        for (int row = 0; row < rows.Rows; row++)
        {
            network.Predict(rows.InputRow(row), outputs.AsSpan(row * network.Outputs, network.Outputs));
        }

        bytes.AddRange(MemoryMarshal.AsBytes(outputs.AsSpan()));
    }

    private static DataSet<T> Data<T>(int rows, int inputs, int seed, bool hasWeights) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        float[] x = SyntheticData.Inputs(rows, inputs, seed);
        T[] weights = hasWeights ? ConvertAll<T>([.. Enumerable.Range(0, rows).Select(row => 0.5f + (row % 3))]) : [];
        return new DataSet<T>(ConvertAll<T>(x), inputs, ConvertAll<T>(SyntheticData.Numbers(x, inputs, 2, seed: 7)), 2, weights);
    }

    private static T[] ConvertAll<T>(float[] values) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Array.ConvertAll(values, T.CreateChecked);

    /// <summary>Rows in memory as a stream, always in their own order.</summary>
    private sealed class Stream<T>(DataSet<T> data) : IRowStream<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private int _next;

        public long Rows => data.Rows;

        public int InputColumns => data.InputColumns;

        public int TargetColumns => data.TargetColumns;

        public double? TotalWeight => null;

        public void Restart(int? seed) => _next = 0;

        public int Read(Span<T> inputs, Span<T> targets, Span<T> weights)
        {
            int count = Math.Min(targets.Length / TargetColumns, data.Rows - _next);
            for (int i = 0; i < count; i++, _next++)
            {
                data.InputRow(_next).CopyTo(inputs[(i * InputColumns)..]);
                data.TargetRow(_next).CopyTo(targets[(i * TargetColumns)..]);
            }

            return count;
        }
    }
}
