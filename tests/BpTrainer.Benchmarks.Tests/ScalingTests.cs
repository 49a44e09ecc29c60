using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;

namespace BpTrainer.Benchmarks.Tests;

/// <summary>The command scaling, and the program that draws what it prints.</summary>
public sealed class ScalingTests : CommandTests, IDisposable
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";
    private readonly string _folder = Directory.CreateTempSubdirectory("bptrainer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("rows", "300", "32-64-1", 300, 128, 1)]
    [InlineData("rows", "50", "32-64-1", 50, 50, 1)]
    [InlineData("width", "3", "64-3-3-10", 4096, 128, 1)]
    [InlineData("depth", "3", "64-128-128-128-10", 4096, 128, 1)]
    [InlineData("batch", "500", "784-256-10", 4096, 500, 1)]
    [InlineData("networks", "2", "32-128-128-1", 4096, 32, 2)]
    public void OneThingGrows(string axis, string value, string net, int rows, int batch, int networks)
    {
        JsonElement line = Line("scaling", "--axis", axis, "--values", value, "--milliseconds", "1");

        Assert.Equal(axis, line.GetProperty("axis").GetString());
        Assert.Equal(value, line.GetProperty("value").GetRawText());
        Assert.Equal(net, line.GetProperty("net").GetString());
        Assert.Equal(rows, Number(line, "rows"));
        Assert.Equal(batch, Number(line, "batch"));
        Assert.Equal(networks, Number(line, "networks"));
        Assert.Equal(1, Number(line, "most_threads"));
        Assert.Equal(1, Number(line, "threads"));
        double rate = Number(line, "samples_per_second");
        Assert.InRange(rate * Number(line, "seconds_per_epoch") / (rows * networks), 0.999, 1.001);
        Assert.InRange(Number(line, "cpu_seconds_per_epoch"), 1e-9, 10);
        Assert.InRange(Number(line, "share_of_peak"), 1e-5, 1.1);
        Assert.InRange(Number(line, "gflops"), 0, 1.1 * Number(line, "peak_gflops"));
        string[] units = net.Split('-');
        double bytesOfRow = sizeof(float) * (int.Parse(units[0], CultureInfo.InvariantCulture)
            + int.Parse(units[^1], CultureInfo.InvariantCulture));
        Assert.Equal(rows * bytesOfRow, Number(line, "data_bytes"));
        Assert.InRange(Number(line, "peak_bytes"), Number(line, "data_bytes") + 1e7, 1e12);
        Assert.InRange(Number(line, "allocated_bytes"), 1, 1e8);
    }

    [Fact]
    public void TheAxisOfThreadsIsNotBoundByTheOption()
    {
        JsonElement line = Line("scaling", "--axis", "threads", "--values", "2", "--threads", "1", "--milliseconds", "1");
        Assert.Equal(2, Number(line, "most_threads"));
        Assert.Equal(2, Number(line, "threads"));
    }

    /// <summary>Every value in a process of its own, and their lines drawn.</summary>
    [Fact]
    public void WhatIsMeasuredIsDrawn()
    {
        (int exitCode, string output, string error) = Run("scaling", "--axis", "rows", "--values", "100,400,1600", "--milliseconds", "1");
        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        double[] values =
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("value").GetDouble()),
        ];
        Assert.Equal([100, 400, 1600], values);

        string[] laws = Draw(output);
        Assert.Equal(2, laws.Length);
        Assert.StartsWith("rows: time, 1 thread: ", laws[0]);
        Assert.StartsWith("rows: memory, 1 thread: ", laws[1]);
        Assert.Equal(6, Points("rows").Count);
    }

    [Fact]
    public void LawsAreFound()
    {
        // 10⁻⁴ n^1.5 seconds, 50 MB and 100 bytes for each.
        string[] laws = Draw(Lines("rows", [10, 100, 1000, 10000], n => 1e-4 * Math.Pow(n, 1.5), n => 5e7 + (100 * n)));
        Assert.Equal("rows: time, 1 thread: ~ n^1.50 (0.0 % off)", laws[0]);
        Assert.Equal("rows: memory, 1 thread: 50.0 MB + 100 B · n (0.0 % off)", laws[1]);
    }

    [Fact]
    public void ProcessorTimeIsDrawnInstead()
    {
        // In the lines it is the square of the time of the clock.
        string lines = Lines("rows", [1, 10, 100], n => 0.1 * n, n => 5e7 * n);
        Assert.Equal("rows: time, 1 thread: ~ n^1.00 (0.0 % off)", Draw(lines)[0]);
        Assert.Equal("rows: time, 1 thread: ~ n^2.00 (0.0 % off)", Draw(lines, "--processor-time")[0]);
        Assert.Contains("processor time of an epoch (s)", Picture("rows").Value);
    }

    [Fact]
    public void ABendIsFound()
    {
        // √n up to 40, then n²; both are 0.01 · √40 there. Memory grows with the square.
        double Seconds(double n) => n <= 40 ? 0.01 * Math.Sqrt(n) : 0.01 * Math.Sqrt(40) * Math.Pow(n / 40, 2);
        string[] laws = Draw(Lines("width", [10, 20, 40, 80, 160, 320], Seconds, n => 5e7 + (4 * n * n)));
        Assert.Equal("width: time, 1 thread: ~ n^0.50 to 40, ~ n^2.00 behind (0.0 % off)", laws[0]);
        Assert.Equal("width: memory, 1 thread: 50.0 MB + 4 B · n² (0.0 % off)", laws[1]);
    }

    [Fact]
    public void PointsWithoutALawHaveNone()
    {
        double[] seconds = [1, 3, 1, 3];
        string[] laws = Draw(Lines("depth", [1, 2, 3, 4], n => seconds[(int)n - 1], n => 5e7));
        Assert.StartsWith("depth: time, 1 thread: no law, not even ", laws[0]);
        Assert.DoesNotContain("n^", Picture("depth").Value);
    }

    [Fact]
    public void PointsStandWhereTheirLogarithmsDo()
    {
        double[] values = [1, 10, 1000, 10000];
        Draw(Lines("batch", values, n => 0.1 / n, n => 1e8 * n));

        // Both plots have the same numbers of points and the same axis below.
        List<(double X, double Y)> points = Points("batch");
        Assert.Equal(2 * values.Length, points.Count);
        foreach ((double X, double Y)[] plot in points.Chunk(values.Length))
        {
            double right = (plot[3].X - plot[0].X) / 4;
            double down = (plot[3].Y - plot[0].Y) / 4;
            Assert.True(right > 20);
            for (int k = 0; k < values.Length; k++)
            {
                Assert.Equal(plot[0].X + (right * Math.Log10(values[k])), plot[k].X, tolerance: 0.1);
                Assert.Equal(plot[0].Y + (down * Math.Log10(values[k])), plot[k].Y, tolerance: 0.1);
            }
        }

        // Up is less on a screen: time falls, memory rises.
        Assert.True(points[0].Y < points[3].Y);
        Assert.True(points[4].Y > points[7].Y);
        Assert.Contains("time of an epoch (s)", Picture("batch").Value);
        Assert.Contains("peak memory of the process (MB)", Picture("batch").Value);
    }

    private protected override int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error) =>
        JsonCommands.Run(arguments, output, error);

    private static string Lines(string axis, double[] values, Func<double, double> seconds, Func<double, double> bytes) => string.Join(
        '\n',
        values.Select(value => JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["axis"] = axis,
            ["title"] = "things",
            ["value"] = value,
            ["most_threads"] = 1,
            ["seconds_per_epoch"] = seconds(value),
            ["cpu_seconds_per_epoch"] = Math.Pow(seconds(value), 2),
            ["peak_bytes"] = bytes(value),
        })));

    /// <summary>Draws lines, and gives the laws that the program prints.</summary>
    private string[] Draw(string lines, params string[] options)
    {
        string file = Path.Combine(_folder, "lines.json");
        File.WriteAllText(file, lines);
        return PlotsRun.Of([file, _folder, .. options]);
    }

    private XElement Picture(string axis) => XDocument.Load(Path.Combine(_folder, $"scaling-{axis}.svg")).Root!;

    /// <summary>The centres of the points in the order in which they were drawn; those of a legend stand beside texts.</summary>
    private List<(double X, double Y)> Points(string axis) =>
    [
        .. Picture(axis).Descendants(s_svg + "g").Where(group => !group.Elements(s_svg + "text").Any())
            .SelectMany(group => group.Elements(s_svg + "ellipse"))
            .Select(ellipse => ((double)ellipse.Attribute("cx")!, (double)ellipse.Attribute("cy")!)),
    ];
}
