using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Compare;

/// <summary>A number that measures how good predictions are.</summary>
/// <param name="Name">The name of the column in the table.</param>
/// <param name="HigherIsBetter">Whether a higher value is better.</param>
internal sealed record Metric(string Name, bool HigherIsBetter)
{
    /// <summary>−log of the probability given to the true class, in nats.</summary>
    public static readonly Metric LogLoss = new("Log-loss", false);

    /// <summary><see cref="Reliability.CalibrationError"/>.</summary>
    public static readonly Metric CalibrationError = new("Calibration", false);

    private static readonly IReadOnlyList<Metric> s_regression = [new("RMSE", false), new("MAE", false), new("R²", true)];
    private static readonly IReadOnlyList<Metric> s_binary =
    [
        new("Accuracy", true), new("AUC", true), new("F1", true), LogLoss, CalibrationError,
    ];
    private static readonly IReadOnlyList<Metric> s_multiclass =
    [
        new("Micro accuracy", true), new("Macro accuracy", true), LogLoss, CalibrationError,
    ];

    /// <summary>The metrics of a task; the first one is the main metric.</summary>
    public static IReadOnlyList<Metric> For(LearningTask task) => task switch
    {
        LearningTask.Regression => s_regression,
        LearningTask.Binary => s_binary,
        _ => s_multiclass,
    };

    /// <summary>Computes the values of a task's metrics, in the order of <see cref="For"/>.</summary>
    public static IReadOnlyList<double> Evaluate(MLContext context, LearningTask task, IDataView scored)
    {
        switch (task)
        {
            case LearningTask.Regression:
                RegressionMetrics regression = context.Regression.Evaluate(scored);
                return [regression.RootMeanSquaredError, regression.MeanAbsoluteError, regression.RSquared];
            case LearningTask.Binary:
                CalibratedBinaryClassificationMetrics binary = context.BinaryClassification.Evaluate(scored);
                return [binary.Accuracy, binary.AreaUnderRocCurve, binary.F1Score, BinaryLogLoss(context, scored), Calibration()];
            default:
                MulticlassClassificationMetrics multiclass = context.MulticlassClassification.Evaluate(scored);
                return [multiclass.MicroAccuracy, multiclass.MacroAccuracy, multiclass.LogLoss, Calibration()];
        }

        double Calibration() => Reliability.Of(task, scored)!.CalibrationError;
    }

    // ML.NET's own binary log-loss is in bits, and infinite if a single certain prediction is wrong. This one is like its multiclass
    // log-loss: in nats, with a lower limit for the probability.
    private static double BinaryLogLoss(MLContext context, IDataView scored)
    {
        const double Smallest = 1e-15;
        return context.Data.CreateEnumerable<BinaryOutcome>(scored, reuseRowObject: true)
            .Average(row => -Math.Log(Math.Max(Smallest, row.Label ? row.Probability : 1.0 - row.Probability)));
    }

    private sealed class BinaryOutcome
    {
        public bool Label { get; set; }

        public float Probability { get; set; }
    }
}
