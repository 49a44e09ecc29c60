namespace BpTrainer.Tests.WorkedExamples;

/// <summary>The exclusive or, which no network without a hidden layer can learn.</summary>
public class XorTests
{
    [Fact]
    public void SamplesDrawnAtRandomOneAtATimeTeachItWithinTenRestarts()
    {
        DataSet<double> xor = Samples.Xor();
        Assert.Contains(Enumerable.Range(0, 10), seed => IsLearned(Learn(xor, seed, Activation.Logistic, hidden: 5), xor));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void MomentumTeachesItWithinTenRestarts(int batchSize)
    {
        DataSet<double> xor = Samples.Xor();
        var options = new TrainingOptions
        {
            Loss = Loss.BinaryCrossEntropy(),
            Optimizer = Optimizer.Momentum(0.1, momentum: 0.9),
            BatchSize = batchSize,
            Epochs = 2000,
        };
        Assert.Contains(Enumerable.Range(0, 10), seed =>
        {
            Network<double> network = new NetworkBuilder(2).Add(2, Activation.Tanh).Add(1, Activation.Logistic).Build<double>(seed);
            network.Train(options with { Seed = seed }, xor);
            return IsLearned(network, xor);
        });
    }

    /// <summary>Four tanh units, inputs in [−1, 1], momentum with an adaptive rate: 30 of 30 seeds learned it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void MomentumWithAnAdaptiveRateTeachesItFromAnyWeights(int seed)
    {
        DataSet<double> xor = Samples.Xor();
        Network<double> network = new NetworkBuilder(2).ScaleInputs(ColumnScaling.MinMax(xor.Inputs.Span, columns: 2))
            .Add(new LayerSpec(4, Activation.Tanh) { Initializer = Initializer.Glorot.WithUniformBiases() })
            .Add(1, Activation.Logistic).Build<double>(seed);
        TrainingResult result = network.Train(
            new TrainingOptions
            {
                Optimizer = Optimizer.AdaptiveMomentum(),
                BatchSize = TrainingOptions.FullBatch,
                Epochs = 500,
                TargetLoss = 0.005,
            },
            xor);
        Assert.Equal(StopReason.TargetLossReached, result.StopReason);

        // Half the squared error is 0.005 on the mean, so at most 0.02 on a row: outputs within 0.2 of the truth table.
        Assert.All(network.Predict(xor.Inputs.Span).Zip([0, 1, 1, 0]), pair => Assert.Equal(pair.Second, pair.First, tolerance: 0.2));
    }

    [Fact]
    public void ASingleUnitCannotLearnIt()
    {
        DataSet<double> xor = Samples.Xor();
        Network<double> unit = new NetworkBuilder(2).Add(1, Activation.Logistic).Build<double>(seed: 1);
        unit.Train(Training.Incremental(0.5, epochs: 5000), xor);
        Assert.False(IsLearned(unit, xor));
    }

    private static Network<double> Learn(DataSet<double> xor, int seed, Activation activation, int hidden)
    {
        const int Updates = 20000;
        Network<double> network = new NetworkBuilder(2).Add(hidden, activation).Add(1, Activation.Logistic).Build<double>(seed);
        var random = new Random(seed);
        int[] drawn = [.. Enumerable.Range(0, Updates).Select(_ => random.Next(xor.Rows))];
        network.Train(Training.Incremental(0.5, epochs: 1), xor.Take(drawn));
        return network;
    }

    private static bool IsLearned(Network<double> network, DataSet<double> xor) =>
        network.Predict(xor.Inputs.Span).Zip(xor.Targets.ToArray()).All(pair => pair.First > 0.5 == pair.Second > 0.5);
}
