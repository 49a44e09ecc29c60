using System.Diagnostics;
using BpTrainer.Examples.Compare;

namespace BpTrainer.Examples.Tests.Compare;

public sealed class CultureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The program in a process of its own, since the culture of a machine is read when a process begins.
    [Fact]
    public void TheCultureOfTheMachineChangesNothing()
    {
        string data = _folder.Write("data.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(r => $"{r % 7}.5,-{r % 7}.25\n")));
        string expected = Metrics("C");
        Assert.NotEmpty(expected);
        Assert.All(["de_DE.UTF-8", "sv_SE.UTF-8", "ar_SA.UTF-8", "tr_TR.UTF-8"], culture => Assert.Equal(expected, Metrics(culture)));

        string Metrics(string culture)
        {
            string program = Path.Combine(AppContext.BaseDirectory, "Compare.dll");
            var start = new ProcessStartInfo(
                Environment.ProcessPath!,
                [
                    program, "--data", data, "--label", "y", "--task", "regression",
                    "--splits", "2", "--test-fraction", "0.25", "--trainers", "BackPropagation",
                ])
            {
                RedirectStandardOutput = true,
                Environment = { ["LC_ALL"] = culture, ["LANG"] = culture },
            };
            using var process = Process.Start(start)!;
            string[] cells = process.StandardOutput.ReadToEnd().Split('|');
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            // The heading and the metrics; the two cells after them are times.
            return string.Join('|', cells[..^3]);
        }
    }
}
