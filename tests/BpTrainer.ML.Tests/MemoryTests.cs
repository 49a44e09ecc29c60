using BpTrainer.Training;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>Options that would take more memory than there is are refused with their name, their value and the bytes.</summary>
public class MemoryTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string, Action<BackPropagationOptions>, string> TooLarge => new()
    {
        { nameof(BackPropagationOptions.HiddenLayers), o => o.HiddenLayers = [2_000_000_000], "is [2000000000]. The network is too large" },
        {
            nameof(BackPropagationOptions.HiddenLayers),
            o => o.HiddenLayers = [100_000_000, 64],
            "is [100000000, 64]. The network is too large"
        },
        {
            nameof(BackPropagationOptions.HiddenLayers),
            o => o.HiddenLayers = [int.MaxValue, int.MaxValue],
            "is [2147483647, 2147483647]. The network is too large"
        },
        {
            nameof(BackPropagationOptions.HiddenLayers),
            o => o.HiddenLayers = [new LayerSpec(70_000, Activation.Tanh), new LayerSpec(70_000, Activation.Tanh)],
            "is [70000, 70000]. The network is too large"
        },
        { nameof(BackPropagationOptions.Ensemble), o => o.Ensemble = int.MaxValue, "is 2147483647, but must be less: it would take" },
        {
            nameof(BackPropagationOptions.Ensemble),
            o => (o.Ensemble, o.HiddenLayers) = (2_000_000, [2_000_000]),
            "is 2000000, but must be less: it would take"
        },
        { "History", o => o.Optimizer = Optimizer.Lbfgs(int.MaxValue), "is 2147483647, but must be less: it would take" },
        {
            nameof(BackPropagationOptions.Averaging),
            o => (o.Averaging, o.NumberOfEpochs) = (WeightAveraging.LastEpochs(int.MaxValue), int.MaxValue),
            "but must be less: it would take"
        },
    };

    [Theory]
    [MemberData(nameof(TooLarge))]
    public void FitRefusesIt(string option, Action<BackPropagationOptions> set, string text)
    {
        foreach (long? memory in new long?[] { null, 15_000 })
        {
            var options = new BackPropagationRegressionTrainer.Options { MaximumMemory = memory };
            set(options);
            if (memory is not null && options.Optimizer.IsFullBatchOnly)
            {
                continue;
            }

            BackPropagationRegressionTrainer trainer = _ml.Regression.Trainers.BackPropagation(options);
            AssertRefused(() => trainer.Fit(TestData.Diabetes(_ml)));
            if (options is { Optimizer.Name: "momentum", MaximumMemory: null })
            {
                AssertRefused(() => trainer.FindLearningRate(TestData.Diabetes(_ml)));
            }
        }

        void AssertRefused(Action action)
        {
            var error = Assert.ThrowsAny<ArgumentException>(action);
            Assert.Equal(option, error.ParamName);
            Assert.Contains(option, error.Message, StringComparison.Ordinal);
            Assert.Contains(text, error.Message, StringComparison.Ordinal);
            Assert.Matches("[0-9] [GT]B", error.Message);
        }
    }

    [Fact]
    public void ARangeTestHasItsUpdatesInMemory()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "updates", () => _ml.Regression.Trainers.BackPropagation().FindLearningRate(TestData.Diabetes(_ml), updates: 1_000_000_000));
        Assert.Contains("is 1000000000, but must be from 10 to 1000000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BoundsThatTakeNoMemoryMayBeAsLargeAsTheyWill()
    {
        var options = new BackPropagationRegressionTrainer.Options
        {
            BatchSize = int.MaxValue,
            NumberOfEpochs = int.MaxValue,
            EarlyStoppingRounds = int.MaxValue,
            MaximumUpdates = long.MaxValue,
            NumberOfThreads = int.MaxValue,
            Ensemble = Ensemble.BestOf(3),
            MaximumMemory = long.MaxValue,
            OnEpoch = progress =>
            {
                if (progress.Epoch.Epoch == 3)
                {
                    progress.Stop();
                }
            },
        };
        Assert.Equal(3, _ml.Regression.Trainers.BackPropagation(options).Fit(TestData.Diabetes(_ml)).Model.History.Count);
    }
}
