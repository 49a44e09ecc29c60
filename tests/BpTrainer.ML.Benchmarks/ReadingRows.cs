using System.Diagnostics;
using System.Text.Json.Nodes;
using BpTrainer.ML;
using BpTrainer.Training;
using Microsoft.ML;

namespace BpTrainer.Benchmarks;

/// <summary>
/// Times how a trainer gets its rows of 784 features out of a view, against a cursor of ML.NET over the same view that only
/// reads them, and weighs the memory that Fit needs for it.
/// </summary>
/// <remarks>
/// The time of reading is that of Fit, for one epoch of 784-256-10 with batches of 128, less that of the epoch: it also has the
/// first weights and the buffers. Inputs are not scaled and no rows are kept for validation. The memory is the peak of the process
/// in the first Fit over what it had before, when a tiny Fit had already loaded everything; the view itself takes none.
/// The line has: rows, row_count_known; read_seconds, cursor_seconds, epoch_seconds; share_of_epoch = (read − cursor) / epoch;
/// matrix_bytes (the features as floats), parameter_bytes (weights, gradient and momentum), peak_bytes, and peak_ratio =
/// peak_bytes / (matrix_bytes + parameter_bytes).
/// </remarks>
internal static class ReadingRows
{
    private const int Features = 784;
    private const int Classes = 10;
    private const int Hidden = 256;
    private const int DistinctRows = 64;
    private const int Seed = 1;

    /// <summary>Reads the rows, in turns with a cursor.</summary>
    public static JsonObject Measure(int rows, bool isCounted, int threads, int rounds)
    {
        var context = new MLContext(Seed);
        Fit(context, View(context, DistinctRows, isCounted), threads);
        IDataView view = View(context, rows, isCounted);
        long before = Memory().WorkingSet64;
        (double read, double epoch) = Fit(context, view, threads);
        long peak = Memory().PeakWorkingSet64 - before;

        double[] cursor = Clock.BestOf(
            rounds,
            () => Rows.DrainSamples(view),
            () =>
            {
                (double again, double againEpoch) = Fit(context, view, threads);
                (read, epoch) = (Math.Min(read, again), Math.Min(epoch, againEpoch));
            });

        long matrix = (long)rows * Features * sizeof(float);
        long parameters = 3L * sizeof(float) * (((Features + 1) * Hidden) + ((Hidden + 1) * Classes));
        return new JsonObject
        {
            ["rows"] = rows,
            ["row_count_known"] = view.GetRowCount() is not null,
            ["read_seconds"] = read,
            ["cursor_seconds"] = cursor[0],
            ["epoch_seconds"] = epoch,
            ["share_of_epoch"] = Math.Round((read - cursor[0]) / epoch, 3),
            ["matrix_bytes"] = matrix,
            ["parameter_bytes"] = parameters,
            ["peak_bytes"] = peak,
            ["peak_ratio"] = Math.Round((double)peak / (matrix + parameters), 3),
        };
    }

    private static (double Read, double Epoch) Fit(MLContext context, IDataView view, int threads)
    {
        var options = new BackPropagationMulticlassTrainer.Options(Preset.Fast)
        {
            LabelColumnName = nameof(Row.Class),
            FeatureEncoding = FeatureEncoding.None,
            HiddenLayers = HiddenLayers.Of(Activation.ReLU, Hidden),
            BatchSize = 128,
            NumberOfEpochs = 1,
            ValidationFraction = 0,
            FeatureScaling = Scaling.Limit,
            NumberOfThreads = threads == 0 ? null : threads,
        };
        long start = Stopwatch.GetTimestamp();
        BackPropagationMulticlassModelParameters model = context.MulticlassClassification.Trainers.BackPropagation(options).Fit(view).Model;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double epoch = model.History[^1].Seconds;
        return (seconds - epoch, epoch);
    }

    private static IDataView View(MLContext context, int rows, bool isCounted)
    {
        float[] inputs = SyntheticData.Inputs(DistinctRows, Features, Seed);
        int[] classes = SyntheticData.Classes(inputs, Features, Classes, Seed);
        var repeated = new RepeatedRows(Rows.Cut(inputs, Features, _ => 0, row => classes[row]), rows);
        return Rows.View(context, isCounted ? repeated : repeated.Uncounted(), Features, Classes);
    }

    private static Process Memory()
    {
        GC.Collect();
        return Process.GetCurrentProcess();
    }
}
