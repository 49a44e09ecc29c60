using BpTrainer.ML.Tests.Programs;
using BpTrainer.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Tests;

/// <summary>Trials and stages in a model file come back as they were, and nothing in a hostile one is trusted.</summary>
public class HiddenUnitsFileTests
{
    private static readonly HiddenSizeTrials s_trials = new(
    [
        new HiddenSizeTrial(2, 9, [
            new HiddenSizeRun(0.5, 3, 4, 0.25, StopReason.EpochsReached),
            new HiddenSizeRun(double.PositiveInfinity, 0, 1, 0.5, StopReason.NonFinite)]),
        new HiddenSizeTrial(3, 13, [new HiddenSizeRun(0.25, 7, 9, 1, StopReason.EarlyStopping)]),
    ]);

    private static readonly GrowthStage[] s_stages =
    [
        new GrowthStage(1, 10, 9, 0.5, null, StopReason.EpochsReached), new GrowthStage(4, 5, 12, 0.25, 0.375, StopReason.StopRequested),
    ];

    /// <summary>The bytes of two trials, two runs and one, and of two stages, behind which the checksum follows.</summary>
    private const int TrialBytes = 4 + (2 * 12) + (3 * 28), StageBytes = 4 + 25 + 33, HashBytes = 32;

    [Fact]
    public void ComeBack()
    {
        TrainedNetwork loaded = Load(Save(s_trials, s_stages));
        Assert.Equal($"{s_trials}", $"{loaded.HiddenSizeTrials}");
        Assert.Equal(
            s_trials.Trials.SelectMany(trial => trial.Runs), loaded.HiddenSizeTrials!.Trials.SelectMany(trial => trial.Runs));
        Assert.Equal(s_stages, loaded.GrowthStages);
        loaded = Load(Save(null, []));
        Assert.Null(loaded.HiddenSizeTrials);
        Assert.Empty(loaded.GrowthStages);
    }

    [Fact]
    public void AnyNumberAnywhereIsRefusedOrTaken()
    {
        byte[] file = Save(s_trials, s_stages);
        int refused = 0;
        for (int place = file.Length - HashBytes - StageBytes - TrialBytes; place + sizeof(int) <= file.Length - HashBytes; place++)
        {
            foreach (int number in new[] { int.MinValue, -1, 0, 99, int.MaxValue })
            {
                byte[] damaged = [.. file];
                BitConverter.TryWriteBytes(damaged.AsSpan(place), number);
                Mutant.Seal(damaged);
                try
                {
                    _ = Load(damaged).Summary();
                }
                catch (FormatException)
                {
                    refused++;
                }
            }
        }

        Assert.InRange(refused, 200, 5 * (TrialBytes + StageBytes));
    }

    [Fact]
    public void ASizeThatComesTwiceIsRefused()
    {
        byte[] file = Save(s_trials, s_stages);

        // The second trial follows the count, and units, parameters, count and two runs of the first.
        int second = file.Length - HashBytes - StageBytes - TrialBytes + 4 + 12 + (2 * 28);
        Assert.Equal(3, BitConverter.ToInt32(file, second));
        file[second] = 2;
        Mutant.Seal(file);
        var error = Assert.ThrowsAny<FormatException>(() => Load(file));
        Assert.Contains("two trials of 2 hidden units", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Save(HiddenSizeTrials? trials, IReadOnlyList<GrowthStage> stages)
    {
        Network<float> network = new NetworkBuilder(1).Add(1, Activation.Linear).Build<float>();
        using var stream = new MemoryStream();
        new TrainedNetwork(network, Ensemble: null, StopReason.EpochsReached, BestEpoch: 0, new TrainingHistory([]))
        {
            HiddenSizeTrials = trials,
            GrowthStages = stages,
        }.Save(stream);
        return stream.ToArray();
    }

    private static TrainedNetwork Load(byte[] file) => TrainedNetwork.Load((IExceptionContext)new MLContext(), new MemoryStream(file));
}
