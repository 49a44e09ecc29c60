using BpTrainer.Training;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>Schedules, averages and stopping conditions reach the engine from the options.</summary>
public class ScheduleAndStoppingTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _data;

    public ScheduleAndStoppingTests() => _data = TestData.Diabetes(_ml);

    [Fact]
    public void TheScheduleShowsInTheHistory()
    {
        var model = Fit(
            o => (o.Schedule, o.NumberOfEpochs, o.Optimizer) = (LearningRateSchedule.Cosine().WithWarmUp(2), 10, Optimizer.Momentum(0.02)));
        Assert.Equal(10, model.History.Count);
        Assert.InRange(model.History[0].LearningRate, 0, 0.002);
        Assert.Equal(0.02, model.History[2].LearningRate, 1e-15);
        Assert.Equal(0.01, model.History[6].LearningRate, 1e-15);
        Assert.Equal(0.02 * 0.5 * (1 + Math.Cos(Math.PI * 7 / 8)), model.History[9].LearningRate, 1e-15);
    }

    [Fact]
    public void APlateauOfTheValidationErrorShrinksTheRate()
    {
        var model = Fit(o => (o.Schedule, o.NumberOfEpochs, o.EarlyStoppingRounds, o.Optimizer) = (
            LearningRateSchedule.ReduceOnPlateau(0.5, patience: 2), 80, 80, Optimizer.Momentum(0.1)));
        Assert.True(model.History[^1].LearningRate < 0.1 / 4);
    }

    public static TheoryData<WeightAveraging> Averagings => [WeightAveraging.Exponential(0.98), WeightAveraging.LastEpochs(5)];

    [Theory]
    [MemberData(nameof(Averagings))]
    public void TheModelHasTheAverageThatWasValidated(WeightAveraging averaging)
    {
        // The same training gives the same losses of the batches; only what is validated and kept differs.
        var last = Fit(o => (o.NumberOfEpochs, o.EarlyStoppingRounds) = (15, 15));
        var averaged = Fit(o => (o.NumberOfEpochs, o.EarlyStoppingRounds, o.Averaging) = (15, 15, averaging));
        Assert.Equal(last.History.Select(epoch => epoch.TrainingLoss), averaged.History.Select(epoch => epoch.TrainingLoss));
        Assert.NotEqual(last.History[^1].ValidationLoss, averaged.History[^1].ValidationLoss);
        Assert.Equal(averaged.History.MinBy(epoch => epoch.ValidationLoss)!.Epoch, averaged.BestEpoch);
    }

    [Fact]
    public void UpdatesStopTheRun()
    {
        var model = Fit(o => (o.MaximumUpdates, o.BatchSize) = (30, 32));
        Assert.Equal(StopReason.UpdatesReached, model.StopReason);

        // 375 rows remain beside the validation part: 12 batches an epoch.
        Assert.Equal(3, model.History.Count);
    }

    [Fact]
    public void TheTimeBudgetStopsTheRun()
    {
        var model = Fit(o => (o.TimeBudget, o.NumberOfEpochs, o.ValidationFraction) = (TimeSpan.FromMilliseconds(200), int.MaxValue, 0));
        Assert.Equal(StopReason.TimeBudgetReached, model.StopReason);
        Assert.InRange(model.BestEpoch, 1, model.History.Count);
    }

    [Fact]
    public void ATimeBudgetWithoutAWholeEpochIsAnError()
    {
        var error = Assert.ThrowsAny<Exception>(() => Fit(o => o.TimeBudget = TimeSpan.FromTicks(1)));
        Assert.Contains("TimeBudget", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASmallGradientStopsTheRun()
    {
        var model = Fit(
            o => (o.MinimumGradient, o.HiddenLayers, o.ValidationFraction, o.Optimizer) = (0.1, [], 0, Optimizer.Momentum(0.02)));
        Assert.Equal(StopReason.MinimumGradientReached, model.StopReason);
    }

    [Fact]
    public void TheUserMayStopTheRun()
    {
        var seen = new List<EpochRecord>();
        var model = Fit(o => o.OnEpoch = progress =>
        {
            seen.Add(progress.Epoch);
            if (progress.Epoch.Epoch == 4)
            {
                progress.Stop();
            }
        });
        Assert.Equal(StopReason.StopRequested, model.StopReason);
        Assert.Equal(seen, model.History);
        Assert.Equal(4, seen.Count);
    }

    [Fact]
    public void TheLearningRateThatWasFoundLearns()
    {
        var trainer = _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast) { Seed = 3 });
        LearningRateCurve curve = trainer.FindLearningRate(_data);
        Assert.True(curve.Points.Count > 50);
        Assert.InRange(curve.Suggestion!.Value, 1e-4, 1);
        var model = Fit(o => (o.Optimizer, o.NumberOfEpochs) = (Optimizer.Momentum(curve.Suggestion.Value), 40));
        Assert.True(model.History.Min(epoch => epoch.ValidationLoss) < 0.35);

        // The test leaves no trace in the trainer.
        Assert.Equal(curve.Points, trainer.FindLearningRate(_data).Points);
    }

    [Fact]
    public void AnAdaptiveRateIsNotLookedFor()
    {
        var trainer = _ml.Regression.Trainers.BackPropagation(
            new BackPropagationRegressionTrainer.Options(Preset.Fast) { Optimizer = Optimizer.AdaptiveMomentum() });
        var error = Assert.Throws<ArgumentException>(() => trainer.FindLearningRate(_data));
        Assert.Contains("adaptive", error.Message, StringComparison.Ordinal);
    }

    private BackPropagationRegressionModelParameters Fit(Action<BackPropagationRegressionTrainer.Options> set)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast) { Seed = 3 };
        set(options);
        return _ml.Regression.Trainers.BackPropagation(options).Fit(_data).Model;
    }
}
