using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>Options are drawn from a seed, within the space, and are such as the trainers take.</summary>
public class SearchSpaceTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly BackPropagationSearchSpace _space = new();

    [Fact]
    public void EveryDrawIsInTheSpaceAndTaken()
    {
        var rates = new List<double>();
        for (int seed = 0; seed < 200; seed++)
        {
            BackPropagationBinaryTrainer.Options options = _space.Draw(new BackPropagationBinaryTrainer.Options(), seed);
            Assert.Contains(options.HiddenLayers.Length, _space.Depths);
            Assert.Contains(Assert.Single(options.HiddenLayers.Distinct()), _space.Widths);
            Assert.Contains(options.Activation, _space.Activations);
            Assert.Contains(options.BatchSize!.Value, _space.BatchSizes);
            Assert.InRange(options.LearningRate!.Value, 3e-4, 3e-2);
            Assert.InRange(options.Regularization.L2, 1e-6, 1e-2);
            rates.Add(options.LearningRate.Value);
            _ml.BinaryClassification.Trainers.BackPropagation(options);
        }

        // On a logarithmic scale half of the rates lie below the geometric mean of the bounds.
        Assert.InRange(rates.Count(rate => rate < 3e-3), 75, 125);
    }

    [Fact]
    public void TheSeedFixesTheDraw()
    {
        static string Text(BackPropagationOptions o) => $"{string.Join('-', o.HiddenLayers)} {o.Activation} {o.BatchSize} {o.LearningRate:R} {o.Regularization.L2:R} {o.Dropout}";
        string Draw(int seed) => Text(_space.Draw(new BackPropagationRegressionTrainer.Options(), seed));
        Assert.Equal(Draw(5), Draw(5));
        Assert.Equal(50, Enumerable.Range(0, 50).Select(Draw).Distinct().Count());
    }

    [Fact]
    public void WhatIsNotInTheSpaceStays()
    {
        var options = _space.Draw(new BackPropagationRegressionTrainer.Options { NumberOfEpochs = 7, Seed = 3, Loss = Loss.Huber() }, seed: 1);
        Assert.Equal((7, 3, Loss.Huber()), (options.NumberOfEpochs, options.Seed, options.Loss));
        options = new BackPropagationSearchSpace { Depths = [0], DropoutRates = [0.5] }.Draw(options, seed: 1);
        Assert.Empty(options.HiddenLayers);
        _ml.Regression.Trainers.BackPropagation(options);
    }

    [Fact]
    public void ASpaceWithoutValuesIsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new BackPropagationSearchSpace { Widths = [] }.Draw(new BackPropagationRegressionTrainer.Options(), 1));
        Assert.Contains("Widths is empty", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => new BackPropagationSearchSpace { LearningRates = (0, 1) }.Draw(new BackPropagationRegressionTrainer.Options(), 1));
        Assert.Contains("LearningRates is from 0 to 1", error.Message, StringComparison.Ordinal);
    }
}
