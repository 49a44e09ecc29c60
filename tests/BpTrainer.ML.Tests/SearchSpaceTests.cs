using BpTrainer.Training;
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
        var penalties = new List<double>();
        for (int seed = 0; seed < 300; seed++)
        {
            BackPropagationBinaryTrainer.Options options = _space.Draw(new BackPropagationBinaryTrainer.Options(), seed);
            Assert.Contains(options.HiddenLayers.Length, _space.Depths);
            Assert.Contains(Assert.Single(options.HiddenLayers.Distinct()), _space.Widths);
            Assert.Contains(options.Activation, _space.Activations);
            Assert.Contains(options.BatchSize!.Value, _space.BatchSizes);
            Assert.Contains(options.NumberOfNetworks, _space.NetworkCounts);
            Assert.InRange(options.LearningRate!.Value, 3e-4, 3e-2);
            Assert.InRange(options.Regularization.L2, 1e-6, 1e-2);
            rates.Add(options.LearningRate.Value);
            penalties.Add(options.Regularization.L2);

            // The trainers check their options when they are made.
            _ml.BinaryClassification.Trainers.BackPropagation(options);
            _ml.Regression.Trainers.BackPropagation(_space.Draw(new BackPropagationRegressionTrainer.Options(), seed));
            _ml.MulticlassClassification.Trainers.BackPropagation(_space.Draw(new BackPropagationMulticlassTrainer.Options(), seed));
        }

        // On a logarithmic scale half of the figures lie below the geometric mean of the bounds.
        Assert.InRange(rates.Count(rate => rate < 3e-3), 120, 180);
        Assert.InRange(penalties.Count(penalty => penalty < 1e-4), 120, 180);
    }

    [Fact]
    public void EveryValueOfTheListsIsDrawn()
    {
        var space = new BackPropagationSearchSpace { Depths = [0, 1, 2], NetworkCounts = [1, 3] };
        BackPropagationRegressionTrainer.Options[] draws = [.. Enumerable.Range(0, 200).Select(seed => space.Draw(new BackPropagationRegressionTrainer.Options(), seed))];
        Assert.Equal(space.Depths, draws.Select(o => o.HiddenLayers.Length).Distinct().Order());
        Assert.Equal(space.Widths, draws.SelectMany(o => o.HiddenLayers).Distinct().Order());
        Assert.Equal(space.BatchSizes, draws.Select(o => o.BatchSize!.Value).Distinct().Order());
        Assert.Equal(space.Activations.ToHashSet(), draws.Select(o => o.Activation).ToHashSet());
        Assert.Equal(["", "0", "0.1", "0.2"], draws.Select(o => $"{o.Regularization.HiddenDropout}").Distinct().Order());
        Assert.Equal(space.NetworkCounts, draws.Select(o => o.NumberOfNetworks).Distinct().Order());
        Assert.All(draws, o => Assert.Equal(o.NumberOfNetworks > 1, o.AverageNetworks));
    }

    [Fact]
    public void TheSeedFixesTheDraw()
    {
        static string Text(BackPropagationOptions o) => FormattableString.Invariant(
            $"{string.Join('-', o.HiddenLayers)} {o.Activation} {o.BatchSize} {o.LearningRate:G4} {o.Regularization.L2:G4} {o.Regularization.HiddenDropout}");
        string Draw(int seed) => Text(_space.Draw(new BackPropagationRegressionTrainer.Options(), seed));
        Assert.Equal("128 tanh 64 0.003679 0.0001926 0.2", Draw(5));
        Assert.Equal(50, Enumerable.Range(0, 50).Select(Draw).Distinct().Count());
    }

    [Fact]
    public void WhatIsNotInTheSpaceStays()
    {
        var options = _space.Draw(
            new BackPropagationRegressionTrainer.Options
            {
                NumberOfEpochs = 7,
                Seed = 3,
                Loss = Loss.Huber(),
                Regularization = new Regularization { ClipNorm = 1, L2 = 5, HiddenDropout = [0.7], InputDropout = 0.3 },
            },
            seed: 1);
        Assert.Equal((7, 3, Loss.Huber()), (options.NumberOfEpochs, options.Seed, options.Loss));
        Assert.Equal(1, options.Regularization.ClipNorm);
        Assert.Equal(0.3, options.Regularization.InputDropout);
        Assert.InRange(options.Regularization.L2, 1e-6, 1e-2);
        options = new BackPropagationSearchSpace { Depths = [0], DropoutRates = [0.5] }.Draw(options, seed: 1);
        Assert.Empty(options.HiddenLayers);
        Assert.Empty(options.Regularization.HiddenDropout);
        Assert.Equal(0.3, options.Regularization.InputDropout);
        _ml.Regression.Trainers.BackPropagation(options);
    }

    [Fact]
    public void WhatWouldStandInForADrawIsTakenBack()
    {
        BackPropagationRegressionTrainer.Options[] givens =
        [
            new() { Layers = [new LayerSpec(5, Activation.ReLU)] },
            new() { HiddenSizeAddend = 3, Activations = [Activation.ReLU] },
            new() { AdaptiveLearningRate = true, Momentum = 0.5 },
            new() { Optimizer = Optimizer.Lbfgs() },
        ];
        foreach (BackPropagationRegressionTrainer.Options given in givens)
        {
            BackPropagationRegressionTrainer.Options options = _space.Draw(given, seed: 2);
            var model = _ml.Regression.Trainers.BackPropagation(options).Fit(_ml.Data.TakeRows(TestData.Diabetes(_ml), 60)).Model;
            Assert.Equal(options.HiddenLayers, model.Network.Layers.SkipLast(1).Select(layer => layer.Outputs));
            Assert.All(model.Network.Layers.SkipLast(1), layer => Assert.Equal(options.Activation, layer.Activation));
        }
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
