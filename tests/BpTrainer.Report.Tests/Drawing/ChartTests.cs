using System.Xml.Linq;
using BpTrainer.Report.Drawing;

namespace BpTrainer.Report.Tests.Drawing;

/// <summary>What all charts do: sizes, files, and the parts that they are drawn with.</summary>
public class ChartTests
{
    private static readonly TrainingHistory s_history = Histories.Histories.Falling(5);

    [Theory]
    [InlineData(199, 400)]
    [InlineData(10_001, 400)]
    [InlineData(640, 149)]
    [InlineData(640, 10_001)]
    public void ASizeOutOfItsRangeIsRefused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => s_history.PlotLoss().ToSvg(width, height));

    [Theory]
    [InlineData(200, 150)]
    [InlineData(10_000, 10_000)]
    public void EverySizeInTheRangeIsDrawn(int width, int height) =>
        Assert.Equal(5, new SvgChart(s_history.PlotLoss(), width, height).Marks("c1").Count);

    [Fact]
    public void AChartIsSavedAsItIs()
    {
        string folder = Directory.CreateTempSubdirectory("bptrainer-chart-").FullName;
        string path = Path.Combine(folder, "loss.svg");
        s_history.PlotLoss().Save(path);
        Assert.Equal(s_history.PlotLoss().ToSvg(), File.ReadAllText(path));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void AChartHasATitleADescriptionAndBothThemes()
    {
        XElement svg = XDocument.Parse(s_history.PlotLoss().ToSvg()).Root!;
        Assert.Equal("http://www.w3.org/2000/svg", svg.Name.NamespaceName);
        Assert.Equal(["title", "desc"], svg.Elements().Take(2).Select(e => e.Name.LocalName));
        string style = svg.Elements().Single(e => e.Name.LocalName == "style").Value;
        Assert.Contains("prefers-color-scheme: dark", style, StringComparison.Ordinal);
    }

    [Fact]
    public void TheNetworkShowsAtMostTenUnitsOfALayerAndItsWeights()
    {
        Network<float> network = new NetworkBuilder(inputs: 3).Add(40, Activation.Tanh).Add(1, Activation.Linear).Build<float>(seed: 1);
        network.Layers[0].SetWeight(2, 39, -0.125f);
        network.Layers[1].SetBias(0, 0.75f);
        var chart = new SvgChart(network.Plot(["a", "b", "c"]));
        Assert.Equal(3 + 10 + 1, chart.Marks("unit").Count);
        Assert.Equal((3 * 10) + (10 * 1), chart.Marks("weight").Count);
        Assert.Contains(chart.Marks("weight", "c2"), mark => mark.Tip == "weight −0.125\nfrom unit 3 to unit 40");
        Assert.Contains(chart.Marks("unit"), mark => mark.Tip == "unit 1\nbias 0.75");
        Assert.Contains(chart.Marks("unit"), mark => mark.Tip == "input 2: b");
    }

    // The numbers of ticks are those of the rule: steps of 1, 2 or 5 times a power of ten, at most so many.
    [Theory]
    [InlineData(0, 1, 5, "0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 1, 2, "0 0.5 1.0")]
    [InlineData(-3, 47, 5, "0 10 20 30 40")]
    [InlineData(1234, 1239, 5, "1,234 1,235 1,236 1,237 1,238 1,239")]
    [InlineData(0, 3e6, 3, "0 1e6 2e6 3e6")]
    [InlineData(0, 2e-6, 2, "0 1e−6 2e−6")]
    public void TicksAreRound(double lowest, double highest, int most, string expected) =>
        Assert.Equal(expected, string.Join(' ', new LinearAxis("", lowest, highest).Ticks(most).Select(tick => tick.Text)));

    [Theory]
    [InlineData(1, 1000, 9, "1 2 5 10 20 50 100 200 500 1,000")]
    [InlineData(1, 1e8, 4, "1 100 10,000 1e6 1e8")]
    [InlineData(1, 5, 4, "1 2 3 4 5")]
    public void TicksOfALogarithmicAxisAreRound(double lowest, double highest, int most, string expected) =>
        Assert.Equal(expected, string.Join(' ', new LogAxis("", lowest, highest).Ticks(most).Select(tick => tick.Text)));

    [Theory]
    [InlineData(0.000123456, "0.0001235")]
    [InlineData(0.000012345, "1.235e−5")]
    [InlineData(-12.3456, "−12.35")]
    [InlineData(1234.4, "1,234")]
    [InlineData(999.96, "1,000")]
    [InlineData(1234567, "1.235e6")]
    [InlineData(0, "0")]
    [InlineData(double.NaN, "not a number")]
    [InlineData(double.PositiveInfinity, "∞")]
    public void NumbersHaveFourDigits(double number, string expected) => Assert.Equal(expected, NumberText.Of(number));

    [Theory]
    [InlineData(55.2345, 4.16, "55.2 ± 4.2")]
    [InlineData(0.4824, 0.0867, "0.482 ± 0.087")]
    [InlineData(1234.4, 123, "1,234 ± 123")]
    [InlineData(5, 0, "5 ± 0")]
    public void AMeanHasTheDecimalsOfItsSpread(double mean, double spread, string expected) =>
        Assert.Equal(expected, NumberText.WithSpread(mean, spread));
}
