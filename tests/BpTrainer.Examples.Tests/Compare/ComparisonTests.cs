using BpTrainer.Examples.Compare;
using Microsoft.ML;

namespace BpTrainer.Examples.Tests.Compare;

public class ComparisonTests
{
    private static readonly MLNetContender s_working =
        new("Works", context => context.BinaryClassification.Trainers.LbfgsLogisticRegression());

    [Fact]
    public void ATrainerWithoutItsNativeLibraryIsLeftOut()
    {
        TrainerResult[] results = Compare(
            new MLNetContender("Native", _ => throw new TypeInitializationException(
                "Native", new DllNotFoundException("Unable to load 'lib_x'. Try this.\nOr that."))));

        Assert.Equal("left out: its native library cannot be loaded here (Unable to load 'lib_x')", results[0].Reason);
        Assert.False(results[0].Failed);
        Assert.Null(results[1].Reason);
    }

    [Fact]
    public void ATrainerThatBreaksDownFailsAndTheOthersGoOn()
    {
        TrainerResult[] results = Compare(new MLNetContender("Broken", _ => throw new InvalidOperationException("No luck")));

        Assert.Equal("failed: No luck", results[0].Reason);
        Assert.True(results[0].Failed);
        Assert.Null(results[1].Reason);
        Assert.False(results[1].Failed);
    }

    [Fact]
    public void PoissonRegressionIsLeftOutWhenALabelIsNegative()
    {
        Problem problem = TestProblems.From("x,y\n1,1\n2,-2\n", "y", LearningTask.Regression);
        IReadOnlyList<Contender> contenders = Contender.For(
            LearningTask.Regression, TrainerChoice.Of(Contender.Standard, TrainerSettings.None), new ScikitLearn());
        Assert.Equal(["Lbfgs"], contenders.Where(c => c.LeftOut(problem) is not null).Select(c => c.Name));
    }

    [Fact]
    public void AllTrainersAreFittedToTheSameRows()
    {
        List<string> steps = [];
        List<float[]> seen = [];
        var spy = new MLNetContender(
            "Spy", context => new SpyEstimator(context.BinaryClassification.Trainers.LbfgsLogisticRegression(), seen));
        var comparison = new Comparison(TestProblems.Separable(), TestProblems.Options(splits: 2), [spy, spy with { Name = "Spy 2" }]);

        Assert.Equal(4, comparison.Steps);
        comparison.Run((split, trainer) => steps.Add($"{split} {trainer}"));

        Assert.Equal(["1 Spy", "1 Spy 2", "2 Spy", "2 Spy 2"], steps);
        Assert.Equal(seen[0], seen[1]);
        Assert.Equal(seen[2], seen[3]);
        Assert.NotEqual(seen[0], seen[2]);
    }

    [Fact]
    public void ASeparableProblemIsSolved()
    {
        TrainerResult result = Compare(s_working)[0];
        Assert.InRange(result.Mean(0), 0.9, 1.0);
        Assert.NotNull(result.Spread(0));
        Assert.InRange(result.FitSeconds, 1e-6, 60);
        Assert.InRange(result.RowsPerSecond, 1, double.MaxValue);
    }

    [Fact]
    public void MeansSpreadsAndMediansAreThoseOfTheSplits()
    {
        var result = new TrainerResult("T");
        result.Add(new Measurement([1.0], 9, 100));
        Assert.Null(result.Spread(0));
        result.Add(new Measurement([3.0], 1, 300));
        result.Add(new Measurement([5.0], 2, 200));

        Assert.Equal(3, result.Mean(0));
        Assert.Equal(2, result.Spread(0)!.Value, 1e-12);
        Assert.Equal(2, result.FitSeconds);
        Assert.Equal(200, result.RowsPerSecond);
    }

    private static TrainerResult[] Compare(Contender first) =>
        [.. new Comparison(TestProblems.Separable(), TestProblems.Options(), [first, s_working]).Run((_, _) => { })];
}
