using System.Globalization;
using BpTrainer.Training;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>
/// Models that were saved in version 1 of the format load for ever, with the scores of then. A file that is missing is written beside the
/// tests, and the test fails and says where: copied to the folder golden of the tests, it is the new one. Once a release has written a
/// format, its files are never made anew.
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
        WriteIfMissing(task.Name, () => task.Ours(_ml), task.Load(_ml));
        ITransformer model = _ml.Model.Load(File(task.Name, "zip"), out DataViewSchema schema);
        Assert.Contains(schema, column => column.Name == "Features");
        DataViews.AssertClose(ScoresOfThen(task.Name), model.Transform(task.Load(_ml)).Scores(), Tolerance);
    }

    [Fact]
    public void ImputesAsThenAndHasTheOptimizerState()
    {
        IDataView data = Gaps.MakeRegular(_ml, TestData.Diabetes(_ml));
        WriteIfMissing("Imputing", () => _ml.Regression.Trainers.MultiOutputBackPropagation(
            new BackPropagationMultiOutputTrainer.Options(Preset.Fast)
            {
                NumberOfEpochs = 10,
                ImputeMissingFeatures = true,
                KeepOptimizerState = true,
                Loss = Loss.Quantiles(0.1, 0.9),
            }), data);
        var model = (BackPropagationTransformer<BackPropagationMultiOutputModelParameters>)_ml.Model.Load(File("Imputing", "zip"), out _);
        Assert.Equal(TestData.DiabetesFeatures - 1, model.Model.Imputation!.IndicatedFeatures.Count);
        var several = model.Model;
        Assert.Equal(["q0.1", "q0.9"], several.SlotNames);
        Assert.Equal("momentum", Assert.Single(several.OptimizerStates).Optimizer);
        DataViews.AssertClose(ScoresOfThen("Imputing"), model.Transform(data).Scores(), Tolerance);
    }

    [Fact]
    public void HasTheLagsAndTheLastRowsOfThen()
    {
        IDataView data = TestData.Diabetes(_ml);
        WriteIfMissing("Lags", () => _ml.Transforms.LagFeatures("Score", "Label", 1, 12, 2), data);
        ITransformer model = _ml.Model.Load(File("Lags", "zip"), out _);
        DataViews.AssertSameBits(ScoresOfThen("Lags"), model.Transform(data).Scores());
        float[] labels = data.Values<float>("Label");
        Assert.Equal([labels[^1], labels[^12], labels[^2]], model.ContinueSeries().Transform(data).Scores()[0]);
    }

    [Fact]
    public void HasItsHistory()
    {
        var model = (BackPropagationTransformer<BackPropagationMultiOutputModelParameters>)_ml.Model.Load(
            File(nameof(TaskCase.SeveralOutputs), "zip"), out _);
        var several = model.Model;
        Assert.Equal(["Label", "feature2"], several.SlotNames);
        Assert.Equal(10, several.History.Count);
        Assert.Equal(StopReason.EpochsReached, several.StopReason);
        Assert.InRange(several.BestEpoch, 1, 10);
    }

    private void WriteIfMissing(string name, Func<IEstimator<ITransformer>> trainer, IDataView data)
    {
        if (System.IO.File.Exists(File(name, "zip")))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(File(name, "zip"))!);
        ITransformer model = trainer().Fit(data);
        System.IO.File.WriteAllLines(
            File(name, "scores.txt"),
            model.Transform(data).Scores().Select(row => string.Join(' ', row.Select(x => x.ToString(CultureInfo.InvariantCulture)))));
        _ml.Model.Save(model, data.Schema, File(name, "zip"));
        Assert.Fail($"{File(name, "zip")} was missing, and is written anew with its scores.");
    }

    private static float[][] ScoresOfThen(string name) => [.. System.IO.File.ReadLines(File(name, "scores.txt"))
        .Select(line => line.Split(' ').Select(x => float.Parse(x, CultureInfo.InvariantCulture)).ToArray())];

    private static string File(string name, string extension) => Path.Combine(AppContext.BaseDirectory, "golden", $"{name}-1.{extension}");
}
