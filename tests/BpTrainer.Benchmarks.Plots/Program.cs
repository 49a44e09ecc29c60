using BpTrainer.Benchmarks.Plots;

if (args is not [string file, string folder])
{
    Console.Error.WriteLine("Usage: BpTrainer.Benchmarks.Plots JSON-LINES FOLDER: draws what 'BpTrainer.Benchmarks scaling' printed.");
    return 2;
}

Directory.CreateDirectory(folder);
foreach (IGrouping<string, ScalingPoint> axis in ScalingPoint.Read(file).GroupBy(point => point.Axis))
{
    var picture = new ScalingPicture([.. axis]);
    File.WriteAllText(Path.Combine(folder, $"scaling-{axis.Key}.svg"), picture.ToSvg());
    foreach (string law in picture.Laws)
    {
        Console.WriteLine($"{axis.Key}: {law}");
    }
}

return 0;
