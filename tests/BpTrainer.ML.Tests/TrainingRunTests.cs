using System.Text.RegularExpressions;
using BpTrainer.Stopping;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Tests;

/// <summary>A run reports to the log, and stops when it should.</summary>
public class TrainingRunTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _messages = [];

    public TrainingRunTests() => _ml.Log += (_, message) => _messages.Add(message);

    [Fact]
    public void ProgressAndReasonOfTheStopAreLogged()
    {
        var options = new BackPropagationRegressionTrainer.Options
        {
            HiddenLayers = [8],
            FeatureEncoding = FeatureEncoding.None,
            NumberOfEpochs = 4,
            Ensemble = 1,
        };
        _ml.Regression.Trainers.BackPropagation(options).Fit(TestData.Diabetes(_ml));

        string[] ours = _messages.Where(
            m => m.Source.Contains("BackPropagation", StringComparison.Ordinal)).Select(m => m.Message).ToArray();
        Assert.Contains(ours, m => m.Contains("10-8-1 network", StringComparison.Ordinal));
        Assert.Equal(4, ours.Count(m => m.Contains("training loss", StringComparison.Ordinal)
            && m.Contains("validation loss", StringComparison.Ordinal)
            && m.Contains("learning rate", StringComparison.Ordinal) && m.Contains(" s.", StringComparison.Ordinal)));
        Assert.Contains(ours, m => m.Contains("Training stopped (EpochsReached) after 4 epochs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, "for 4 epochs")]
    [InlineData(3, "for 3 networks of 4 epochs")]
    public void WhatItWillTakeIsLoggedOnceAndBeforehand(int networks, string of)
    {
        var options = new BackPropagationRegressionTrainer.Options { Ensemble = networks, NumberOfEpochs = 4 };
        _ml.Regression.Trainers.BackPropagation(options).Fit(TestData.Diabetes(_ml));
        List<string> ours = [.. _messages.Select(message => message.Message)];
        int at = ours.FindIndex(text => Regex.IsMatch(text, @"Expected to take at most \d+\.\d s " + of));
        Assert.True(at >= 0);
        Assert.Single(ours, text => text.Contains("Expected to take", StringComparison.Ordinal));
        Assert.Contains(ours[at..], text => text.Contains("poch 3:", StringComparison.Ordinal));
    }

    [Fact]
    public void AFirstEpochThatIsNotFiniteIsAnErrorWithTheRemedy()
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            Optimizer = Optimizer.Momentum(1e30),
            HiddenLayers = HiddenLayers.Of(Activation.ReLU, 64),
            NumberOfEpochs = 50,
        };
        var error = Assert.Throws<NotFiniteNumberException>(
            () => _ml.Regression.Trainers.BackPropagation(options).Fit(TestData.Diabetes(_ml)));
        Assert.Contains("The learning rate was 1E+30: lower it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheErrorGoalStopsTheRun()
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast) { TargetLoss = 0.4 };
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(TestData.Diabetes(_ml)).Model;
        Assert.Equal(StopReason.TargetLossReached, model.StopReason);
        Assert.True(model.History[^1].TrainingLoss <= 0.4);
    }

    [Fact]
    public void TheValidationErrorStopsTheRunAtItsBestWeights()
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            ValidationFraction = 0.25,
            EarlyStoppingRounds = 3,
            NumberOfEpochs = 2000,
            Optimizer = Optimizer.Momentum(0.1),
        };
        var model = _ml.Regression.Trainers.BackPropagation(options).Fit(TestData.Diabetes(_ml)).Model;
        Assert.Equal(StopReason.EarlyStopping, model.StopReason);
        Assert.Equal(model.History.MinBy(epoch => epoch.ValidationLoss)!.Epoch, model.BestEpoch);
        Assert.Equal(model.BestEpoch + 3, model.History.Count);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.5, false)]
    [InlineData(0, true)]
    [InlineData(0.5, true)]
    public void EveryOptimizerLearns(double momentum, bool adaptive)
    {
        var trainer = _ml.Regression.Trainers.BackPropagation(momentum: momentum, adaptiveLearningRate: adaptive, numberOfEpochs: 20);
        var model = trainer.Fit(TestData.Diabetes(_ml)).Model;
        Assert.True(model.History[^1].TrainingLoss < model.History[0].TrainingLoss);
    }

    [Fact]
    public void WithoutNormalizationTheInputsAreNeitherShiftedNorScaledButLimited()
    {
        IDataView data = TestData.Iris(_ml);
        var plain =
            new BackPropagationMulticlassTrainer.Options(Preset.Fast) { FeatureScaling = Scaling.Limit, NumberOfEpochs = 1, Seed = 1 };
        var scaled = new BackPropagationMulticlassTrainer.Options(Preset.Fast) { NumberOfEpochs = 1, Seed = 1 };
        ColumnScaling limited = _ml.MulticlassClassification.Trainers.BackPropagation(plain).Fit(data).Model.Network.InputScaling!;
        ColumnScaling normalized = _ml.MulticlassClassification.Trainers.BackPropagation(scaled).Fit(data).Model.Network.InputScaling!;
        Assert.Equal([0, 0, 0, 0], limited.Offsets.ToArray());
        Assert.Equal([1, 1, 1, 1], limited.Scales.ToArray());
        Assert.Equal(normalized.Highest.ToArray(), limited.Highest.ToArray());
        Assert.DoesNotContain(0, normalized.Offsets.ToArray());
    }
}
