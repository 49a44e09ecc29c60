namespace BpTrainer.Tests.Stopping;

/// <summary>A training that runs away stops, says so, and leaves the best weights.</summary>
public class NonFiniteTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(TrainingOptions.FullBatch)]
    public void ARunThatDivergesLeavesTheWeightsOfTheBestEpochAndSaysSo(int batchSize)
    {
        // A rate that grows from batch to batch: it learns first, and runs away later.
        var options = new TrainingOptions
        {
            Optimizer = Optimizer.GradientDescent(5),
            Schedule = LearningRateSchedule.Constant.WithWarmUp(50),
            BatchSize = batchSize,
            Epochs = 1000,
            Seed = 2,
        };
        Network<float> network = Start();
        TrainingResult result = network.Train(options, Data());
        Assert.Equal(StopReason.NonFinite, result.StopReason);
        (string Id, string Text) warning = Assert.Single(result.Warnings);
        Assert.Equal("NonFinite", warning.Id);
        Assert.Contains(
            $"epoch {result.BestEpoch}. The learning rate was 5: lower it, for example to 0.5", warning.Text, StringComparison.Ordinal);

        // They are those of the epoch that the result names, and no epoch has a loss that is much lower.
        Network<float> expected = Start();
        double[] losses = LossesAfterEpochs(expected, options);
        Assert.Equal(AfterEpoch(options, result.BestEpoch), network.ToBytes());
        Assert.True(losses[result.BestEpoch - 1] <= 2 * losses.Min(), $"epoch {result.BestEpoch} of {string.Join(", ", losses)}");
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(TrainingOptions.FullBatch, false)]
    [InlineData(1, true)]
    [InlineData(4, true)]
    public void WhereverARunThatDivergesEndsItHasItsBestWeights(int batchSize, bool isCancelled)
    {
        var options = new TrainingOptions
        {
            Optimizer = Optimizer.GradientDescent(5),
            Schedule = LearningRateSchedule.Constant.WithWarmUp(50),
            BatchSize = batchSize,
            Epochs = 1000,
            Seed = 2,
        };
        double[] losses = LossesAfterEpochs(Start(), options);
        for (int epochs = 1; epochs <= losses.Length; epochs++)
        {
            using var source = new CancellationTokenSource();
            Network<float> network = Start();
            network.Train(
                options,
                Data(),
                onEpoch: epoch => CancelAt(epoch, epochs, isCancelled, source),
                cancellationToken: source.Token,
                stopWhen: epoch => epoch.Epoch == epochs);
            double best = losses.Take(epochs).Min();
            Assert.True(LossOf(network) <= 3 * best, $"{LossOf(network)} after {epochs} epochs; the best is {best}");
        }
    }

    /// <summary>
    /// An outlier among the features, an update after every sample, and the default rate: the weights grow from the third epoch on, and
    /// overflow some 35 epochs later.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnOutlierSpoilsNoWeights(int seed)
    {
        double[] x = [.. Enumerable.Range(0, 33).Select(i => i == 16 ? 1000.0 : i)];
        double[] y = [.. x.Select(value => value == 1000 ? 100 : Math.Sin(value / 5))];
        var data = new DataSet<double>(x, 1, y, 1);
        Network<double> network = new NetworkBuilder(1).Add(64, Activation.Tanh).Add(
            new LayerSpec(1, Activation.Linear) { Initializer = Initializer.Zero })
            .ScaleInputs(ColumnScaling.StandardizeInputs(data)).ScaleOutputs(ColumnScaling.StandardizeTargets(data)).Build<double>(seed);
        TrainingResult result = network.Train(new TrainingOptions { BatchSize = 1, Seed = seed, Epochs = 30 }, data);
        Assert.True(result.History[^1].TrainingLoss > 1000, "It should diverge.");
        Assert.InRange(result.BestEpoch, 1, 5);
        Assert.All(x, value => Assert.InRange(Output(value), -300, 300));

        double Output(double value)
        {
            var output = new double[1];
            network.Predict([value], output);
            return output[0];
        }
    }

    [Fact]
    public void ARateBeyondTheRangeOfFloatIsAnErrorWithTheRemedy()
    {
        Network<float> network = Start();
        var error = Assert.Throws<NotFiniteNumberException>(
            () => network.Train(new TrainingOptions { Optimizer = Optimizer.Momentum(1e300) }, Data()));
        Assert.Contains(
            "in epoch 1; there was no good epoch. The learning rate was 1E+300: lower it", error.Message, StringComparison.Ordinal);
        Assert.Equal(Start().ToBytes(), network.ToBytes());
    }

    [Theory]
    [InlineData(float.NaN, 0.5f)]
    [InlineData(float.PositiveInfinity, 0.5f)]
    [InlineData(1, float.NaN)]
    [InlineData(1, float.NegativeInfinity)]
    public void ASampleThatIsNotFiniteIsAnError(float x, float y)
    {
        Network<float> network = new NetworkBuilder(1).Add(2, Activation.Linear).Add(1, Activation.Linear).Build<float>();
        byte[] before = network.ToBytes();
        var data = new DataSet<float>(new[] { 1, x, 3 }, 1, new[] { 0, y, 1 }, 1);
        var error = Assert.Throws<NotFiniteNumberException>(() => network.Train(new TrainingOptions { BatchSize = 1 }, data));
        Assert.Contains("check for values that are not finite", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, network.ToBytes());
    }

    [Fact]
    public void AValidationLossThatIsNotFiniteIsAnErrorAsWell()
    {
        Assert.Throws<NotFiniteNumberException>(() => Networks.OneWeight().Train(
            Training.FullBatch(0.1, epochs: 10), Samples.Pairs((1, 1)), Samples.Pairs((1, double.NaN))));
    }

    [Theory]
    [InlineData("l-bfgs")]
    [InlineData("levenberg-marquardt")]
    public void AGradientThatIsNotFiniteEndsASearchWhoseLossIs(string optimizer)
    {
        // w = 1e-60 at x = 1e200 gives a = 1e140 and the loss ½·1e280, but the slope 1e340.
        Network<double> network = Networks.OneWeight(1e-60);
        var error = Assert.Throws<NotFiniteNumberException>(
            () => network.Train(Training.FullBatch(1, epochs: 20).With(EveryOptimizer.Of(optimizer)), Samples.Pairs((1e200, 0))));
        Assert.Contains($"The optimizer {optimizer} takes no learning rate", error.Message, StringComparison.Ordinal);
        Assert.Equal(1e-60, network.Weight());
    }

    /// <summary>The loss with the weights after each epoch that ends with finite ones.</summary>
    private static double[] LossesAfterEpochs(Network<float> network, TrainingOptions options)
    {
        var losses = new List<double>();
        network.Train(options, Data(), onEpoch: _ => losses.Add(LossOf(network)));
        return [.. losses.TakeWhile(double.IsFinite)];
    }

    private static byte[] AfterEpoch(TrainingOptions options, int epoch)
    {
        Network<float> network = Start();
        network.TrainToTheLast(options, Data(), stopWhen: record => record.Epoch == epoch);
        return network.ToBytes();
    }

    private static double LossOf(Network<float> network)
    {
        DataSet<float> data = Data();
        var output = new float[1];
        double sum = 0;
        for (int row = 0; row < data.Rows; row++)
        {
            network.Predict(data.InputRow(row), output);
            sum += 0.5 * Math.Pow(output[0] - data.TargetRow(row)[0], 2);
        }

        return sum / data.Rows;
    }

    private static void CancelAt(EpochRecord epoch, int last, bool isCancelled, CancellationTokenSource source)
    {
        if (isCancelled && epoch.Epoch == last)
        {
            source.Cancel();
        }
    }

    private static Network<float> Start() =>
        new NetworkBuilder(3).Add(4, Activation.Linear).Add(1, Activation.Linear).Build<float>(seed: 1);

    private static DataSet<float> Data() => Samples.Random<float>(3, rows: 10, inputs: 3, targets: 1);
}
