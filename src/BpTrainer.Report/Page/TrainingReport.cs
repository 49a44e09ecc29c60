using System.Text;
using BpTrainer.Files;
using BpTrainer.Numbers;
using BpTrainer.Report.Page;

namespace BpTrainer.Report;

/// <summary>A report of one or several trainers, side by side, in one HTML file.</summary>
/// <remarks>
/// The first trainer that is added is the main one of the report. For histories of more than 500 epochs and test sets of more than 2,000
/// rows, the charts show only some of the values, as <see cref="Chart"/> describes; all numbers are computed from all rows.
/// </remarks>
/// <param name="title">The title of the page, such as the name of the data.</param>
public sealed class TrainingReport(string title)
{
    private readonly List<ReportedTrainer> _trainers = [];

    /// <summary>The title of the page.</summary>
    public string Title { get; } = title ?? throw new ArgumentNullException(nameof(title));

    /// <summary>The results of trainers on several splits of the data, from which the report recommends a trainer. Default: none.</summary>
    public TrainerComparison? Comparison { get; set; }

    /// <summary>Adds a fitted model: its training, if it is a model of this package, and its predictions of test data.</summary>
    /// <param name="name">The name in the report.</param>
    /// <param name="model">A pipeline, or a transformer alone.</param>
    /// <param name="testData">Rows with labels that the model was not trained on, with the columns that it reads. Default: none.</param>
    /// <param name="options">What else to show. Default: the defaults of <see cref="ReportOptions"/>.</param>
    /// <exception cref="ArgumentException">There is nothing to report, a column is missing, or the number of test losses is not the number
    /// of epochs.</exception>
    public void Add(string name, ITransformer model, IDataView? testData = null, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(model);
        ReportedTrainer trainer = ReportedTrainer.Of(name, model, testData, options ?? new ReportOptions());
        Guard.Require(
            trainer.Training is not null || trainer.Outputs.Count > 0,
            "The model has no training history, so there is nothing to report without test data.", nameof(testData));
        _trainers.Add(trainer);
    }

    /// <summary>Adds rows that a model has scored, for example a model of another library.</summary>
    /// <param name="name">The name in the report.</param>
    /// <param name="scored">The rows, as <see cref="PredictionCharts"/> describes them.</param>
    /// <param name="options">What else to show. Default: the defaults of <see cref="ReportOptions"/>.</param>
    /// <exception cref="ArgumentException">A column is missing.</exception>
    public void Add(string name, IDataView scored, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(scored);
        _trainers.Add(ReportedTrainer.Of(name, scored, options ?? new ReportOptions()));
    }

    /// <summary>Adds a training of the engine.</summary>
    /// <param name="name">The name in the report.</param>
    /// <param name="network">The network that was trained.</param>
    /// <param name="result">The result of the training.</param>
    /// <param name="testLosses">The mean loss over test samples after each epoch. Default: none.</param>
    /// <exception cref="ArgumentException">The number of test losses is not the number of epochs.</exception>
    public void Add(string name, Network<float> network, TrainingResult result, IReadOnlyList<double>? testLosses = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(result);
        _trainers.Add(ReportedTrainer.Of(name, TrainedModel.Of(network, result), new ReportOptions { TestLosses = testLosses }));
    }

    /// <summary>Returns the report as a page.</summary>
    /// <returns>The text of an HTML file, which is well-formed XML too.</returns>
    public string ToHtml() => ReportPage.Write(this, _trainers);

    /// <summary>Writes the page of <see cref="ToHtml"/> to a file, completely or not at all.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] page = Encoding.UTF8.GetBytes(ToHtml());
        AtomicFile.Write(path, stream => stream.Write(page));
    }
}
