using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using BpTrainer.ML;
using BpTrainer.Report.Tests.Drawing;

namespace BpTrainer.Report.Tests.Page;

/// <summary>The report as a file.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly MLContext _context = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("bptrainer-report-").FullName;

    public static TheoryData<string> Names => [.. Samples.Names];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void AReportIsWellFormedAndStandsAlone(string name)
    {
        string html = Samples.Html(name);
        XDocument page = Parse(html);
        Assert.NotEmpty(page.Descendants("svg"));
        Assert.DoesNotContain("http:", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https:", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(page.Descendants(), e => e.Attribute("src") is not null || e.Attribute("href") is not null);
        Assert.Single(page.Descendants("script"));
        Assert.All(page.Descendants("svg"), svg =>
        {
            Assert.NotEqual("", svg.Element("title")!.Value);
            Assert.NotEqual("", svg.Element("desc")!.Value);
        });
        string[] ids = [.. page.Descendants().Select(e => e.Attribute("id")?.Value).OfType<string>()];
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void TheReportOfDiabetesAnswersANewcomer()
    {
        XDocument page = Parse(Samples.Html("diabetes"));
        string[] questions = [.. page.Descendants("dt").Select(e => e.Value)];
        string[] answers = [.. page.Descendants("dd").Select(e => e.Value)];
        Assert.Equal(
            [
                "Which trainer should I take?", "Why did the training of BackPropagation stop?", "Did BackPropagation overfit?",
                "How good is BackPropagation on new rows?",
            ],
            questions);
        Assert.Matches(@"^Take \w+.* has the lowest RMSE, [\d.]+ ± [\d.]+ over 5 splits", answers[0]);
        Assert.Matches(@"no new low in the \d+ epochs after epoch \d+ \(early stopping\)", answers[1]);
        Assert.Matches(@"At the best epoch, \d+, the training loss was [\d.]+ and the validation loss [\d.]+", answers[2]);
        Assert.Matches(@"^It is off by [\d.]+ on average, on 95 test rows\.", answers[3]);
    }

    [Fact]
    public void NamesOfColumnsAndClassesCannotBecomeMarkup()
    {
        const string Hostile = "<b onclick=\"alert('x')\">&\u0001\u0085\uFFFE\uD800</b>";
        var data = _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 40).Select(i => new Named { A = i, B = i % 7, Label = i % 2 == 0 ? Hostile : "no" }));
        var pipeline = _context.Transforms.CopyColumns(Hostile, "A").Append(_context.Transforms.Concatenate("Features", Hostile, "B"))
            .Append(_context.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_context.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [2], numberOfEpochs: 3));
        var report = new TrainingReport(Hostile);
        report.Add(Hostile, pipeline.Fit(data), data);
        string html = report.ToHtml();
        Assert.DoesNotContain("<b", html.Replace("<body", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("<b onclick=\"alert('x')\">&\uFFFD\uFFFD\uFFFD\uFFFD</b>", Parse(html).Descendants("h1").Single().Value);
    }

    [Fact]
    public void TheCultureOfTheReaderDoesNotMatter()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        TrainingReport report = EngineReport();
        string html = report.ToHtml();
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(html, report.ToHtml());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void AReportOfManyRowsAndEpochsStaysSmall()
    {
        const int Rows = 100_000;
        var random = new Random(1);
        var report = new TrainingReport("large");
        report.Add("scored", _context.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(_ => new BinaryRow
        {
            Label = random.NextSingle() < 0.5f,
            Score = random.NextSingle(),
            Probability = random.NextSingle(),
            PredictedLabel = random.NextSingle() < 0.5f,
        })));
        report.Add("numbers", _context.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(_ => new RegressionRow
        {
            Label = random.NextSingle(),
            Score = random.NextSingle(),
        })));
        report.Add("long", Network(), new TrainingResult(
            StopReason.EpochsReached,
            new TrainingHistory(
                Enumerable.Range(1, Rows).Select(e => new EpochRecord(e, random.NextDouble(), random.NextDouble(), 0.1, e))),
            BestEpoch: 5,
            Threads: 1));
        Assert.InRange(report.ToHtml().Length, 100_000, 3_000_000);
    }

    [Fact]
    public void ASavedModelHasTheSameReport()
    {
        var data = Samples.Load(_context, "diabetes.csv", DataKind.Single);
        var model = Samples.Features(_context, data.TrainSet)
            .Append(_context.Regression.Trainers.BackPropagation("progression", hiddenLayers: [4], numberOfEpochs: 5)).Fit(data.TrainSet);
        string file = Path.Combine(_folder, "model.zip"), one = Path.Combine(_folder, "one.html"), two = Path.Combine(_folder, "two.html");
        _context.Model.Save(model, data.TrainSet.Schema, file);
        var options = new ReportOptions { LabelColumnName = "progression" };
        model.WriteReport(one, data.TestSet, options);
        _context.Model.Load(file, out _).WriteReport(two, data.TestSet, options);
        Assert.Equal(File.ReadAllText(one), File.ReadAllText(two));
    }

    [Fact]
    public void AnEngineTrainingIsReported()
    {
        XDocument page = Parse(EngineReport().ToHtml());
        Assert.Contains(page.Descendants("svg"), svg => svg.Element("title")!.Value == "Layers and weights");
        Assert.Contains("It reached the maximum number of epochs.", page.Descendants("strong").Select(e => e.Value));
    }

    [Fact]
    public void EveryOutputOfAVectorHasItsCharts()
    {
        var rows = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Vector { Features = [i], Label = [i, -i] }));
        var model = _context.Regression.Trainers.MultiOutputBackPropagation(hiddenLayers: [2], numberOfEpochs: 3).Fit(rows);
        Assert.Equal(["Predicted against actual: Label 1", "Predicted against actual: Label 2"], Titles(model, rows, "Predicted against"));
    }

    [Fact]
    public void EveryLabelOfSeveralHasItsCharts()
    {
        var rows = _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 60).Select(i => new Labels { Features = [i], Label = [i > 30, i % 2 == 0] }));
        var model = _context.BinaryClassification.Trainers.MultiLabelBackPropagation(hiddenLayers: [2], numberOfEpochs: 3).Fit(rows);
        Assert.Equal(["ROC curve: Label 1", "ROC curve: Label 2"], Titles(model, rows, "ROC"));
    }

    [Fact]
    public void AModelOfOneClassIsReported()
    {
        IDataView rows = YesNo(_ => true);
        var model = _context.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [2]).Fit(rows);
        string path = Path.Combine(_folder, "one.html");
        model.WriteReport(path, rows);
        string text = Parse(File.ReadAllText(path)).Root!.Value;
        Assert.Contains("All training rows belonged to one class", text, StringComparison.Ordinal);
        Assert.Contains("The importances of the features were not measured: All rows belong to one class.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFeatureThatDecidesIsTheMostImportant()
    {
        // The first feature is the label, up to a threshold; the second says nothing of it.
        IDataView rows = YesNo(i => i < 30);
        var model = _context.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [4], numberOfEpochs: 50).Fit(rows);
        var bars = new SvgChart(model.PlotImportances(rows)).Marks("bar");
        Assert.Equal(["Features 1", "Features 2"], bars.Select(bar => bar.Tip.Split('\n')[0]));
        Assert.InRange(SvgChart.Parse(bars[0].Tip.Split(": ")[1].Split(' ')[0]), 0.2, 1);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => _context.Transforms.CopyColumns("Score", "Label").Fit(rows).PlotImportances(rows));
        Assert.Contains("Label", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsAndTrainingDataAreListed()
    {
        IDataView rows = YesNo(i => i < 15);
        var options = new BackPropagationBinaryTrainer.Options { HiddenLayers = [3], NumberOfEpochs = 4, Optimizer = Optimizer.Adam(0.01) };
        string path = Path.Combine(_folder, "options.html");
        _context.BinaryClassification.Trainers.BackPropagation(options).Fit(rows)
            .WriteReport(path, rows, new ReportOptions { TrainerOptions = options, TrainingData = rows });
        var table = Parse(File.ReadAllText(path)).Descendants("tr").Where(row => row.Elements().Count() == 2)
            .ToLookup(row => row.Element("th")!.Value, row => row.Element("td")?.Value);
        Assert.Contains("4 (changed)", table["NumberOfEpochs"]);
        Assert.Contains("True", table["Shuffle"]);
        Assert.Contains("15 (25\u202F%)", table["Label true"]);
    }

    [Fact]
    public void WithNothingToReportItSaysSo()
    {
        var rows = _context.Data.LoadFromEnumerable([new RegressionRow { Label = 1 }]);
        var other = _context.Transforms.CopyColumns("Copy", "Label").Fit(rows);
        string path = Path.Combine(_folder, "nothing.html");
        ArgumentException error = Assert.Throws<ArgumentException>(() => other.WriteReport(path));
        Assert.Contains("nothing to report without test data", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void AReportThatCannotBeWrittenLeavesNothing()
    {
        TrainingReport report = EngineReport();
        Assert.Throws<DirectoryNotFoundException>(() => report.Save(Path.Combine(_folder, "missing", "report.html")));
        string path = Path.Combine(_folder, "report.html");
        report.Save(path);
        Assert.Equal(report.ToHtml(), File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    private IDataView YesNo(Func<int, bool> label) => _context.Data.LoadFromEnumerable(
        Enumerable.Range(0, 60).Select(i => new OneLabel { Features = [i, i % 3], Label = label(i) }));

    private static Network<float> Network() =>
        new NetworkBuilder(inputs: 2).Add(3, Activation.Tanh).Add(1, Activation.Logistic).Build<float>(seed: 1);

    private static TrainingReport EngineReport()
    {
        Network<float> network = Network();
        var xor = new DataSet<float>(new float[] { 0, 0, 0, 1, 1, 0, 1, 1 }, 2, new float[] { 0, 1, 1, 0 }, 1);
        TrainingResult result = new NetworkTrainer<float>(network, new TrainingOptions { Epochs = 20 }).Train(xor);
        var report = new TrainingReport("xor");
        report.Add("xor", network, result, [.. result.History.Select(epoch => epoch.TrainingLoss + 0.1)]);
        return report;
    }

    private string[] Titles(ITransformer model, IDataView rows, string start)
    {
        string path = Path.Combine(_folder, "titles.html");
        model.WriteReport(path, rows);
        return [.. Parse(File.ReadAllText(path)).Descendants("svg").Select(svg => svg.Element("title")!.Value)
            .Where(title => title.StartsWith(start, StringComparison.Ordinal))];
    }

    private static XDocument Parse(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    public sealed class Named
    {
        public float A { get; set; }

        public float B { get; set; }

        public string Label { get; set; } = "";
    }

    public sealed class Vector
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        [VectorType(2)]
        public float[] Label { get; set; } = [];
    }

    public sealed class Labels
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        [VectorType(2)]
        public bool[] Label { get; set; } = [];
    }

    public sealed class OneLabel
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
