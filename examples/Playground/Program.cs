using BpTrainer.Examples;
using BpTrainer.Examples.Playground;

if (args.Length > 1)
{
    Console.Error.WriteLine("Error: give the name of the page to write, or nothing for playground.html.");
    return 2;
}

string file = args is [var name] ? name : "playground.html";
try
{
    WholeFile.Check(file);
    WholeFile.Write(file, Page.Of(PointSet.All.Select(set => (set, SurfaceRun.Both(set)))));
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
{
    Console.Error.WriteLine($"Error: '{file}' cannot be written: {e.Message}");
    return 2;
}

Console.Out.WriteLine($"Wrote {file}: open it in a browser.");
return 0;
