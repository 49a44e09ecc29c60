using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>The trainers learn real data with their defaults, in the ways that ML.NET offers.</summary>
public class LearningTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void RegressionLearnsDiabetes()
    {
        var parts = _ml.Data.TrainTestSplit(TestData.Diabetes(_ml), testFraction: 0.25, seed: 1);
        ITransformer model = _ml.Regression.Trainers.BackPropagation().Fit(parts.TrainSet);

        RegressionMetrics metrics = _ml.Regression.Evaluate(model.Transform(parts.TestSet));
        Assert.InRange(metrics.RootMeanSquaredError, 40, 65);
        Assert.InRange(metrics.RSquared, 0.3, 0.7);
    }

    [Fact]
    public void BinaryLearnsBreastCancer()
    {
        var parts = _ml.Data.TrainTestSplit(TestData.BreastCancer(_ml), testFraction: 0.25, seed: 1);
        ITransformer model = _ml.BinaryClassification.Trainers.BackPropagation().Fit(parts.TrainSet);

        CalibratedBinaryClassificationMetrics metrics = _ml.BinaryClassification.Evaluate(model.Transform(parts.TestSet));
        Assert.InRange(metrics.Accuracy, 0.92, 1);
        Assert.InRange(metrics.AreaUnderRocCurve, 0.98, 1);
        Assert.InRange(metrics.LogLoss, 0, 0.35);
    }

    [Fact]
    public void MulticlassLearnsIris()
    {
        var parts = _ml.Data.TrainTestSplit(TestData.Iris(_ml), testFraction: 0.25, seed: 1);
        ITransformer model = _ml.MulticlassClassification.Trainers.BackPropagation().Fit(parts.TrainSet);

        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(model.Transform(parts.TestSet));
        Assert.InRange(metrics.MacroAccuracy, 0.9, 1);
        Assert.InRange(metrics.LogLoss, 0, 0.35);
    }

    [Fact]
    public void RegressionCrossValidates()
    {
        var folds = _ml.Regression.CrossValidate(TestData.Diabetes(_ml), _ml.Regression.Trainers.BackPropagation(), numberOfFolds: 3);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.RSquared, 0.2, 0.8));
    }

    [Fact]
    public void BinaryCrossValidates()
    {
        var pipeline = _ml.Transforms.NormalizeMeanVariance("Features").Append(_ml.BinaryClassification.Trainers.BackPropagation());
        var folds = _ml.BinaryClassification.CrossValidate(TestData.BreastCancer(_ml), pipeline, numberOfFolds: 3);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.Accuracy, 0.93, 1));
    }

    [Fact]
    public void MulticlassCrossValidates()
    {
        var pipeline = _ml.Transforms.NormalizeMinMax("Features").Append(_ml.MulticlassClassification.Trainers.BackPropagation());
        var folds = _ml.MulticlassClassification.CrossValidate(TestData.Iris(_ml), pipeline, numberOfFolds: 3);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.MacroAccuracy, 0.85, 1));
    }

    [Fact]
    public void WholePipelineFromTextToText()
    {
        IDataView data = TestData.Iris(_ml);
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", "Species")
            .Append(_ml.Transforms.NormalizeMinMax("Features"))
            .Append(_ml.MulticlassClassification.Trainers.BackPropagation())
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel"));

        IDataView scored = pipeline.Fit(data).Transform(data);

        string[] expected = data.Values<ReadOnlyMemory<char>>("Species").Select(s => s.ToString()).ToArray();
        string[] predicted = scored.Values<ReadOnlyMemory<char>>("Name").Select(s => s.ToString()).ToArray();
        Assert.True(expected.Zip(predicted).Count(pair => pair.First == pair.Second) >= 140);
    }

    [Fact]
    public void ValidationDataCanBeGiven()
    {
        var parts = _ml.Data.TrainTestSplit(TestData.Diabetes(_ml), testFraction: 0.25, seed: 1);
        var model = _ml.Regression.Trainers.BackPropagation(numberOfEpochs: 5).Fit(parts.TrainSet, parts.TestSet).Model;
        Assert.All(model.History, epoch => Assert.NotNull(epoch.ValidationLoss));
    }

    [Fact]
    public void ModelTellsHowItWasTrained()
    {
        var model = _ml.Regression.Trainers.BackPropagation(hiddenLayers: [7, 3], numberOfEpochs: 5).Fit(TestData.Diabetes(_ml)).Model;
        Assert.Equal([7, 3, 1], model.Network.Layers.Select(layer => layer.Outputs));
        Assert.Equal(StopReason.EpochsReached, model.StopReason);
        Assert.Equal([1, 2, 3, 4, 5], model.History.Select(epoch => epoch.Epoch));
        Assert.InRange(model.BestEpoch, 1, 5);
    }
}
