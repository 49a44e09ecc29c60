using BpTrainer.Report.Page;
using BpTrainer.Report.Predictions;

namespace BpTrainer.Report;

/// <summary>Charts of a fitted model.</summary>
public static class ModelCharts
{
    /// <summary>
    /// Plots how much worse the predictions become if the values of one feature are shuffled among the rows: the increase of the RMSE, the
    /// decrease of the area under the ROC curve or, for more than two classes, the increase of the log-loss. It is measured on at most
    /// 2,000 rows, as the mean and standard deviation of three shuffles.
    /// </summary>
    /// <param name="model">A pipeline that contains a trainer of this or another package, or the trainer's transformer alone.</param>
    /// <param name="data">Rows with the columns that the model reads and with labels, preferably rows that the model was not trained
    /// on.</param>
    /// <param name="labelColumnName">The name of the label column.</param>
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
                trainer.NoImportances ?? "The model has no trainer with features and one label, so importances cannot be measured.",
                nameof(model));
    }
}
