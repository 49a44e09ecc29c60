namespace BpTrainer.Report;

/// <summary>Writes the report of one model.</summary>
public static class ModelReport
{
    /// <summary>
    /// Writes a report of a model into one HTML file: why its training stopped, whether it overfitted and how good it is, in words and
    /// charts. The file needs no server and no network.
    /// </summary>
    /// <param name="model">
    /// A pipeline with one of our trainers in it, or its transformer alone; of another trainer there is no training to be seen, but the
    /// predictions.
    /// </param>
    /// <param name="path">The file, which is written whole or not at all; its directory must exist.</param>
    /// <param name="testData">Rows that the model has not learned, as it takes them, with labels. Default: none.</param>
    /// <param name="options">What else to show. Default: what <see cref="ReportOptions"/> says.</param>
    /// <exception cref="ArgumentException">There is nothing to report, a column is missing, or there is not one test loss for every
    /// epoch.</exception>
    public static void WriteReport(this ITransformer model, string path, IDataView? testData = null, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var report = new TrainingReport("Training report");
        report.Add("The model", model, testData, options);
        report.Save(path);
    }
}
