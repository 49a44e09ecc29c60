using BpTrainer.Training;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>Options that would take more memory than there is are refused with their name, their value and the bytes.</summary>
public class MemoryTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string, Action<BackPropagationOptions>, string> TooLargeInBatches => new()
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
            "is [70000 tanh, 70000 tanh]. The network is too large"
        },
        { nameof(BackPropagationOptions.Ensemble), o => o.Ensemble = int.MaxValue, "is 2147483647, but must be less: it would take" },
        {
            nameof(BackPropagationOptions.Ensemble),
            o => (o.Ensemble, o.HiddenLayers) = (2_000_000, [2_000_000]),
            "is 2000000, but must be less: it would take"
        },
        {
            nameof(BackPropagationOptions.Averaging),
            o => (o.Averaging, o.NumberOfEpochs) = (WeightAveraging.LastEpochs(int.MaxValue), int.MaxValue),
            "but must be less: it would take"
        },
    };

    public static TheoryData<string, Action<BackPropagationOptions>, string> TooLarge
    {
        get
        {
            TheoryData<string, Action<BackPropagationOptions>, string> data = TooLargeInBatches;
            data.Add(
            "History", o => o.Optimizer = Optimizer.Lbfgs(int.MaxValue), "is 2147483647, but must be less: it would take");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(TooLarge))]
    public void FitRefusesIt(string option, Action<BackPropagationOptions> set, string text) =>
        AssertRefused(option, text, () => Trainer(set, memory: null).Fit(TestData.Diabetes(_ml)));

    [Theory]
    [MemberData(nameof(TooLargeInBatches))]
    public void FitOnAStreamRefusesIt(string option, Action<BackPropagationOptions> set, string text) =>
        AssertRefused(option, text, () => Trainer(set, memory: 15_000).Fit(TestData.Diabetes(_ml)));

    [Theory]
    [MemberData(nameof(TooLargeInBatches))]
    public void ARangeTestRefusesIt(string option, Action<BackPropagationOptions> set, string text) =>
        AssertRefused(option, text, () => Trainer(set, memory: null).FindLearningRate(TestData.Diabetes(_ml)));

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
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast)
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

    private BackPropagationRegressionTrainer Trainer(Action<BackPropagationOptions> set, long? memory)
    {
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast) { MaximumMemory = memory };
        set(options);
        return _ml.Regression.Trainers.BackPropagation(options);
    }

    private static void AssertRefused(string option, string text, Action action)
    {
        var error = Assert.ThrowsAny<ArgumentException>(action);
        Assert.Equal(option, error.ParamName);
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Matches("[0-9] [GT]B", error.Message);
    }
}
