using System.Text;

namespace BpTrainer.Benchmarks.Plots;

/// <summary>Strength and speed as the table of the README.</summary>
internal static class ComparisonTable
{
    /// <summary>The table in Markdown.</summary>
    public static string Of(IReadOnlyList<SuiteStanding> standings, IReadOnlyList<FitTime> fits, IReadOnlyList<SpeedRatio> speeds)
    {
        string[] names = [.. standings.Select(standing => standing.Name), "PyTorch"];
        var table = new StringBuilder();
        Append("", names);
        Append("---", [.. names.Select(_ => "---:")]);
        Append("Mean rank by error", Cells(standing => $"{standing.RankByError:0.0}"));
        Append("Mean rank by log-loss", Cells(standing => $"{standing.RankByLogLoss:0.0}"));
        Append("Calibration error", Cells(standing => $"{standing.CalibrationError:0.000}"));
        Append("Seconds of a fit, 569 × 30", [.. names.Select(FitOf)]);
        Append("Speed of training a network of 784-256-10", [.. names.Select(SpeedOf)]);
        return table.ToString();

        void Append(string head, string[] cells) => table.Append($"| {head} | {string.Join(" | ", cells)} |\n");

        string[] Cells(Func<SuiteStanding, FormattableString> text) => [.. standings.Select(one => FormattableString.Invariant(text(one))), "–"];

        string FitOf(string name) =>
            fits.SingleOrDefault(fit => fit.Name == name) is { } fit ? FormattableString.Invariant($"{fit.Seconds:0.00}") : "–";

        string SpeedOf(string name) => name == names[0] ? "1"
            : speeds.SingleOrDefault(speed => speed.Peer == name && speed.Work == "train 784-256-10") is { } speed
                ? FormattableString.Invariant($"{1 / speed.Ratio:0.00}")
                : "–";
    }
}
