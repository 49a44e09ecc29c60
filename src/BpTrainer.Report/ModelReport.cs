namespace BpTrainer.Report;

/// <summary>Writes the report of one model.</summary>
public static class ModelReport
{
    /// <summary>
    /// Writes a report of a model to one HTML file: why its training stopped, whether it overfitted and how good it is, in text and charts.
    /// The file needs no server and no network.
    /// </summary>
    /// <param name="model">
    /// A pipeline that contains a trainer, or the trainer's transformer alone. For trainers of other packages, the report shows the
    /// predictions but not the training.
    /// </param>
    /// <param name="path">The file, which is written completely or not at all; its directory must exist.</param>
    /// <param name="testData">Rows with labels that the model was not trained on, with the columns that it reads. Default: none.</param>
    /// <param name="options">What else to show. Default: the defaults of <see cref="ReportOptions"/>.</param>
    /// <exception cref="ArgumentException">There is nothing to report, a column is missing, or the number of test losses is not the number
    /// of epochs.</exception>
    public static void WriteReport(this ITransformer model, string path, IDataView? testData = null, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var report = new TrainingReport("Training report");
        report.Add("The model", model, testData, options);
        report.Save(path);
    }
}
