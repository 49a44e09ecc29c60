using BpTrainer.ML.Models;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace BpTrainer.ML.Tests;

/// <summary>By option, missing features become means with indicators, in training and in prediction.</summary>
public class ImputationTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _messages = [];

    public ImputationTests() => _ml.Log += (_, message) => _messages.Add(message);

    [Fact]
    public void DoesWhatAPipelineOfMicrosoftMLDoes()
    {
        // Every feature is missing somewhere, so that both have the same inputs: ten features and ten indicators.
        IDataView data = Gaps.Draw(_ml, TestData.Diabetes(_ml), 0.1);
        var steps = _ml.Transforms.IndicateMissingValues("Missing", "Features")
            .Append(_ml.Transforms.Conversion.ConvertType("Missing", outputKind: DataKind.Single))
            .Append(_ml.Transforms.ReplaceMissingValues("Features", replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean))
            .Append(_ml.Transforms.Concatenate("Features", "Features", "Missing"));
        ITransformer theirs = steps.Append(_ml.Regression.Trainers.BackPropagation(Options(impute: false))).Fit(data);
        var ours = _ml.Regression.Trainers.BackPropagation(Options()).Fit(data);
        Assert.Equal(20, ours.Model.Network.Inputs);
        DataViews.AssertClose(theirs.Transform(data).Scores(), ours.Transform(data).Scores(), 1e-4);
    }

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void IncompleteRowsTeachAndAreScored(TaskCase task)
    {
        // A tenth of the features, which is two thirds of the rows of the diabetes data and almost all of the breast cancer data.
        IDataView data = Gaps.Draw(_ml, task.Load(_ml), 0.1);
        var split = _ml.Data.TrainTestSplit(data, 0.25, seed: 1);
        switch (task.Name)
        {
            case nameof(TaskCase.Regression):
                var regression = _ml.Regression.Trainers.BackPropagation(new() { ImputeMissingFeatures = true }).Fit(split.TrainSet);
                Assert.InRange(_ml.Regression.Evaluate(regression.Transform(split.TestSet)).RSquared, 0.28, 0.6);
                break;
            case nameof(TaskCase.Binary):
                var binary = _ml.BinaryClassification.Trainers.BackPropagation(new(Preset.Fast) { ImputeMissingFeatures = true })
                    .Fit(split.TrainSet);
                Assert.InRange(_ml.BinaryClassification.Evaluate(binary.Transform(split.TestSet)).Accuracy, 0.9, 1);
                break;
            default:
                var multiclass =
                    _ml.MulticlassClassification.Trainers.BackPropagation(new(Preset.Fast) { ImputeMissingFeatures = true })
                        .Fit(split.TrainSet);
                Assert.InRange(_ml.MulticlassClassification.Evaluate(multiclass.Transform(split.TestSet)).MicroAccuracy, 0.85, 1);
                break;
        }

        Assert.DoesNotContain(_messages, message => message.Kind == ChannelMessageKind.Warning);
    }

    [Fact]
    public void WhatIsMissingMayTellTheClass()
    {
        // Nothing but one feature, which is unknown of two in three malignant and of no benign tumours, at random.
        IDataView all = _ml.Data.TakeRows(TestData.BreastCancer(_ml), 300);
        bool[] malignant = all.Values<bool>("Label");
        IDataView data = Gaps.Make(_ml, all, (row, c) => c > 0 || (malignant[row] && row % 3 > 0));
        IDataView noise = Gaps.Make(_ml, all, (row, c) => c > 0);
        Assert.InRange(Accuracy(data), Accuracy(noise) + 0.03, 1);

        double Accuracy(IDataView view)
        {
            var options =
                new BackPropagationBinaryTrainer.Options(Preset.Fast)
                {
                    ImputeMissingFeatures = true,
                    ValidationFraction = 0,
                    NumberOfEpochs = 50,
                };
            return _ml.BinaryClassification.Evaluate(
                _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(view).Transform(view)).Accuracy;
        }
    }

    [Fact]
    public void OnlyFeaturesThatLackHaveAnIndicator()
    {
        IDataView data = Gaps.Make(_ml, TestData.Diabetes(_ml), (row, c) => (c == 2 && row % 2 == 0) || (c == 7 && row == 5));
        var model = _ml.Regression.Trainers.BackPropagation(Options()).Fit(data).Model;
        Assert.Equal([2, 7], model.Imputation!.IndicatedFeatures);
        Assert.Equal(TestData.DiabetesFeatures + 2, model.Network.Inputs);
        float[][] rows = data.Vectors("Features");
        for (int c = 0; c < TestData.DiabetesFeatures; c++)
        {
            double mean = rows.Select(row => row[c]).Where(x => !float.IsNaN(x)).Average(x => (double)x);
            Assert.Equal(mean, model.Imputation.Means[c], 1e-6 * Math.Abs(mean));
        }

        Assert.Contains(
            "Takes 10 features, with means for missing ones, and 2 indicators", model.Summary(), StringComparison.Ordinal);
        // The even rows, and row 5.
        Assert.Contains(
            _messages, message => message.Message.Contains("222 of 442 rows of the training data lack features", StringComparison.Ordinal));
    }

    [Fact]
    public void MeansHaveTheWeightsOfTheRows()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<WeightedRow>(
        [
            new() { Label = 1, Weight = 1, Features = [1, 0] },
            new() { Label = 2, Weight = 3, Features = [5, float.NaN] },
            new() { Label = 3, Weight = 5, Features = [float.NaN, 1] },
            new() { Label = 4, Weight = 0, Features = [100, 100] },
            new() { Label = float.NaN, Weight = 1, Features = [100, 100] },
            new() { Label = 5, Weight = 1, Features = [100, float.PositiveInfinity] },
        ]);
        BackPropagationRegressionTrainer.Options options = Options();
        options.ExampleWeightColumnName = nameof(WeightedRow.Weight);
        BpTrainer.ML.Training.MeanImputation imputation = _ml.Regression.Trainers.BackPropagation(options).Fit(data).Model.Imputation!;
        Assert.Equal(4, imputation.Means[0], 1e-6); // (1·1 + 3·5) / 4
        Assert.Equal(5f / 6, imputation.Means[1], 1e-6); // (1·0 + 5·1) / 6
        string warning = Assert.Single(_messages, message => message.Kind == ChannelMessageKind.Warning).Message;
        Assert.Contains("1 with infinite features", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void AFeatureThatOnlyPredictionLacksIsItsMean()
    {
        IDataView whole = TestData.Diabetes(_ml);
        var model = _ml.Regression.Trainers.BackPropagation(Options()).Fit(whole);
        Assert.Empty(model.Model.Imputation!.IndicatedFeatures);
        float[][] scores = model.Transform(Gaps.Make(_ml, whole, (row, c) => row == 0 && c == 2)).Scores();
        float[] first = whole.Vectors("Features")[0];
        first[2] = model.Model.Imputation.Means[2];
        var expected = new float[1];
        model.Model.Network.Predict(first, expected);
        Assert.Equal(expected[0], scores[0][0], 1e-4);
        DataViews.AssertSameBits(model.Transform(whole).Scores()[1..], scores[1..]);

        // Complete rows alone give the model that there is without the option.
        DataViews.AssertSameBits(
            _ml.Regression.Trainers.BackPropagation(Options(impute: false)).Fit(whole).Transform(whole).Scores(),
            model.Transform(whole).Scores());
    }

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void BlocksSingleRowsAndLoadedModelsAgree(TaskCase task)
    {
        IDataView data = Gaps.Draw(_ml, task.Load(_ml), 0.1);
        ITransformer model = Trainer(task).Fit(data);
        float[][] scores = model.Transform(data).Scores();
        Assert.All(scores, row => Assert.All(row, score => Assert.True(float.IsFinite(score))));
        DataViews.AssertClose(scores, DataViews.SingleRowScores(model, data), 1e-4);
        DataViews.AssertSameBits(scores, model.SaveAndLoad(data.Schema).Transform(data).Scores());
    }

    [Fact]
    public void StreamedRowsAreImputedAsThoseInMemory()
    {
        IDataView data = Gaps.Draw(_ml, TestData.Diabetes(_ml), 0.1);
        BackPropagationRegressionTrainer.Options InOrder(long? memory)
        {
            BackPropagationRegressionTrainer.Options options = Options();
            (options.Shuffle, options.MaximumMemory, options.BatchSize) = (false, memory, 10);

            // In a block the rate of a schedule is computed after every 32 samples.
            options.Schedule = LearningRateSchedule.Constant;
            return options;
        }

        float[][] inMemory = _ml.Regression.Trainers.BackPropagation(InOrder(null)).Fit(data).Transform(data).Scores();
        Assert.DoesNotContain(_messages, message => message.Message.Contains("streamed", StringComparison.Ordinal));

        // 20 inputs, a label and 8 bytes a row: 100 rows fit.
        var streamed = _ml.Regression.Trainers.BackPropagation(InOrder(100 * 92)).Fit(data);
        Assert.Contains(_messages, message => message.Message.Contains("streamed in blocks of at most 100 rows", StringComparison.Ordinal));
        DataViews.AssertSameBits(inMemory, streamed.Transform(data).Scores());
    }

    [Fact]
    public void GivenValidationRowsAreImputedToo()
    {
        IDataView data = Gaps.Draw(_ml, TestData.Diabetes(_ml), 0.2);
        var split = _ml.Data.TrainTestSplit(data, 0.3, seed: 1);
        var model = _ml.Regression.Trainers.BackPropagation(Options()).Fit(split.TrainSet, split.TestSet).Model;
        Assert.All(model.History, epoch => Assert.True(epoch.ValidationLoss > 0));
        int rows = split.TestSet.Values<float>("Label").Length;
        Assert.Contains(_messages, message => message.Message.Contains($"{rows} more for validation", StringComparison.Ordinal));
    }

    [Fact]
    public void AFeatureWithoutAnyValueIsNamed()
    {
        IDataView named = TestData.NamedDiabetes(_ml);
        IDataView data = TestData.Prepare(
            TestData.Prepare(named, _ml.Transforms.Expression("feature3", "x => x * float(\"NaN\")", "feature3")),
            _ml.Transforms.Concatenate("Features", [.. Enumerable.Range(0, TestData.DiabetesFeatures).Select(c => $"feature{c}")]));
        Assert.All(data.Vectors("Features"), row => Assert.True(float.IsNaN(row[3])));
        var model = _ml.Regression.Trainers.BackPropagation(Options()).Fit(data);
        string warning = Assert.Single(model.Model.Warnings, warning => warning.Id == "EmptyFeatures").Text;
        Assert.Contains("the feature 3 ('feature3'), which stays 0", warning, StringComparison.Ordinal);
        Assert.Equal(TestData.DiabetesFeatures, model.Model.Network.Inputs);
        Assert.All(model.Transform(data).Scores(), row => Assert.True(float.IsFinite(row[0])));
    }

    [Fact]
    public void TrainingGoesOnWithTheImputationOfTheModel()
    {
        IDataView data = Gaps.Draw(_ml, TestData.Diabetes(_ml), 0.1);
        var first = _ml.Regression.Trainers.BackPropagation(Options()).Fit(data);
        IDataView other = _ml.Data.TakeRows(data, 200);
        var second = _ml.Regression.Trainers.BackPropagation(Options(impute: false)).Fit(other, null, first);
        Assert.Equal(first.Model.Imputation!.Means, second.Model.Imputation!.Means);
        Assert.Equal(first.Model.Imputation.IndicatedFeatures, second.Model.Imputation.IndicatedFeatures);
        Assert.Contains(_messages, message => message.Message.Contains("parameters on 200 rows", StringComparison.Ordinal));

        var without = _ml.Regression.Trainers.BackPropagation(Options(impute: false)).Fit(TestData.Diabetes(_ml));
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.Trainers.BackPropagation(Options()).Fit(data, null, without));
        Assert.Contains(
            "ImputeMissingFeatures is true, but the initial model was trained without", error.Message, StringComparison.Ordinal);
        IDataView four = TestData.Prepare(
            TestData.NamedDiabetes(_ml), _ml.Transforms.Concatenate("Features", "feature0", "feature1", "feature2", "feature3"));
        error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.Trainers.BackPropagation(Options()).Fit(four, null, first));
        Assert.Contains("takes 10 features in the model, but the data has 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ContributionsAreThoseOfTheFeatures()
    {
        IDataView data = Gaps.Draw(_ml, TestData.Diabetes(_ml), 0.1);
        var model = _ml.Regression.Trainers.BackPropagation(Options()).Fit(data);
        var contributions = _ml.Transforms.CalculateFeatureContribution(
            model, numberOfPositiveContributions: 10, numberOfNegativeContributions: 10, normalize: false);
        VBuffer<float> first =
            contributions.Fit(model.Transform(data)).Transform(model.Transform(data)).Values<VBuffer<float>>("FeatureContributions")[0];
        Assert.Equal(TestData.DiabetesFeatures, first.Length);

        float[] row = data.Vectors("Features")[0];
        float score = Score(row);
        for (int c = 0; c < row.Length; c++)
        {
            float[] other = [.. row];
            other[c] = (float)model.Model.Network.InputScaling!.Offsets[c];
            Assert.Equal(score - Score(other), first.GetItemOrDefault(c), 1e-2);
        }

        float Score(float[] features)
        {
            var inputs = new float[model.Model.Network.Inputs];
            features.CopyTo(inputs, 0);
            model.Model.Imputation!.Complete(inputs);
            var score = new float[1];
            model.Model.Network.Predict(inputs, score);
            return score[0];
        }
    }

    [Fact]
    public void OneVersusAllCrossValidationAndTheRateFinderTakeIt()
    {
        IDataView iris = Gaps.Draw(_ml, TestData.Iris(_ml), 0.1);
        var binary = _ml.BinaryClassification.Trainers.BackPropagation(
            new BackPropagationBinaryTrainer.Options(Preset.Fast) { ImputeMissingFeatures = true, NumberOfEpochs = 30 });
        var folds = _ml.MulticlassClassification.CrossValidate(
            iris, _ml.MulticlassClassification.Trainers.OneVersusAll(binary), numberOfFolds: 3);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.MicroAccuracy, 0.75, 1));

        IDataView diabetes = Gaps.Draw(_ml, TestData.Diabetes(_ml), 0.1);
        Assert.True(_ml.Regression.Trainers.BackPropagation(Options()).FindLearningRate(diabetes).Suggestion > 0);
    }

    private IEstimator<ITransformer> Trainer(TaskCase task) => task.Name switch
    {
        nameof(TaskCase.Regression) => _ml.Regression.Trainers.BackPropagation(Options()),
        nameof(TaskCase.Binary) => _ml.BinaryClassification.Trainers.BackPropagation(new BackPropagationBinaryTrainer.Options(Preset.Fast)
        {
            ImputeMissingFeatures = true,
            NumberOfEpochs = 10,
            Ensemble = 2,
        }),
        _ => _ml.MulticlassClassification.Trainers.BackPropagation(
            new BackPropagationMulticlassTrainer.Options(Preset.Fast) { ImputeMissingFeatures = true, NumberOfEpochs = 10 }),
    };

    private static BackPropagationRegressionTrainer.Options Options(bool impute = true) => new(Preset.Fast)
    {
        ImputeMissingFeatures = impute,
        ValidationFraction = 0,
        NumberOfEpochs = 20,
        Seed = 3,
    };

    private sealed class WeightedRow
    {
        public float Label { get; set; }

        public float Weight { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
