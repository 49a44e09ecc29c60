using BpTrainer.Benchmarks.Plots;

const string ProcessorTime = "--processor-time";
if (args is not ([string, string] or [string, string, ProcessorTime]))
{
    Console.Error.WriteLine($"Usage: BpTrainer.Benchmarks.Plots JSON-LINES FOLDER [{ProcessorTime}]");
    Console.Error.WriteLine($"Draws what 'BpTrainer.Benchmarks scaling' printed; {ProcessorTime} for what was measured on a busy machine.");
    return 2;
}

(string file, string folder) = (args[0], args[1]);

Directory.CreateDirectory(folder);
foreach (IGrouping<string, ScalingPoint> axis in ScalingPoint.Read(file).GroupBy(point => point.Axis))
{
    var picture = new ScalingPicture([.. axis], isProcessorTime: args.Length > 2);
    File.WriteAllText(Path.Combine(folder, $"scaling-{axis.Key}.svg"), picture.ToSvg());
    foreach (string law in picture.Laws)
    {
        Console.WriteLine($"{axis.Key}: {law}");
    }
}

return 0;
