using BpTrainer.Report.Histories;

namespace BpTrainer.Report.Tests.Histories;

/// <summary>Whether a training overfitted, in words.</summary>
public class TrainingVerdictTests
{
    // Training and validation loss of the best epoch, 1, and of the last one, 2.
    [Theory]
    [InlineData(0.5, 0.55, 0.25, 0.66, "It began to overfit after epoch 1", "(−50\u202F%) and the validation loss 0.66 (+20\u202F%)")]
    [InlineData(0.5, 0.55, 0.45, 0.555, "No overfitting seen", "did not rise beyond the noise")]
    [InlineData(0.5, 0.55, 0.75, 0.9, "No overfitting seen", "moved away")]
    [InlineData(0.5, 0.75, 0.45, 0.75, "Somewhat", "50\u202F% more")]
    [InlineData(0.1, 0.75, 0.09, 0.75, "Somewhat", "7.5 times that")]
    [InlineData(0.5, 0.4, 0.45, 0.4, "No overfitting seen", "which is not higher")]
    public void TheBestAndTheLastEpochAreCompared(
        double training, double validation, double lastTraining, double lastValidation, string answer, string reason)
    {
        var history = new TrainingHistory([new(1, training, validation, 0.1, 1), new(2, lastTraining, lastValidation, 0.1, 2)]);
        (string said, string reasons) = TrainingVerdict.Of(history, bestEpoch: 1);
        Assert.StartsWith(answer, said, StringComparison.Ordinal);
        Assert.Contains(reason, reasons, StringComparison.Ordinal);
    }

    [Fact]
    public void ALuckyEpochAmongNoisyOnesIsNoOverfitting()
    {
        // The validation loss wobbles between 0.18 and 0.22 all the time; epoch 4 is 0.15 by chance. The training loss falls.
        double[] validation = [0.2, 0.22, 0.18, 0.15, 0.2, 0.22, 0.18, 0.22, 0.2, 0.18, 0.22, 0.19, 0.2];
        (string said, string reasons) = Verdict(validation);
        Assert.Equal("No overfitting seen", said);
        Assert.Contains("Over the last 3 epochs, compared with 2 around the best,", reasons, StringComparison.Ordinal);
    }

    [Fact]
    public void ARiseThatLastsIsOverfitting()
    {
        // On both sides of epoch 4: 0.18; at the end (0.35 + 0.37 + 0.36) / 3 = 0.36, 100 % more.
        double[] validation = [0.2, 0.22, 0.18, 0.15, 0.18, 0.22, 0.28, 0.3, 0.32, 0.33, 0.35, 0.37, 0.36];
        (string said, string reasons) = Verdict(validation);
        Assert.StartsWith("It began to overfit after epoch 4", said, StringComparison.Ordinal);
        Assert.Contains("the validation loss 0.36 (+100\u202F%)", reasons, StringComparison.Ordinal);
    }

    [Fact]
    public void ARiseFromTheFirstEpochOnIsOverfitting()
    {
        double[] validation = [0.18, 0.25, 0.26, 0.27, 0.28, 0.29, 0.3];
        Assert.StartsWith("It began to overfit after epoch 1", Verdict(validation, bestEpoch: 1).Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void EpochsThatWereUndoneDoNotCount()
    {
        var history = new TrainingHistory([new(1, 0.5, 0.5, 0.1, 1), new(2, 0.4, 5, 0.1, 2) { IsAccepted = false }]);
        Assert.Equal("No overfitting seen", TrainingVerdict.Of(history, bestEpoch: 1).Answer);
    }

    [Fact]
    public void WhereTheBestEpochIsTheLastOneNothingCameAfterIt()
    {
        (string said, string reasons) = TrainingVerdict.Of(new TrainingHistory([new(1, 0.5, 0.5, 0.1, 1)]), bestEpoch: 1);
        Assert.Equal("No overfitting seen", said);
        Assert.EndsWith("The best epoch is the last one.", reasons, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutValidationRowsNobodyCanTell() => Assert.Equal(
        "It cannot be known", TrainingVerdict.Of(new TrainingHistory([new(1, 0.5, null, 0.1, 1)]), bestEpoch: 1).Answer);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void WithoutAGoodEpochThereIsNothingToJudge(int bestEpoch) => Assert.Equal(
        "Nothing to judge", TrainingVerdict.Of(new TrainingHistory([new(1, double.NaN, double.NaN, 0.1, 1)]), bestEpoch).Answer);

    [Fact]
    public void LossesBelow0AreNotComparedAsShares()
    {
        var history = new TrainingHistory([new(1, -1, -2, 0.1, 1), new(2, -3, -1, 0.1, 2)]);
        Assert.Contains("no comparison", TrainingVerdict.Of(history, bestEpoch: 1).Reasons, StringComparison.Ordinal);
    }

    private static (string Answer, string Reasons) Verdict(double[] validation, int bestEpoch = 4) => TrainingVerdict.Of(
        new TrainingHistory(validation.Select((loss, i) => new EpochRecord(i + 1, 0.3 - (0.01 * i), loss, 0.1, i))), bestEpoch);

    public static TheoryData<StopReason> Reasons => [.. Enum.GetValues<StopReason>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void EveryReasonToStopHasASentence(StopReason reason)
    {
        string text = StopText.Of(reason, Histories.Falling(5), bestEpoch: 2);
        Assert.EndsWith(".", text, StringComparison.Ordinal);
        Assert.Contains(' ', text);
    }
}
