namespace BpTrainer.Tests.Randomness;

/// <summary>Every epoch takes every sample once, in a new order.</summary>
public class ShuffleTests
{
    [Fact]
    public void EverySampleIsTakenExactlyOnceAnEpoch()
    {
        // Row i is 1 in column i alone, so it moves weight i alone: after n epochs each weight is 1 − (1 − η)ⁿ, in any order.
        const int Rows = 9, Epochs = 3;
        var inputs = new double[Rows * Rows];
        for (int i = 0; i < Rows; i++)
        {
            inputs[(i * Rows) + i] = 1;
        }

        double[] targets = [.. Enumerable.Repeat(1.0, Rows)];
        Network<double> network = Networks.Of(BiasKind.Frozen, new GivenLayer(Activation.Linear, new double[Rows, 1], [0]));
        network.Train(
            Training.Incremental(0.25, Epochs) with { Shuffle = true, BatchSize = 1 }, new DataSet<double>(inputs, Rows, targets, 1));
        for (int i = 0; i < Rows; i++)
        {
            Close.Absolute(1 - Math.Pow(0.75, Epochs), network.Layers[0].GetWeight(i, 0), 1e-15);
        }
    }

    [Fact]
    public void EverySampleIsEquallyLikelyToBeTheLast()
    {
        const int Rows = 10, Epochs = 20000;
        int[] counts = new int[Rows];
        foreach (int last in LastSamples(Rows, Training.Incremental(1, Epochs) with { Shuffle = true, Seed = 3 }))
        {
            counts[last]++;
        }

        // χ² with 9 degrees of freedom is above 27.9 once in a thousand times.
        Assert.InRange(counts.Sum(c => Math.Pow(c - (Epochs / Rows), 2) / (Epochs / Rows)), 0, 27.9);
    }

    [Fact]
    public void WithoutShufflingTheLastSampleIsTheLastRow()
    {
        Assert.All(LastSamples(rows: 10, Training.Incremental(1, epochs: 20)), last => Assert.Equal(9, last));
    }

    /// <summary>With one weight, x = 1 and η = 1, an update makes the weight the target of its sample: here, the row's number.</summary>
    private static List<int> LastSamples(int rows, TrainingOptions options)
    {
        Network<double> network = Networks.OneWeight();
        var last = new List<int>();
        network.Train(
            options,
            Samples.Pairs([.. Enumerable.Range(0, rows).Select(i => (1.0, (double)i))]),
            onEpoch: _ => last.Add((int)Math.Round(network.Weight())));
        return last;
    }
}
