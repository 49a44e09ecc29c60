using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>The optimizers of the engine, from the options.</summary>
public class OptimizerTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<Optimizer> OptimizersForClasses =>
    [
        Optimizer.Adam(), Optimizer.AdamW(), Optimizer.Nadam(), Optimizer.RmsProp(), Optimizer.Nesterov(),
        Optimizer.AdaptiveMomentum(), Optimizer.AdaptiveMomentum(0.1, rule: AdaptiveMomentumRule.MatlabCode),
        Optimizer.ResilientMinus(), Optimizer.ResilientPlus(), Optimizer.Lbfgs(), Optimizer.ScaledConjugateGradient(),
    ];

    public static TheoryData<Optimizer> OptimizersForNumbers =>
    [
        Optimizer.Adam(), Optimizer.ResilientMinus(), Optimizer.Lbfgs(), Optimizer.ScaledConjugateGradient(),
        Optimizer.LevenbergMarquardt(), Optimizer.BayesianRegularization(),
    ];

    [Theory]
    [MemberData(nameof(OptimizersForClasses))]
    public void AnOptimizerLearnsClasses(Optimizer optimizer)
    {
        var parts = _ml.Data.TrainTestSplit(TestData.BreastCancer(_ml), testFraction: 0.25, seed: 1);
        var options = new BackPropagationBinaryTrainer.Options(Preset.Fast) { Optimizer = optimizer };
        ITransformer model = _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(parts.TrainSet);
        Assert.InRange(_ml.BinaryClassification.Evaluate(model.Transform(parts.TestSet)).Accuracy, 0.92, 1);
    }

    [Theory]
    [MemberData(nameof(OptimizersForNumbers))]
    public void AnOptimizerLearnsNumbers(Optimizer optimizer)
    {
        var parts = _ml.Data.TrainTestSplit(TestData.Diabetes(_ml), testFraction: 0.25, seed: 1);
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast) { Optimizer = optimizer, HiddenLayers = [5] };
        ITransformer model = _ml.Regression.Trainers.BackPropagation(options).Fit(parts.TrainSet);
        Assert.InRange(_ml.Regression.Evaluate(model.Transform(parts.TestSet)).RSquared, 0.3, 0.7);
    }

    [Theory]
    [InlineData(0.02, 0.5, false, "momentum")]
    [InlineData(0.02, 0.9, true, "adaptive-momentum")]
    [InlineData(0.01, 0, false, "gradient-descent")]
    [InlineData(0.05, 0, true, "adaptive-gradient-descent")]
    public void TheArgumentsOfTheShortOverloadMakeTheOptimizer(double rate, double momentum, bool isAdaptive, string name)
    {
        Optimizer optimizer = (momentum, isAdaptive) switch
        {
            (0, false) => Optimizer.GradientDescent(rate),
            (0, true) => Optimizer.AdaptiveGradientDescent(rate),
            (_, false) => Optimizer.Momentum(rate, momentum),
            _ => Optimizer.AdaptiveMomentum(rate, momentum),
        };
        Assert.Equal(name, optimizer.Name);

        // Two contexts with the same seed draw the same seed for the trainer.
        var byArguments = new MLContext(seed: 3).Regression.Trainers.BackPropagation(
            learningRate: rate, momentum: momentum, adaptiveLearningRate: isAdaptive, numberOfEpochs: 5);
        var byOptions = new MLContext(seed: 3).Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options { Optimizer = optimizer, NumberOfEpochs = 5 });
        Assert.Equal(Scores(byOptions), Scores(byArguments));
    }

    [Fact]
    public void TheDefaultIsMomentumAndTheRateOfBiasesCounts()
    {
        float[] ScoresOf(Optimizer? optimizer)
        {
            var options = new BackPropagationRegressionTrainer.Options(Preset.Fast) { Seed = 3, NumberOfEpochs = 5 };
            options.Optimizer = optimizer ?? options.Optimizer;
            return Scores(_ml.Regression.Trainers.BackPropagation(options));
        }

        Assert.Equal(ScoresOf(null), ScoresOf(Optimizer.Momentum(learningRate: 0.03, momentum: 0.9)));
        Assert.NotEqual(ScoresOf(null), ScoresOf(Optimizer.Momentum() with { BiasRateFactor = 2 }));
    }

    private float[] Scores(BackPropagationRegressionTrainer trainer)
    {
        IDataView data = TestData.Diabetes(_ml);
        return [.. trainer.Fit(data).Transform(data).GetColumn<float>("Score")];
    }

    [Fact]
    public void LevenbergMarquardtIsRefusedForClasses()
    {
        var options = new BackPropagationMulticlassTrainer.Options(Preset.Fast) { Optimizer = Optimizer.LevenbergMarquardt() };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Trainers.BackPropagation(options));
        Assert.Contains(
            "Loss is categorical-cross-entropy, but must be half-squared-error or mean-squared-error",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OptimizersForNumbers))]
    public void RowsThatDoNotFitIntoMemoryAreRefusedByOptimizersThatNeedThemAll(Optimizer optimizer)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            Optimizer = optimizer,
            HiddenLayers = [3],
            MaximumMemory = 200 * 60,
            NumberOfEpochs = 2,
            ValidationFraction = 0,
        };
        IEstimator<ITransformer> trainer = _ml.Regression.Trainers.BackPropagation(options);
        if (!optimizer.IsFullBatchOnly)
        {
            trainer.Fit(TestData.Diabetes(_ml));
            return;
        }

        var error = Assert.Throws<InvalidOperationException>(() => trainer.Fit(TestData.Diabetes(_ml)));
        Assert.Contains(
            $"The Optimizer {optimizer.Name} learns from all rows at once, but MaximumMemory leaves room for",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("of the 442 training rows", error.Message, StringComparison.Ordinal);
    }
}
