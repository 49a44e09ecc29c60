using System.Globalization;
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
            BackPropagationBinaryTrainer.Options options = _space.Draw(new BackPropagationBinaryTrainer.Options(Preset.Fast), seed);
            Assert.Contains(options.HiddenLayers.Count, _space.Depths);
            Assert.Contains(Assert.Single(Sizes(options).Distinct()), _space.Widths);
            Assert.Subset(_space.Activations.ToHashSet(), Activations(options).ToHashSet());
            Assert.Contains(options.BatchSize!.Value, _space.BatchSizes);
            Assert.Contains(options.Ensemble.Size, _space.EnsembleSizes);
            Assert.InRange(options.Optimizer.LearningRate!.Value, 3e-4, 3e-2);
            Assert.InRange(options.Regularization!.L2, 1e-6, 1e-2);
            rates.Add(options.Optimizer.LearningRate.Value);
            penalties.Add(options.Regularization!.L2);

            // The trainers check their options when they are made.
            _ml.BinaryClassification.Trainers.BackPropagation(options);
            _ml.Regression.Trainers.BackPropagation(_space.Draw(new BackPropagationRegressionTrainer.Options(Preset.Fast), seed));
            _ml.MulticlassClassification.Trainers.BackPropagation(_space.Draw(
                new BackPropagationMulticlassTrainer.Options(Preset.Fast), seed));
        }

        // On a logarithmic scale half of the figures lie below the geometric mean of the bounds.
        Assert.InRange(rates.Count(rate => rate < 3e-3), 120, 180);
        Assert.InRange(penalties.Count(penalty => penalty < 1e-4), 120, 180);
    }

    [Fact]
    public void EveryValueOfTheListsIsDrawn()
    {
        var space = new BackPropagationSearchSpace { Depths = [0, 1, 2], EnsembleSizes = [1, 3] };
        BackPropagationRegressionTrainer.Options[] draws =
        [
            .. Enumerable.Range(0, 200).Select(seed => space.Draw(new BackPropagationRegressionTrainer.Options(Preset.Fast), seed))
        ];
        Assert.Equal(space.Depths, draws.Select(o => o.HiddenLayers.Count).Distinct().Order());
        Assert.Equal(space.Widths, draws.SelectMany(Sizes).Distinct().Order());
        Assert.Equal(space.BatchSizes, draws.Select(o => o.BatchSize!.Value).Distinct().Order());
        Assert.Equal(space.Activations.ToHashSet(), draws.SelectMany(Activations).ToHashSet());
        Assert.Equal(["", "0", "0.1", "0.2"], draws.Select(o => $"{o.Regularization!.HiddenDropout}").Distinct().Order());
        Assert.Equal(space.EnsembleSizes, draws.Select(o => o.Ensemble.Size).Distinct().Order());
        Assert.All(draws, o => Assert.False(o.Ensemble.KeepsBest));
    }

    [Fact]
    public void TheSeedFixesTheDraw()
    {
        static string Text(BackPropagationOptions o) => string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join('-', Sizes(o))} {Activations(o).First()} {o.BatchSize} {o.Optimizer.LearningRate:G4} " +
            $"{o.Regularization!.L2:G4} {o.Regularization.HiddenDropout}");
        string Draw(int seed) => Text(_space.Draw(new BackPropagationRegressionTrainer.Options(Preset.Fast), seed));
        Assert.Equal("128 tanh 64 0.003679 0.0001926 0.2", Draw(5));
        Assert.Equal(50, Enumerable.Range(0, 50).Select(Draw).Distinct().Count());
    }

    [Fact]
    public void WhatIsNotInTheSpaceStays()
    {
        var options = _space.Draw(
            new BackPropagationRegressionTrainer.Options(Preset.Fast)
            {
                NumberOfEpochs = 7,
                Seed = 3,
                Loss = Loss.Huber(),
                Regularization = new Regularization { ClipNorm = 1, L2 = 5, HiddenDropout = [0.7], InputDropout = 0.3 },
            },
            seed: 1);
        Assert.Equal((7, 3, Loss.Huber()), (options.NumberOfEpochs, options.Seed, options.Loss));
        Assert.Equal(1, options.Regularization!.ClipNorm);
        Assert.Equal(0.3, options.Regularization!.InputDropout);
        Assert.InRange(options.Regularization!.L2, 1e-6, 1e-2);
        options = new BackPropagationSearchSpace { Depths = [0], DropoutRates = [0.5] }.Draw(options, seed: 1);
        Assert.Equal(0, options.HiddenLayers.Count);
        Assert.Empty(options.Regularization!.HiddenDropout);
        Assert.Equal(0.3, options.Regularization!.InputDropout);
        _ml.Regression.Trainers.BackPropagation(options);
    }

    public static TheoryData<BackPropagationRegressionTrainer.Options> GivenOptions =>
    [
        new() { HiddenLayers = [new LayerSpec(5, Activation.ReLU)] },
        new() { HiddenLayers = HiddenLayers.Rule(3, Activation.ReLU) },
        new() { Optimizer = Optimizer.AdaptiveMomentum(momentum: 0.5) },
        new() { Optimizer = Optimizer.Lbfgs() },
    ];

    [Theory]
    [MemberData(nameof(GivenOptions))]
    public void WhatWouldStandInForADrawIsTakenBack(BackPropagationRegressionTrainer.Options given)
    {
        BackPropagationRegressionTrainer.Options options = _space.Draw(given, seed: 2);
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(_ml.Data.TakeRows(TestData.Diabetes(_ml), 60)).Model;
        Assert.Equal(Sizes(options), model.Network.Layers.SkipLast(1).Select(layer => layer.Outputs));
        Assert.Equal(Activations(options), model.Network.Layers.SkipLast(1).Select(layer => layer.Activation));
    }

    [Fact]
    public void ASpaceWithoutValuesIsRefused()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new BackPropagationSearchSpace { Widths = [] }.Draw(new BackPropagationRegressionTrainer.Options(Preset.Fast), 1));
        Assert.Contains("Widths is empty", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(
            () => new BackPropagationSearchSpace { LearningRates = (0, 1) }.Draw(
                new BackPropagationRegressionTrainer.Options(Preset.Fast), 1));
        Assert.Contains("LearningRates is from 0 to 1", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Sizes(BackPropagationOptions options) => Layers(options).Select(layer => layer.Units);

    private static IEnumerable<Activation> Activations(BackPropagationOptions options) => Layers(options).Select(layer => layer.Activation);

    private static IEnumerable<LayerSpec> Layers(BackPropagationOptions options) =>
        options.HiddenLayers.For(inputs: 1, outputs: 1, readsCodes: false);
}
