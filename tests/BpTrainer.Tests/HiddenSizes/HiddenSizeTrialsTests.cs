namespace BpTrainer.Tests.HiddenSizes;

/// <summary>Which size is chosen, from figures by hand.</summary>
public class HiddenSizeTrialsTests
{
    [Theory]
    [InlineData(0.5, 0.4, 0.3, 8)]
    [InlineData(0.5, 0.3, 0.4, 4)]
    [InlineData(0.5, 0.3, 0.3, 4)]
    [InlineData(0.3, 0.3, 0.3, 2)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, 0.3, 8)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, 2)]
    public void OfSingleRunsTheLowestLossIsChosenAndOfTiesTheSmallestSize(double two, double four, double eight, int choice)
    {
        var trials = new HiddenSizeTrials([Trial(8, eight), Trial(2, two), Trial(4, four)]);
        Assert.Equal([2, 4, 8], trials.Trials.Select(trial => trial.Units));
        Assert.Equal(choice, trials.Choice.Units);
        Assert.All(trials.Trials, trial => Assert.Null(trial.StandardError));
    }

    [Theory]
    [InlineData(0.52, 2)]
    [InlineData(0.55, 4)]
    public void OfFoldsTheSmallestSizeWithinOneStandardErrorIsChosen(double two, int choice)
    {
        // 8 units: mean 0.3, deviations −0.1, 0, 0.1: s² = 0.02 / 2 = 0.01, standard error 0.1 / √3 = 0.0577, bound 0.3577.
        // 4 units: mean 0.35, within. 2 units: mean (0.25 + 0.3 + two) / 3 = 0.3567, within, or 0.3667, not.
        var trials = new HiddenSizeTrials([Trial(2, 0.25, 0.3, two), Trial(4, 0.35, 0.35, 0.35), Trial(8, 0.2, 0.3, 0.4)]);
        Close.Absolute(0.1 / Math.Sqrt(3), trials.Trials[2].StandardError!.Value, 1e-15);
        Close.Absolute(0.3, trials.Trials[2].ValidationLoss, 1e-15);
        Assert.Equal(choice, trials.Choice.Units);
    }

    [Fact]
    public void AFoldThatDivergedCountsAgainstItsSize()
    {
        var trials = new HiddenSizeTrials([Trial(2, 0.5, 0.5), Trial(4, 0.1, double.PositiveInfinity)]);
        Assert.Equal(2, trials.Choice.Units);
        Assert.Equal(double.PositiveInfinity, trials.Trials[1].ValidationLoss);
        Assert.Null(trials.Trials[1].StandardError);
    }

    [Fact]
    public void TheTableHasALineASize()
    {
        string[] lines = new HiddenSizeTrials([Trial(2, 0.5), Trial(4, 0.25)]).ToString().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal(["4", "40", "0.25", "7", "1.500", "EpochsReached", "*"], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("*", lines[1]);
    }

    [Fact]
    public void SizesComeOnce()
    {
        Assert.Throws<ArgumentException>("trials", () => new HiddenSizeTrials([]));
        Assert.Throws<ArgumentException>("trials", () => new HiddenSizeTrials([Trial(2, 0.5), Trial(2, 0.5)]));
    }

    private static HiddenSizeTrial Trial(int units, params double[] losses) => new(
        units, 10 * units, [.. losses.Select(loss => new HiddenSizeRun(loss, 5, 7, 1.5, StopReason.EpochsReached))]);
}
