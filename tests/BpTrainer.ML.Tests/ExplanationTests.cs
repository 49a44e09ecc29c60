using BpTrainer.ML.Models;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML.Tests;

/// <summary>ML.NET's explanations of our models: permutation feature importance and feature contributions.</summary>
public class ExplanationTests
{
    private const double Tolerance = 1e-4;
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void RegressionFeaturesHaveAnImportance()
    {
        IDataView data = TestData.NamedDiabetes(_ml);
        var model = _ml.Regression.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 10).Fit(data);
        Check(TestData.DiabetesFeatures,
            m => [.. _ml.Regression.PermutationFeatureImportance(
                (BackPropagationTransformer<BackPropagationRegressionModelParameters>)m,
                data,
                permutationCount: 2).Select(s => -s.RSquared.Mean)],
            m => [.. _ml.Regression.PermutationFeatureImportance(m, data, permutationCount: 2).Values.Select(s => -s.RSquared.Mean)],
            model,
            data);
    }

    [Fact]
    public void BinaryFeaturesHaveAnImportance()
    {
        IDataView data = TestData.NamedBreastCancer(_ml);
        var model = _ml.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 10).Fit(data);
        Check(TestData.BreastCancerFeatures,
            m => [.. _ml.BinaryClassification.PermutationFeatureImportance(
                (BackPropagationTransformer<BackPropagationBinaryModelParameters>)m,
                data,
                permutationCount: 2).Select(s => -s.AreaUnderRocCurve.Mean)],
            m => [.. _ml.BinaryClassification.PermutationFeatureImportanceNonCalibrated(m, data, permutationCount: 2).Values.Select(
                s => -s.AreaUnderRocCurve.Mean)],
            model,
            data);
    }

    [Fact]
    public void MulticlassFeaturesHaveAnImportance()
    {
        IDataView data = TestData.NamedIris(_ml);
        var model = _ml.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 30).Fit(data);
        Check(TestData.IrisFeatures,
            m => [.. _ml.MulticlassClassification.PermutationFeatureImportance(
                (BackPropagationTransformer<BackPropagationMulticlassModelParameters>)m,
                data,
                permutationCount: 2).Select(s => -s.MicroAccuracy.Mean)],
            m => [.. _ml.MulticlassClassification.PermutationFeatureImportance(m, data, permutationCount: 2).Values.Select(
                s => -s.MicroAccuracy.Mean)],
            model,
            data);
    }

    /// <summary>
    /// The typed overload and that of any transformer, of the trained and of the loaded model, name features that matter.
    /// </summary>
    private void Check(
        int features, Func<ITransformer, double[]> typed, Func<ITransformer, double[]> untyped, ITransformer trained, IDataView data)
    {
        foreach (ITransformer model in new[] { trained, trained.SaveAndLoad(data.Schema) })
        {
            foreach (double[] importance in new[] { typed(model), untyped(model) })
            {
                Assert.Equal(features, importance.Length);
                Assert.True(importance.Max() > 0, "no feature matters");
            }
        }
    }

    [Fact]
    public void WithoutAHiddenLayerAContributionIsWeightTimesDistanceFromTheMean()
    {
        IDataView data = TestData.Diabetes(_ml);
        var model = _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            HiddenLayers = [],
            FeatureEncoding = FeatureEncoding.None,
            NumberOfEpochs = 20,
        }).Fit(data);
        Network<float> network = model.Model.Network;
        float[][] contributions = Contributions(
            _ml.Transforms.CalculateFeatureContribution(model, TestData.DiabetesFeatures, TestData.DiabetesFeatures, normalize: false),
            data,
            model);

        float[][] rows = data.Vectors("Features");
        double spread = 1 / network.OutputScaling!.Scales[0];
        for (int row = 0; row < rows.Length; row++)
        {
            for (int c = 0; c < TestData.DiabetesFeatures; c++)
            {
                double distance = (rows[row][c] - network.InputScaling!.Offsets[c]) * network.InputScaling.Scales[c];
                double expected = distance * network.Layers[0].GetWeight(c, 0) * spread;
                Assert.Equal(expected, contributions[row][c], Tolerance * Math.Max(10, Math.Abs(expected)));
            }
        }
    }

    [Fact]
    public void BinaryContributionsAreChangesOfTheScore()
    {
        IDataView data = TestData.BreastCancer(_ml);
        var model = _ml.BinaryClassification.Trainers.BackPropagation(
            new BackPropagationBinaryTrainer.Options(Preset.Fast) { NumberOfEpochs = 10 }).Fit(data);
        float[][] contributions = Contributions(
            _ml.Transforms.CalculateFeatureContribution(
                model, TestData.BreastCancerFeatures, TestData.BreastCancerFeatures, normalize: false),
            data,
            model);
        float[] row = data.Vectors("Features")[7];
        var score = new float[1];
        var lacking = new float[1];
        model.Model.Network.PredictNetInput(row, score, 1);
        row[3] = (float)model.Model.Network.InputScaling!.Offsets[3];
        model.Model.Network.PredictNetInput(row, lacking, 1);
        Assert.Equal(score[0] - lacking[0], contributions[7][3], Tolerance);
    }

    [Fact]
    public void OnlyTheLargestContributionsAreGivenAndNormalized()
    {
        IDataView data = TestData.BreastCancer(_ml);
        var model = _ml.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 10).Fit(data);
        Assert.All(Contributions(_ml.Transforms.CalculateFeatureContribution(model, 3, 2), data, model), row =>
        {
            Assert.InRange(row.Count(c => c > 0), 0, 3);
            Assert.InRange(row.Count(c => c < 0), 0, 2);
            Assert.Equal(1, row.Max(Math.Abs), 1e-6);
        });
    }

    [Fact]
    public void ContributionsOfALoadedPipelineAreTheSame()
    {
        IDataView data = TestData.Diabetes(_ml);
        var model = _ml.Regression.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 5).Fit(data);
        IDataView scored = model.Transform(data);
        ITransformer explainer = _ml.Transforms.CalculateFeatureContribution(model).Fit(scored);
        Assert.Equal(
            ReadContributions(explainer.Transform(scored)),
            ReadContributions(explainer.SaveAndLoad(scored.Schema).Transform(scored)));
    }

    [Fact]
    public void SeveralOutputsHaveNoContributions()
    {
        // ML.NET's transform takes only models that say they can be explained, so that a wrong one does not compile.
        Assert.True(typeof(ICalculateFeatureContribution).IsAssignableFrom(typeof(BackPropagationRegressionModelParameters)));
        Assert.False(typeof(ICalculateFeatureContribution).IsAssignableFrom(typeof(BackPropagationMultiOutputModelParameters)));
    }

    private static float[][] Contributions(IEstimator<ITransformer> explainer, IDataView data, ITransformer model)
    {
        IDataView scored = model.Transform(data);
        return ReadContributions(explainer.Fit(scored).Transform(scored));
    }

    private static float[][] ReadContributions(IDataView explained) =>
        explained.Vectors("FeatureContributions");
}
