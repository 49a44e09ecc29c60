using BpTrainer.Report.Page;
using BpTrainer.Report.Predictions;

namespace BpTrainer.Report;

/// <summary>Charts of a fitted model.</summary>
public static class ModelCharts
{
    /// <summary>
    /// How much worse the predictions of rows become when the values of one feature are shuffled among them: the rise of the RMSE, the fall
    /// of the area under the ROC curve, or for several classes the rise of the log-loss, on at most 2,000 rows, as the mean and standard
    /// deviation of three shuffles.
    /// </summary>
    /// <param name="model">A pipeline with a trainer in it, ours or another, or its transformer alone.</param>
    /// <param name="data">Rows as the model takes them, with labels; best such as it has not learned.</param>
    /// <param name="labelColumnName">The column of the labels.</param>
    /// <returns>The chart, with the 20 most important features.</returns>
    /// <exception cref="ArgumentException">The importances cannot be measured; the message says why.</exception>
    public static Chart PlotImportances(this ITransformer model, IDataView data, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        var trainer = ReportedTrainer.Of("", model, data, new ReportOptions { LabelColumnName = labelColumnName });
        return trainer.Importances is var (importances, metric)
            ? new Chart(ImportancePlot.Of(importances, metric))
            : throw new ArgumentException(
                trainer.NoImportances ?? "The model has no trainer with features and one label, whose importances could be measured.",
                nameof(model));
    }
}
