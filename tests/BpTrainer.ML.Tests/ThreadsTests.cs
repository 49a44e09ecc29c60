using BpTrainer.Training;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>
/// The same seed gives the same model, bit for bit, on any number of threads: in Fit, in an ensemble and in CrossValidate.
/// </summary>
public class ThreadsTests
{
    private static readonly int[] s_threads = [2, 3, 8];

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(1, 30_000L)]
    public void TheModelOfFitIsTheSame(int networks, long? memory)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = TestData.BreastCancer(ml);
        byte[] Fit(int threads) =>
            ml.BinaryClassification.Trainers.BackPropagation(Options(threads, networks, memory)).Fit(data).Model.Network.ToBytes();
        byte[] expected = Fit(1);
        Assert.All(s_threads, threads => Assert.Equal(expected, Fit(threads)));
    }

    [Fact]
    public void TheModelsOfCrossValidationAreTheSame()
    {
        byte[][] Run(int threads)
        {
            // A context of its own, as in another run of the program: the folds and the seed of the trainer come from it.
            var ml = new MLContext(seed: 6);
            var options = Options(threads, networks: 1, memory: null);
            options.Seed = null;
            return [.. ml.BinaryClassification
                .CrossValidate(TestData.BreastCancer(ml), ml.BinaryClassification.Trainers.BackPropagation(options), numberOfFolds: 3)
                .Select(fold => ((BackPropagationTransformer<BackPropagationBinaryModelParameters>)fold.Model).Model.Network.ToBytes())];
        }

        byte[][] expected = Run(1);
        Assert.Equal(3, expected.Select(Convert.ToHexString).Distinct().Count());
        Assert.All(s_threads, threads => Assert.Equal(expected, Run(threads)));
    }

    private static BackPropagationBinaryTrainer.Options Options(int threads, int networks, long? memory) => new(Preset.Fast)
    {
        HiddenLayers = [64, 32],
        BatchSize = 100,
        NumberOfEpochs = 4,
        Ensemble = Ensemble.BestOf(networks),
        NumberOfThreads = threads,
        MaximumMemory = memory,
        Regularization = new() { HiddenDropout = [0.2] },
        Seed = 5,
    };
}
