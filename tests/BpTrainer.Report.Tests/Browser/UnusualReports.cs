namespace BpTrainer.Report.Tests.Browser;

/// <summary>Reports whose names are long, whose numbers are very large or very small, or whose classes are many.</summary>
internal static class UnusualReports
{
    public static IEnumerable<string> Names => ["long-names", "extreme-numbers", "many-classes"];

    public static string Html(string name) => name switch
    {
        "long-names" => LongNames(),
        "extreme-numbers" => ExtremeNumbers(),
        "many-classes" => ManyClasses(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static string LongNames()
    {
        const string Long = "a_name_of_a_column_that_goes_on_and_on_without_any_space_for_more_than_eighty_characters_in_all";
        string[] names = [$"BackPropagation:momentum=0.9:adaptive=true:{Long}", "Größenverhältnis 大きさの比率がとても長い名前の訓練器", "C"];
        var comparison = new TrainerComparison(
            [new($"RMSE of {Long}", false), new("R²", true)],
            [.. names.Select((name, i) => new ComparedTrainer(name, [[1 + i, 0.5], [1.5 + i, 0.25]]))]);
        var report = new TrainingReport(Long) { Comparison = comparison };
        foreach (string name in names)
        {
            report.Add(name, Network(), Result([0.5, 0.4, 0.3]));
        }

        return report.ToHtml();
    }

    private static string ExtremeNumbers()
    {
        var report = new TrainingReport("extreme numbers");
        report.Add("large", Network(), Result([1.2345e300, 1e10, 12345678.9, 1e-5, -123456.789]));
        report.Add("small", Network(), Result([1.23e-30, 1.24e-30, 1.25e-30]));
        report.Add("diverged", Network(), Result([1, double.PositiveInfinity, double.NaN]));
        report.Add("none", Network(), Result([]));
        return report.ToHtml();
    }

    private static string ManyClasses()
    {
        var context = new MLContext(seed: 1);
        var rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, 400).Select(i => new Row
        {
            Features = [i % 20, i % 7],
            Label = $"class number {i % 20} of the twenty",
        }));
        var model = context.Transforms.Conversion.MapValueToKey("Label")
            .Append(context.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [8], numberOfEpochs: 5)).Fit(rows);
        var report = new TrainingReport("many classes");
        report.Add("many classes", model, rows);
        return report.ToHtml();
    }

    private static Network<float> Network() =>
        new NetworkBuilder(inputs: 100).Add(20, Activation.Tanh).Add(15, Activation.Linear).Build<float>(seed: 1);

    private static TrainingResult Result(double[] losses) => new(
        StopReason.EpochsReached,
        new TrainingHistory(losses.Select((loss, i) => new EpochRecord(i + 1, loss, loss * 1.01, 1e-7, i * 1e-4) { GradientNorm = loss })),
        BestEpoch: Math.Min(1, losses.Length),
        Threads: 1);

    public sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
