namespace BpTrainer.Tests.WorkedExamples;

/// <summary>
/// The 8-3-8 encoder of Rumelhart, Hinton and Williams (Parallel Distributed Processing, 1986): eight patterns, one bit on in
/// each, are their own targets, so that the three hidden units must find a code of eight words.
/// </summary>
public class EncoderTests
{
    private const int Patterns = 8, Code = 3;

    [Fact]
    public void EightPatternsGoThroughThreeUnits()
    {
        double[] patterns = [.. Enumerable.Range(0, Patterns * Patterns).Select(i => i / Patterns == i % Patterns ? 1.0 : 0)];
        Network<double> network = new NetworkBuilder(Patterns)
            .Add(Code, Activation.Logistic)
            .Add(Patterns, Activation.Logistic)
            .Build<double>(seed: 1);
        TrainingOptions options = Training.FullBatch(learningRate: 1, epochs: 5000) with
        {
            Loss = Loss.BinaryCrossEntropy(),
            Optimizer = Optimizer.Momentum(1, momentum: 0.9),
        };
        TrainingResult result = network.Train(options, new DataSet<double>(patterns, Patterns, patterns, Patterns));

        Assert.True(
            result.History[^1].TrainingLoss < result.History[0].TrainingLoss / 100, $"The loss fell to {result.History[^1].TrainingLoss}.");
        double[] restored = network.Predict<double>(patterns);
        Assert.All(patterns.Zip(restored), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.1));

        // The code: no two patterns have the same word.
        double[][] words = [.. network.ToEncoder(1).Predict<double>(patterns).Chunk(Code)];
        for (int i = 0; i < Patterns; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Assert.True(
                    words[i].Zip(words[j], (a, b) => Math.Abs(a - b)).Max() > 0.2, $"Patterns {i} and {j} have nearly the same word.");
            }
        }
    }
}
