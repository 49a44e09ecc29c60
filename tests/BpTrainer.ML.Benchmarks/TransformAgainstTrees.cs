using System.Text.Json.Nodes;
using BpTrainer.Data;
using BpTrainer.ML;
using BpTrainer.Training;
using Microsoft.ML;

namespace BpTrainer.Benchmarks;

/// <summary>Times the scores of regression models, drawn through one cursor, all on the same rows in memory.</summary>
/// <remarks>
/// The trees have their default options; ours is one network of 64 tanh units after a few epochs: the time of a score does not depend on
/// how good it is. The line has: rows, features, hidden (the units of our network), and rows_per_second of
/// back_propagation, fast_tree and light_gbm, and of reading the rows alone, as unscored; ratio_fast_tree and ratio_light_gbm.
/// </remarks>
internal static class TransformAgainstTrees
{
    private const int TrainingRows = 10000;
    private const int Seed = 1;

    /// <summary>Scores with all three, in turns.</summary>
    public static JsonObject Measure(int rows, int features, int rounds)
    {
        var context = new MLContext(Seed);
        IDataView view = View(context, rows, features);
        IDataView training = context.Data.TakeRows(view, TrainingRows);
        var ours = context.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            HiddenLayers = HiddenLayers.Of(Activation.Tanh, 64),
            FeatureEncoding = FeatureEncoding.None,
            NumberOfEpochs = 3,
        }).Fit(training);
        IDataView[] scored =
        [
            ours.Transform(view),
            context.Regression.Trainers.FastTree().Fit(training).Transform(view),
            context.Regression.Trainers.LightGbm().Fit(training).Transform(view),
        ];

        Action[] draw = [.. scored.Select<IDataView, Action>(s => () => Rows.DrainScores(s)), () => Rows.DrainSamples(view)];
        double[] rate = [.. Clock.BestOf(rounds, draw).Select(seconds => Math.Round(rows / seconds))];
        return new JsonObject
        {
            ["rows"] = rows,
            ["features"] = features,
            ["hidden"] = string.Join(',', ours.Model.Network.Layers.SkipLast(1).Select(layer => layer.Outputs)),
            ["back_propagation"] = rate[0],
            ["fast_tree"] = rate[1],
            ["light_gbm"] = rate[2],
            ["unscored"] = rate[3],
            ["ratio_fast_tree"] = Math.Round(rate[0] / rate[1], 2),
            ["ratio_light_gbm"] = Math.Round(rate[0] / rate[2], 2),
        };
    }

    private static IDataView View(MLContext context, int rows, int features)
    {
        float[] inputs = SyntheticData.Inputs(rows, features, Seed);
        float[] numbers = SyntheticData.Numbers(inputs, features, 1, Seed);
        return Rows.View(context, Rows.Cut(inputs, features, row => numbers[row], _ => 0), features);
    }
}
