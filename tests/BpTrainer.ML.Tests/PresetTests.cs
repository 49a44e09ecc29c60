using System.Reflection;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>What the options of every task are after a preset.</summary>
public class PresetTests
{
    public static TheoryData<Type> Options =>
    [
        typeof(BackPropagationRegressionTrainer.Options),
        typeof(BackPropagationMultiOutputTrainer.Options),
        typeof(BackPropagationBinaryTrainer.Options),
        typeof(BackPropagationMulticlassTrainer.Options),
        typeof(BackPropagationMultiLabelTrainer.Options),
    ];

    [Theory]
    [MemberData(nameof(Options))]
    public void WithoutAPresetOptionsAreTheDefault(Type options) =>
        Assert.Empty(Differences((BackPropagationOptions)Activator.CreateInstance(options)!, Create(options, Preset.Default)));

    [Theory]
    [MemberData(nameof(Options))]
    public void FastIsTheDefaultWithOneNetwork(Type options)
    {
        BackPropagationOptions fast = Create(options, Preset.Fast);
        Assert.Equal(1, fast.Ensemble);
        Assert.Empty(Differences(Create(options, Preset.Default), fast).Except([nameof(BackPropagationOptions.Ensemble)]));
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void ClassicIsOneHiddenLayerWithMomentumAndAnAdaptiveRate(Type options)
    {
        BackPropagationOptions classic = Create(options, Preset.Classic);
        Assert.Equal("[64 tanh]", classic.HiddenLayers.ToString());
        Assert.Same(FeatureEncoding.None, classic.FeatureEncoding);
        Assert.Equal(Initializer.Zero, classic.OutputInitializer);
        Assert.Equal(Optimizer.AdaptiveMomentum(), classic.Optimizer);
        TrainingOptions engine = classic.ToEngine(seed: 1, rows: 100);
        Assert.Equal((LearningRateSchedule.Constant, new Regularization()), (engine.Schedule, engine.Regularization));
        Assert.Equal(1, classic.Ensemble);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void TextbookIsGradientDescentRowByRowAndNothingElse(Type options)
    {
        BackPropagationOptions textbook = Create(options, Preset.Textbook);
        TrainingOptions engine = textbook.ToEngine(seed: 1, rows: 100);
        Assert.Equal("Rule(5)", textbook.HiddenLayers.ToString());
        Assert.Equal(Activation.Logistic, Assert.Single(textbook.HiddenLayers.For(2, 1, readsCodes: false)).Activation);
        Assert.Equal(Optimizer.GradientDescent(0.5), engine.Optimizer);
        Assert.Equal((LearningRateSchedule.Constant, new Regularization()), (engine.Schedule, engine.Regularization));
        Assert.Equal((1, false, 1, 0.0), (engine.BatchSize, engine.Shuffle, textbook.Ensemble.Size, textbook.ValidationFraction));
        Assert.Equal((FeatureEncoding.None, Scaling.None), (textbook.FeatureEncoding, textbook.FeatureScaling));
        object? labels = options.GetField("LabelScaling")?.GetValue(textbook);
        Assert.True(labels is null || (Scaling)labels == Scaling.None);
    }

    [Fact]
    public void OptionsSetAfterThePresetCount()
    {
        var ml = new MLContext(1);
        var options = new BackPropagationMulticlassTrainer.Options(Preset.Classic) { HiddenLayers = 7, NumberOfEpochs = 3 };
        Network<float> network = ml.MulticlassClassification.Trainers.BackPropagation(options).Fit(TestData.Iris(ml)).Model.Network;
        Assert.Equal((7, Activation.SiLU), (network.Layers[0].Outputs, network.Layers[0].Activation));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void AnUnknownPresetIsRefused(int preset)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new BackPropagationBinaryTrainer.Options((Preset)preset));
        Assert.Contains($"preset is {preset}, but must be Default, Fast, Classic or Textbook.", e.Message);
    }

    private static BackPropagationOptions Create(Type options, Preset preset) =>
        (BackPropagationOptions)Activator.CreateInstance(options, preset)!;

    private static IEnumerable<string> Differences(BackPropagationOptions one, BackPropagationOptions other) =>
        one.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance)
            .Where(field => !SameValue(field.GetValue(one), field.GetValue(other))).Select(field => field.Name);

    // Hidden layers are compared by their text.
    private static bool SameValue(object? one, object? other) =>
        one is HiddenLayers ? one.ToString() == other?.ToString() : Equals(one, other);
}
