using BpTrainer.Benchmarks.Plots;

const string ProcessorTime = "--processor-time";
const string Comparison = "comparison";
switch (args)
{
    case [Comparison, string suite, string performance, string folder]:
        DrawComparison(suite, performance, folder);
        return 0;
    case [string file, string folder]:
        DrawScaling(file, folder, isProcessorTime: false);
        return 0;
    case [string file, string folder, ProcessorTime]:
        DrawScaling(file, folder, isProcessorTime: true);
        return 0;
    default:
        Console.Error.WriteLine($"Usage: BpTrainer.Benchmarks.Plots JSON-LINES FOLDER [{ProcessorTime}]");
        Console.Error.WriteLine($"   or: BpTrainer.Benchmarks.Plots {Comparison} JSON-LINES docs/performance.md FOLDER");
        Console.Error.WriteLine(
            $"The first draws what 'BpTrainer.Benchmarks scaling' printed; {ProcessorTime} for what was measured on a busy machine.");
        Console.Error.WriteLine(
            "The second draws what 'Compare --suite --json' wrote, and the speeds of the page, and prints both as a table.");
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

static void DrawComparison(string suite, string performance, string folder)
{
    IReadOnlyList<SuiteStanding> standings = SuiteStanding.Read(suite);
    IReadOnlyList<SpeedRatio> speeds = SpeedRatio.Read(performance);
    Directory.CreateDirectory(folder);
    File.WriteAllText(Path.Combine(folder, "comparison.svg"), ComparisonPicture.Of(standings, speeds));
    Console.Write(ComparisonTable.Of(standings, speeds));
}
