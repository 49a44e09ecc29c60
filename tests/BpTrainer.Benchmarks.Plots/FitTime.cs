using System.Globalization;

namespace BpTrainer.Benchmarks.Plots;

/// <summary>How long a fit with default options takes, by the tables of docs/comparison.md.</summary>
/// <param name="Name">The trainer, as readers call it.</param>
/// <param name="Seconds">The mean time of a fit.</param>
internal sealed record FitTime(string Name, double Seconds)
{
    private const string Table = "breast-cancer: ";

    private static readonly Dictionary<string, string> s_trainers = new()
    {
        ["BackPropagation"] = "BpTrainer",
        ["LightGbm"] = "LightGBM",
        ["FastTree"] = "FastTree",
    };

    /// <summary>Reads the table of one set, whose last columns but one are the seconds.</summary>
    public static IReadOnlyList<FitTime> Read(string page) =>
    [
        .. File.ReadLines(page).SkipWhile(line => !line.StartsWith(Table, StringComparison.Ordinal))
            .SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => s_trainers.ContainsKey(cells[1]))
            .Select(cells => new FitTime(s_trainers[cells[1]], double.Parse(cells[^3], CultureInfo.InvariantCulture))),
    ];
}
