namespace BpTrainer.Tests.Modes;

/// <summary>Incremental, mini-batch and full-batch learning differ only in how many samples an update sees.</summary>
public class BatchTests
{
    private const int Rows = 5;

    private static readonly DataSet<double> s_data = Samples.Random<double>(seed: 1, Rows, inputs: 3, targets: 2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(1000)]
    [InlineData(TrainingOptions.FullBatch)]
    public void AnEpochIsAStepForEachBatchAlsoForASmallerLastOne(int batchSize)
    {
        Network<double> network = Start();
        TrainingResult result = network.Train(Training.FullBatch(0.5, epochs: 1) with { BatchSize = batchSize }, s_data);

        // The same by hand: a full-batch step on each part of the data in turn.
        Network<double> expected = Start();
        double loss = 0;
        foreach (int[] batch in Enumerable.Range(0, Rows).Chunk(Math.Min(batchSize, Rows)))
        {
            loss += expected.Train(Training.FullBatch(0.5, epochs: 1), s_data.Take(batch)).History[0].TrainingLoss * batch.Length;
        }

        Close.Relative(loss / Rows, result.History[0].TrainingLoss, 1e-14);
        foreach (Parameter parameter in Parameter.All(network))
        {
            Close.Absolute(parameter.Get(expected), parameter.Get(network), 1e-14, parameter.ToString());
        }
    }

    [Fact]
    public void IncrementalLearningUpdatesAfterEverySample()
    {
        // One weight, η = 0.5: 0 → 0.5 (target 1) → 0.5 − 0.5·(0.5 − 3) = 1.75 (target 3)
        Network<double> network = Networks.OneWeight();
        network.Train(Training.Incremental(0.5, epochs: 1), Samples.Pairs((1, 1), (1, 3)));
        Assert.Equal(1.75, network.Weight());
    }

    [Fact]
    public void AFullBatchUpdatesOnceWithTheMean()
    {
        // 0 − 0.5·((0 − 1) + (0 − 3))/2 = 1
        Network<double> network = Networks.OneWeight();
        network.Train(Training.FullBatch(0.5, epochs: 1), Samples.Pairs((1, 1), (1, 3)));
        Assert.Equal(1.0, network.Weight());
    }

    private static Network<double> Start() =>
        Networks.Random<double>(2, inputs: 3, new LayerSpec(4, Activation.Tanh), new LayerSpec(2, Activation.Logistic));
}
