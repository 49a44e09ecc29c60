using System.Globalization;

namespace BpTrainer.Benchmarks.Plots;

/// <summary>How many times as fast as another library the same work is, by the table of docs/performance.md.</summary>
/// <param name="Work">The work, in a few words.</param>
/// <param name="Peer">The library.</param>
/// <param name="Ratio">Our rate over its.</param>
internal sealed record SpeedRatio(string Work, string Peer, double Ratio)
{
    private static readonly Dictionary<string, string> s_works = new()
    {
        ["784-256-10 ReLU, batch 128, 1 thread"] = "train 784-256-10",
        ["13-50-1 tanh, batch 32, 1 thread"] = "train 13-50-1",
        ["Score blocks, 784-256-10, 1 thread"] = "score 784-256-10",
        ["ML.NET Transform, 20 features"] = "score in ML.NET",
    };

    private static readonly string[] s_peers = ["LightGBM", "FastTree", "scikit-learn", "PyTorch"];

    /// <summary>Reads the table that <c>compare.sh</c> printed, between the marks of the page.</summary>
    public static IReadOnlyList<SpeedRatio> Read(string page) =>
    [
        .. File.ReadLines(page).SkipWhile(line => line != "<!-- speed -->").TakeWhile(line => line != "<!-- /speed -->")
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 5 && s_works.ContainsKey(cells[1]) && s_peers.Contains(cells[3]))
            .Select(cells => new SpeedRatio(s_works[cells[1]], cells[3], double.Parse(cells[5], CultureInfo.InvariantCulture))),
    ];
}
