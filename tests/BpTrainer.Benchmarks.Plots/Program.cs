using BpTrainer.Benchmarks.Plots;

const string ProcessorTime = "--processor-time";
const string Comparison = "comparison";
switch (args)
{
    case [Comparison, string docs]:
        DrawComparison(docs);
        return 0;
    case [string file, string folder]:
        DrawScaling(file, folder, isProcessorTime: false);
        return 0;
    case [string file, string folder, ProcessorTime]:
        DrawScaling(file, folder, isProcessorTime: true);
        return 0;
    default:
        Console.Error.WriteLine($"Usage: BpTrainer.Benchmarks.Plots JSON-LINES FOLDER [{ProcessorTime}]");
        Console.Error.WriteLine($"   or: BpTrainer.Benchmarks.Plots {Comparison} docs");
        Console.Error.WriteLine(
            $"The first draws what 'BpTrainer.Benchmarks scaling' printed; {ProcessorTime} for what was measured on a busy machine.");
        Console.Error.WriteLine("The second draws docs/images/comparison.svg from the figures in docs, and prints them as the table of the README.");
        return 2;
}

static void DrawScaling(string file, string folder, bool isProcessorTime)
{
    Directory.CreateDirectory(folder);
    foreach (IGrouping<string, ScalingPoint> axis in ScalingPoint.Read(file).GroupBy(point => point.Axis))
    {
        var picture = new ScalingPicture([.. axis], isProcessorTime);
        File.WriteAllText(Path.Combine(folder, $"scaling-{axis.Key}.svg"), picture.ToSvg());
        foreach (string law in picture.Laws)
        {
            Console.WriteLine($"{axis.Key}: {law}");
        }
    }
}

static void DrawComparison(string docs)
{
    string images = Path.Combine(docs, "images");
    IReadOnlyList<SuiteStanding> standings = SuiteStanding.Read(Path.Combine(images, "suite.jsonl"));
    IReadOnlyList<FitTime> fits = FitTime.Read(Path.Combine(docs, "comparison.md"));
    IReadOnlyList<SpeedRatio> speeds = SpeedRatio.Read(Path.Combine(docs, "performance.md"));
    File.WriteAllText(Path.Combine(images, "comparison.svg"), ComparisonPicture.Of(standings, fits, speeds));
    Console.Write(ComparisonTable.Of(standings, fits, speeds));
}
