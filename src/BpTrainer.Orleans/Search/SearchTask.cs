using BpTrainer.ML;

namespace BpTrainer.Orleans;

/// <summary>What the trainers of a search predict.</summary>
public enum SearchTask
{
    /// <summary>A number.</summary>
    Regression,

    /// <summary>Yes or no.</summary>
    BinaryClassification,

    /// <summary>One of several classes; the label is a key.</summary>
    MulticlassClassification,
}

/// <summary>How a fold of a task is trained and judged.</summary>
internal static class SearchTasks
{
    /// <summary>The names of the figures that a fold is judged by; the first one, which should be low, ranks the trials.</summary>
    public static string[] Figures(this SearchTask task) => task switch
    {
        SearchTask.Regression =>
        [
            nameof(RegressionMetrics.RootMeanSquaredError), nameof(RegressionMetrics.MeanAbsoluteError), nameof(RegressionMetrics.RSquared),
        ],
        SearchTask.BinaryClassification =>
        [
            nameof(CalibratedBinaryClassificationMetrics.LogLoss), nameof(BinaryClassificationMetrics.Accuracy),
            nameof(BinaryClassificationMetrics.AreaUnderRocCurve),
        ],
        _ =>
        [
            nameof(MulticlassClassificationMetrics.LogLoss), nameof(MulticlassClassificationMetrics.MicroAccuracy),
            nameof(MulticlassClassificationMetrics.MacroAccuracy),
        ],
    };

    /// <summary>Options with default values.</summary>
    public static BackPropagationOptions Options(this SearchTask task, Preset preset) => task switch
    {
        SearchTask.Regression => new BackPropagationRegressionTrainer.Options(preset),
        SearchTask.BinaryClassification => new BackPropagationBinaryTrainer.Options(preset),
        _ => new BackPropagationMulticlassTrainer.Options(preset),
    };

    /// <summary>Trains on one part of the rows and judges on the other.</summary>
    public static double[] Judge(
        this SearchTask task, MLContext mlContext, BackPropagationOptions options, DataOperationsCatalog.TrainTestData fold)
    {
        string label = options.LabelColumnName;
        switch (task)
        {
            case SearchTask.Regression:
                RegressionMetrics regression = mlContext.Regression.Evaluate(
                    Score(mlContext.Regression.Trainers.BackPropagation((BackPropagationRegressionTrainer.Options)options)), label);
                return [regression.RootMeanSquaredError, regression.MeanAbsoluteError, regression.RSquared];
            case SearchTask.BinaryClassification:
                CalibratedBinaryClassificationMetrics binary = mlContext.BinaryClassification.Evaluate(
                    Score(mlContext.BinaryClassification.Trainers.BackPropagation((BackPropagationBinaryTrainer.Options)options)), label);
                return [binary.LogLoss, binary.Accuracy, binary.AreaUnderRocCurve];
            default:
                MulticlassClassificationMetrics classes = mlContext.MulticlassClassification.Evaluate(
                    Score(mlContext.MulticlassClassification.Trainers.BackPropagation((BackPropagationMulticlassTrainer.Options)options)),
                    label);
                return [classes.LogLoss, classes.MicroAccuracy, classes.MacroAccuracy];
        }

        IDataView Score(IEstimator<ITransformer> trainer)
        {
            ITransformer model = trainer.Fit(fold.TrainSet);

            // A training that was cancelled has a model too, but not that of the trial.
            options.CancellationToken.ThrowIfCancellationRequested();
            return model.Transform(fold.TestSet);
        }
    }
}
