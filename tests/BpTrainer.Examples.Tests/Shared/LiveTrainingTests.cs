namespace BpTrainer.Examples.Tests.Shared;

/// <summary>What a person sees of a training while it goes on.</summary>
public class LiveTrainingTests
{
    // Of 8 steps a line, the lowest loss has 1 and the highest all: 0.5 has 1 + 3.5, rounded to 5 steps of 8, or 1 + 7.5, to 9 of 16.
    [Theory]
    [InlineData(1, new[] { "█▅▁" })]
    [InlineData(2, new[] { "█▁ ", "██▁" })]
    public void TheCurveReachesFromTheLowestLossToTheHighest(int height, string[] lines) =>
        Assert.Equal(lines, View(1, 0.5, 0).Curve(width: 10, height));

    [Fact]
    public void ALongTrainingIsThinnedFromItsFirstEpochToItsLast() => Assert.Equal(
        ["█▅▁"], View([.. Enumerable.Range(0, 101).Select(epoch => 100.0 - epoch)]).Curve(width: 3, height: 1));

    [Fact]
    public void ALossThatIsNotFiniteHasNoColumn()
    {
        Assert.Equal(["█ ▁"], View(1, double.NaN, 0).Curve(width: 10, height: 1));
        Assert.Empty(View(double.PositiveInfinity).Curve(width: 10, height: 1));
        Assert.Empty(new TrainingView().Curve(width: 10, height: 1));
        Assert.Equal(["▁▁"], View(3, 3).Curve(width: 10, height: 1));
    }

    [Fact]
    public void TheLineHasTheFiguresOfTheLastEpoch()
    {
        var view = new TrainingView(mostEpochs: 10);
        Assert.Equal("", view.Line());
        view.Add(new EpochRecord(1, 0.5, 0.75, 0.01, 1));
        view.Add(new EpochRecord(2, 0.123456, 0.25, 0.02, 3));
        Assert.Equal(
            "epoch 2 of 10: training loss 0.1235, validation loss 0.25, learning rate 0.02, at most 12.0 s left", view.Line());
        Assert.Equal("validation loss 0.25", view.Loss());
    }

    [Fact]
    public void AnotherTrainingBeginsAnew()
    {
        TrainingView view = View(1, 0.5, 0);
        view.Add(Epoch(1, 7));
        Assert.Equal(["▁"], view.Curve(width: 10, height: 1));
        Assert.Equal("epoch 1: training loss 7, learning rate 0.01", view.Line());
        Assert.Equal("training loss 7", view.Loss());
    }

    [Fact]
    public void WithoutATerminalThereIsALineForTheFirstAndEveryTenthEpoch()
    {
        var writer = new StringWriter();
        Assert.Equal(42, LiveTraining.Show(Terminal.On(writer), 25, onEpoch => Train(onEpoch, 25)));
        string[] lines = writer.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.Equal(["  epoch 1 of 25:", "  epoch 10 of 25:", "  epoch 20 of 25:"], lines.Select(line => line[..(line.IndexOf(':') + 1)]));
        Assert.DoesNotContain('\u001b', writer.ToString());
    }

    [Fact]
    public void OnATerminalTheEpochAndTheCurveStandInPlace()
    {
        using var terminal = new FakeTerminal();
        Assert.Equal(42, LiveTraining.Show(terminal.Console(), 25, onEpoch => Train(onEpoch, 25)));
        Assert.Contains("epoch 1 of 25: training loss 1,", terminal.ToString());
        Assert.Contains("▁", terminal.ToString());
        Assert.Contains('\u001b', terminal.ToString());
    }

    private static int Train(Action<EpochRecord> onEpoch, int epochs)
    {
        for (int epoch = 1; epoch <= epochs; epoch++)
            onEpoch(Epoch(epoch, 1.0 / epoch));
        return 42;
    }

    private static TrainingView View(params double[] losses)
    {
        var view = new TrainingView();
        foreach ((int index, double loss) in losses.Index())
            view.Add(Epoch(index + 1, loss));
        return view;
    }

    private static EpochRecord Epoch(int number, double loss) => new(number, loss, ValidationLoss: null, LearningRate: 0.01, number);
}
