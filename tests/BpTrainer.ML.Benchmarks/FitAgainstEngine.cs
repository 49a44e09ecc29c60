using System.Text.Json.Nodes;
using BpTrainer.ML;
using BpTrainer.Training;
using Microsoft.ML;

namespace BpTrainer.Benchmarks;

/// <summary>Times <c>Fit</c> against the engine, which gets the same rows as matrices.</summary>
/// <remarks>
/// Both train the same network with the same options and seed, scale the inputs to mean 0 and standard deviation 1 (and the
/// label of a regression), and train without a validation part. The line has: net, rows, batch, epochs, threads;
/// mlnet_seconds, engine_seconds, ratio; largest_difference between the two networks' outputs on the first rows, which is 0 when
/// they did the same work.
/// </remarks>
internal static class FitAgainstEngine
{
    private const int Seed = 1;
    private const int ComparedRows = 100;

    /// <summary>Trains with both, in turns.</summary>
    public static JsonObject Measure(NetShape shape, int rows, int batch, int epochs, int threads, int rounds)
    {
        float[] inputs = SyntheticData.Inputs(rows, shape.Inputs, Seed);
        int[] classes = shape.IsMulticlass ? SyntheticData.Classes(inputs, shape.Inputs, shape.Outputs, Seed) : new int[rows];
        float[] numbers = shape.IsMulticlass ? new float[rows] : SyntheticData.Numbers(inputs, shape.Inputs, 1, Seed);
        var context = new MLContext(Seed);
        IDataView view = Rows.View(
            context, Rows.Cut(inputs, shape.Inputs, row => numbers[row], row => classes[row]), shape.Inputs, shape.Outputs);
        DataSet<float> data = SyntheticData.For(shape, rows, Seed);

        Network<float>? fitted = null;
        Network<float>? trained = null;
        double[] seconds = Clock.BestOf(
            rounds,
            () => fitted = Fit(context, view, shape, batch, epochs, threads),
            () => trained = Train(data, shape, batch, epochs, threads));
        return new JsonObject
        {
            ["net"] = shape.Name,
            ["rows"] = rows,
            ["batch"] = batch,
            ["epochs"] = epochs,
            ["threads"] = threads,
            ["mlnet_seconds"] = seconds[0],
            ["engine_seconds"] = seconds[1],
            ["ratio"] = Math.Round(seconds[0] / seconds[1], 3),
            ["largest_difference"] = LargestDifference(fitted!, trained!, inputs, Math.Min(rows, ComparedRows)),
        };
    }

    private static Network<float> Fit(MLContext context, IDataView view, NetShape shape, int batch, int epochs, int threads)
    {
        if (shape.IsMulticlass)
        {
            var options = new BackPropagationMulticlassTrainer.Options { LabelColumnName = nameof(Row.Class) };
            Fill(options, shape, batch, epochs, threads);
            return context.MulticlassClassification.Trainers.BackPropagation(options).Fit(view).Model.Network;
        }
        else
        {
            var options = new BackPropagationRegressionTrainer.Options();
            Fill(options, shape, batch, epochs, threads);
            return context.Regression.Trainers.BackPropagation(options).Fit(view).Model.Network;
        }
    }

    private static void Fill(BackPropagationOptions options, NetShape shape, int batch, int epochs, int threads)
    {
        options.Ensemble = 1;
        options.HiddenLayers = HiddenLayersOf(shape);
        options.FeatureEncoding = FeatureEncoding.None;
        options.Optimizer = Optimizer.Momentum();
        options.Schedule = LearningRateSchedule.Constant;
        options.Regularization = new();
        options.BatchSize = batch;
        options.NumberOfEpochs = epochs;
        options.ValidationFraction = 0;
        options.Seed = Seed;
        options.NumberOfThreads = threads == 0 ? null : threads;
    }

    private static LayerSpec[] HiddenLayersOf(NetShape shape) =>
        [.. shape.Hidden.Select(units => new LayerSpec(units, shape.Activation) { Initializer = Initializer.Glorot })];

    private static Network<float> Train(DataSet<float> data, NetShape shape, int batch, int epochs, int threads)
    {
        var builder = new NetworkBuilder(shape.Inputs).ScaleInputs(ColumnScaling.StandardizeInputs(data));
        foreach (LayerSpec layer in HiddenLayersOf(shape))
        {
            builder.Add(layer);
        }

        builder.Add(
            new LayerSpec(shape.Outputs, shape.IsMulticlass ? Activation.Softmax : Activation.Linear) { Initializer = Initializer.Zero });
        if (!shape.IsMulticlass)
        {
            builder.ScaleOutputs(ColumnScaling.StandardizeTargets(data));
        }

        Network<float> network = builder.Build<float>(Seed);
        var options = new TrainingOptions { Loss = shape.Loss, BatchSize = batch, Epochs = epochs, Seed = Seed, NumberOfThreads = threads };
        new NetworkTrainer<float>(network, options).Train(data);
        return network;
    }

    private static double LargestDifference(Network<float> one, Network<float> other, float[] inputs, int rows)
    {
        ReadOnlySpan<float> first = inputs.AsSpan(0, rows * one.Inputs);
        var ones = new float[rows * one.Outputs];
        var others = new float[ones.Length];
        one.Predict(first, ones, rows);
        other.Predict(first, others, rows);
        return ones.Zip(others, (a, b) => Math.Abs((double)a - b)).Max();
    }
}
