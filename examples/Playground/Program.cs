using BpTrainer.Examples;
using BpTrainer.Examples.Playground;

if (args.Length > 1)
{
    Console.Error.WriteLine("Error: give the name of a file, nothing for the page playground.html, or NAME.svg for the spirals alone.");
    return 2;
}

string file = args is [var name] ? name : "playground.html";
try
{
    WholeFile.Check(file);
    bool isPicture = Path.GetExtension(file).Equals(".svg", StringComparison.OrdinalIgnoreCase);
    WholeFile.Write(file, isPicture ? Spirals() : Page.Of(PointSet.All.Select(set => (set, SurfaceRun.Both(set)))));
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
{
    Console.Error.WriteLine($"Error: '{file}' cannot be written: {e.Message}");
    return 2;
}

Console.Out.WriteLine($"Wrote {file}: open it in a browser.");
return 0;

static string Spirals()
{
    PointSet spirals = PointSet.All.Single(set => set.Name == "Spirals");
    return Strip.Of(spirals, SurfaceRun.Both(spirals)[0]);
}
