using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Dropout reaches the engine, and does on real data what it is for.</summary>
public class DropoutTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void TheTrainingErrorIsHigherAndTheValidationErrorNotMuch()
    {
        EpochRecord[] without = Fit(new()), with = Fit(new() { HiddenDropout = [0.5], InputDropout = 0.2 });

        // Sixty epochs teach 455 rows nearly by heart.
        Assert.True(with[^1].TrainingLoss > 2 * without[^1].TrainingLoss, $"{with[^1].TrainingLoss} > 2 · {without[^1].TrainingLoss}");
        double best = without.Min(epoch => epoch.ValidationLoss!.Value);
        Assert.True(with[^1].ValidationLoss < 1.25 * best, $"{with[^1].ValidationLoss} < 1.25 · {best}");

        EpochRecord[] Fit(Regularization regularization)
        {
            DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(TestData.BreastCancer(_ml), testFraction: 0.2, seed: 1);
            var options = new BackPropagationBinaryTrainer.Options(Preset.Fast)
            {
                Regularization = regularization,
                NumberOfEpochs = 60,
                EarlyStoppingRounds = 60,
                Seed = 1,
            };
            return [.. _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(split.TrainSet, split.TestSet).Model.History];
        }
    }

    [Fact]
    public void EveryTaskAndAnyMemoryTakesIt()
    {
        var regression = new BackPropagationRegressionTrainer.Options(Preset.Fast);
        AssertDiffers(regression, options => _ml.Regression.Trainers.BackPropagation(options).Fit(TestData.Diabetes(_ml)).Model.Network);
        regression = new BackPropagationRegressionTrainer.Options(Preset.Fast) { MaximumMemory = 5000 };
        AssertDiffers(regression, options => _ml.Regression.Trainers.BackPropagation(options).Fit(TestData.Diabetes(_ml)).Model.Network);
        var binary = new BackPropagationBinaryTrainer.Options(Preset.Fast);
        AssertDiffers(
            binary, options => _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(TestData.BreastCancer(_ml)).Model.Network);
        var multiclass = new BackPropagationMulticlassTrainer.Options(Preset.Fast);
        AssertDiffers(
            multiclass, options => _ml.MulticlassClassification.Trainers.BackPropagation(options).Fit(TestData.Iris(_ml)).Model.Network);

        static void AssertDiffers<TOptions>(TOptions options, Func<TOptions, Network<float>> fit) where TOptions : BackPropagationOptions
        {
            (options.HiddenLayers, options.NumberOfEpochs, options.Seed) = ([8, 4], 2, 1);
            string without = fit(options).ToJson();
            options.Regularization = new() { HiddenDropout = [0.2, 0.5] };
            string with = fit(options).ToJson();
            Assert.NotEqual(without, with);
            Assert.Equal(with, fit(options).ToJson());
        }
    }

    [Fact]
    public void ScoresUseAllUnits()
    {
        // The first weights are kept, so that only dropout at scoring could make a difference.
        IDataView data = TestData.Diabetes(_ml);
        float[][] without = Scores(new()), with = Scores(new() { HiddenDropout = [0.9] });
        DataViews.AssertClose(without, with, 1e-3);
        Assert.True(without.Max(score => score[0]) > 10 + without.Min(score => score[0]));

        float[][] Scores(Regularization regularization)
        {
            var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                Regularization = regularization,
                OutputInitializer = Initializer.Glorot,
                Optimizer = Optimizer.Momentum(1e-12),
                NumberOfEpochs = 1,
                ValidationFraction = 0,
                Seed = 1,
            };
            return _ml.Regression.Trainers.BackPropagation(options).Fit(data).Transform(data).Scores();
        }
    }

    [Fact]
    public void TheLogNamesTheRates()
    {
        var messages = new List<string>();
        _ml.Log += (_, message) => messages.Add(message.Message);
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            Regularization = new() { HiddenDropout = [0.25], InputDropout = 0.125 },
            NumberOfEpochs = 1,
        };
        _ml.Regression.Trainers.BackPropagation(options).Fit(TestData.Diabetes(_ml));
        Assert.Contains(
            messages,
            message => message.Contains("regularization InputDropout = 0.125, HiddenDropout = [0.25], seed", StringComparison.Ordinal));
    }
}
