using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML.Tests;

/// <summary>Our trainers in ML.NET's pipelines: whatever takes a built-in trainer or its model takes ours.</summary>
public class PipelineTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void TrainTestSplitAndCacheCheckpoint(TaskCase task)
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(task.Load(_ml), testFraction: 0.3, seed: 1);
        ITransformer model =
            _ml.Transforms.NormalizeMinMax("Features").AppendCacheCheckpoint(_ml).Append(task.Ours(_ml)).Fit(split.TrainSet);
        IDataView scored = model.Transform(split.TestSet);
        switch (task.Name)
        {
            case nameof(TaskCase.Regression):
                Assert.InRange(_ml.Regression.Evaluate(scored).RSquared, 0.3, 1);
                break;
            case nameof(TaskCase.Binary):
                Assert.InRange(_ml.BinaryClassification.Evaluate(scored).AreaUnderRocCurve, 0.95, 1);
                break;
            default:
                Assert.InRange(_ml.MulticlassClassification.Evaluate(scored).MacroAccuracy, 0.8, 1);
                break;
        }
    }

    [Fact]
    public void RegressionCrossValidates() =>
        Assert.All(
            _ml.Regression.CrossValidate(TestData.Diabetes(_ml), TaskCase.Regression.Ours(_ml), numberOfFolds: 3),
            fold => Assert.InRange(fold.Metrics.RSquared, 0.2, 1));

    [Fact]
    public void BinaryCrossValidates() =>
        Assert.All(
            _ml.BinaryClassification.CrossValidate(TestData.BreastCancer(_ml), TaskCase.Binary.Ours(_ml), numberOfFolds: 3),
            fold => Assert.InRange(fold.Metrics.AreaUnderRocCurve, 0.95, 1));

    [Fact]
    public void MulticlassCrossValidates() =>
        Assert.All(
            _ml.MulticlassClassification.CrossValidate(TestData.Iris(_ml), TaskCase.Multiclass.Ours(_ml), numberOfFolds: 3),
            fold => Assert.InRange(fold.Metrics.MacroAccuracy, 0.8, 1));

    [Fact]
    public void CalibratorsTakeItsScores()
    {
        IDataView scored = TestData.Prepare(TestData.BreastCancer(_ml), TaskCase.Binary.Ours(_ml));
        CheckProbabilities(_ml.BinaryClassification.Calibrators.Platt().Fit(scored).Transform(scored));
        CheckProbabilities(_ml.BinaryClassification.Calibrators.Isotonic().Fit(scored).Transform(scored));
    }

    private void CheckProbabilities(IDataView calibrated)
    {
        CalibratedBinaryClassificationMetrics metrics = _ml.BinaryClassification.Evaluate(calibrated);
        Assert.InRange(metrics.LogLoss, 0, 0.25);
        Assert.All(calibrated.Values<float>("Probability"), p => Assert.InRange(p, 0, 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneVersusAllTrainsANetworkForEveryClass(bool useProbabilities)
    {
        IDataView data = TestData.Iris(_ml);
        var trainer = _ml.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 30);
        OneVersusAllTrainer all = _ml.MulticlassClassification.Trainers.OneVersusAll(trainer, useProbabilities: useProbabilities);
        ITransformer model = all.Fit(data);

        Assert.InRange(_ml.MulticlassClassification.Evaluate(model.Transform(data)).MacroAccuracy, 0.9, 1);
        DataViews.AssertSameBits(model.Transform(data).Scores(), model.SaveAndLoad(data.Schema).Transform(data).Scores());
    }

    [Fact]
    public void PairwiseCouplingTrainsANetworkForEveryPair()
    {
        IDataView data = TestData.Iris(_ml);
        var trainer = _ml.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 30);
        ITransformer model = _ml.MulticlassClassification.Trainers.PairwiseCoupling(trainer).Fit(data);
        Assert.InRange(_ml.MulticlassClassification.Evaluate(model.Transform(data)).MacroAccuracy, 0.9, 1);
    }

    [Theory]
    [InlineData(-2f)]
    [InlineData(1.5f)]
    public void ThresholdCanBeChanged(float threshold)
    {
        IDataView data = TestData.BreastCancer(_ml);
        var trained = _ml.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 10).Fit(data);
        var changed = _ml.BinaryClassification.ChangeModelThreshold(trained, threshold);
        var loaded = Assert.IsType<BackPropagationTransformer<BackPropagationBinaryModelParameters>>(changed.SaveAndLoad(data.Schema));

        float[] scores = trained.Transform(data).Values<float>("Score");
        bool[] expected = [.. scores.Select(score => score > threshold)];
        Assert.NotEqual(scores.Select(score => score > 0), expected);
        Assert.Equal(scores.Select(score => score > 0), trained.Transform(data).Values<bool>("PredictedLabel"));
        Assert.Equal(
            scores.Select(score => score > 0),
            _ml.BinaryClassification.ChangeModelThreshold(loaded, 0).Transform(data).Values<bool>("PredictedLabel"));
        Assert.All([changed, loaded], model =>
        {
            Assert.Equal(expected, model.Transform(data).Values<bool>("PredictedLabel"));
            Assert.Equal(scores, model.Transform(data).Values<float>("Score"));
        });
    }

    [Theory]
    [InlineData(-2f)]
    [InlineData(1.5f)]
    public void SingleRowsFollowTheThresholdToo(float threshold)
    {
        IDataView data = TestData.BreastCancer(_ml);
        var trained = _ml.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 10).Fit(data);
        ITransformer changed = _ml.BinaryClassification.ChangeModelThreshold(trained, threshold);
        var engine = _ml.Model.CreatePredictionEngine<CancerInput, CancerOutput>(changed, data.Schema);
        float[][] features = data.Vectors("Features");
        Assert.Equal(
            changed.Transform(data).Values<bool>("PredictedLabel"),
            features.Select(row => engine.Predict(new CancerInput { Features = row }).PredictedLabel));
    }

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void ManyThreadsGetTheSameScores(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        ITransformer model = _ml.Transforms.NormalizeMinMax("Features").Append(task.Ours(_ml)).Fit(data);
        float[][] expected = model.Transform(data).Scores();
        var results = new float[8][][];
        Parallel.For(
            0,
            results.Length,
            new ParallelOptions { MaxDegreeOfParallelism = results.Length },
            i => results[i] = model.Transform(data).Scores());
        Assert.All(results, actual => DataViews.AssertSameBits(expected, actual));
    }

    private sealed class CancerInput
    {
        public bool Label { get; set; }

        [VectorType(TestData.BreastCancerFeatures)]
        public float[] Features { get; set; } = [];

        public string Diagnosis { get; set; } = "";
    }

    private sealed class CancerOutput
    {
        public bool PredictedLabel { get; set; }
    }
}
