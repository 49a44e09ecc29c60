using BpTrainer.Examples.Compare;
using BpTrainer.Examples.Tests.Shared;

namespace BpTrainer.Examples.Tests.Compare;

/// <summary>The progress of a comparison as a person at a terminal sees it.</summary>
public class ProgressTests
{
    [Fact]
    public void OnATerminalTheEpochsOfOursAreShownAndTheResultsAreTheSame()
    {
        using var terminal = new FakeTerminal();
        Problem problem = TestProblems.Separable();
        var comparison = new Comparison(problem, TestProblems.Options(), [new Watched(Ours(), terminal)]);
        TrainerResult shown = Examples.Compare.Progress.Show(terminal.Console(), comparison)[0];

        Assert.Contains("data, split 1, BackPropagation, epoch 5, validation loss", terminal.ToString());
        TrainerResult silent = new Comparison(problem, TestProblems.Options(), [Ours()]).Run((_, _) => { })[0];
        Assert.Equal(silent.Measurements.SelectMany(one => one.Metrics), shown.Measurements.SelectMany(one => one.Metrics));
    }

    [Fact]
    public void OptionsThatAReportShowsDoNotNameTheOnlooker()
    {
        MLNetContender ours = Ours();
        var comparison = new Comparison(TestProblems.Separable(), TestProblems.Options(splits: 1), [ours]);
        int epochs = 0;
        comparison.Run((_, _) => { }, _ => epochs++);
        Assert.Equal(5, epochs);
        Assert.Null(ours.Options!.OnEpoch);
    }

    private static MLNetContender Ours() => MLNetContender.Ours(
        LearningTask.Binary, "BackPropagation", ML.Preset.Fast, options => (options.HiddenLayers, options.NumberOfEpochs) = (3, 5));

    /// <summary>Waits in the last epoch until the display, which is drawn anew ten times a second, shows it.</summary>
    private sealed record Watched(MLNetContender Inner, FakeTerminal Terminal) : Contender(Inner.Name)
    {
        public override Trial Run(PreparedSplit split, int seed, Action<EpochProgress<float>>? onEpoch) =>
            Inner.Run(split, seed, progress =>
            {
                onEpoch!(progress);
                if (progress.Epoch.Epoch == 5)
                    SpinWait.SpinUntil(() => Terminal.ToString().Contains("epoch 5,"), TimeSpan.FromSeconds(10));
            });
    }
}
