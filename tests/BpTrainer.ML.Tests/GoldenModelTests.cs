using System.Globalization;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>
/// Models that were saved in every version of the format load for ever, with the scores of then. A new format gets new files beside them; once a
/// release has written a format, its files are never made anew.
/// </summary>
public class GoldenModelTests
{
    // Other processors add in another order.
    private const double Tolerance = 1e-5;
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [MemberData(nameof(TaskCase.EveryModel), MemberType = typeof(TaskCase))]
    public void LoadsWithTheScoresOfThen(TaskCase task)
    {
        ITransformer model = _ml.Model.Load(File(task.Name, "zip"), out DataViewSchema schema);
        Assert.Contains(schema, column => column.Name == "Features");
        DataViews.AssertClose(ScoresOfThen(task.Name), model.Transform(task.Load(_ml)).Scores(), Tolerance);
    }

    [Fact]
    public void ImputesAsThenAndHasTheStateOfTheRule()
    {
        var model = (BackPropagationTransformer<BackPropagationRegressionModelParameters>)_ml.Model.Load(File("Imputing", "zip"), out _);
        Assert.Equal(TestData.DiabetesFeatures - 1, model.Model.Imputation!.IndicatedFeatures.Count);
        var several = Assert.IsType<BackPropagationVectorRegressionModelParameters>(model.Model);
        Assert.Equal(["Label", "Label"], several.SlotNames);
        Assert.Equal("momentum", Assert.Single(several.UpdateStates).Rule);
        DataViews.AssertClose(ScoresOfThen("Imputing"), model.Transform(Gaps.MakeRegular(_ml, TestData.Diabetes(_ml))).Scores(), Tolerance);
    }

    [Fact]
    public void HasItsHistory()
    {
        var model = (BackPropagationTransformer<BackPropagationRegressionModelParameters>)_ml.Model.Load(File(nameof(TaskCase.SeveralOutputs), "zip"), out _);
        var several = Assert.IsType<BackPropagationVectorRegressionModelParameters>(model.Model);
        Assert.Equal(["Label", "feature2"], several.SlotNames);
        Assert.Equal(10, several.History.Count);
        Assert.Equal(StopReason.EpochsReached, several.StopReason);
        Assert.InRange(several.BestEpoch, 1, 10);
    }

    private static float[][] ScoresOfThen(string name) => [.. System.IO.File.ReadLines(File(name, "scores.txt"))
        .Select(line => line.Split(' ').Select(x => float.Parse(x, CultureInfo.InvariantCulture)).ToArray())];

    private static string File(string name, string extension) => Path.Combine(AppContext.BaseDirectory, "golden", $"{name}-0.1.0.{extension}");
}
