namespace BpTrainer.Tests.Stopping;

/// <summary>A training that runs away stops, says so, and leaves finite weights.</summary>
public class NonFiniteTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(TrainingOptions.FullBatch)]
    public void A_rate_far_too_large_stops_with_the_last_finite_weights(int batchSize)
    {
        var options = new TrainingOptions { LearningRate = 1000, BatchSize = batchSize, Epochs = 1000, Seed = 2 };
        Network<float> network = Start();
        TrainingResult result = network.Train(options, Data());
        Assert.Equal(StopReason.NonFinite, result.StopReason);
        Assert.True(result.History.Count < 1000);
        Assert.All(Parameter.All(network), p => Assert.True(double.IsFinite(p.Get(network))));

        // They are those of the epoch that the result names.
        Network<float> expected = Start();
        if (result.BestEpoch > 0)
        {
            expected.Train(options with { Epochs = result.BestEpoch }, Data());
        }

        Assert.Equal(expected.ToBytes(), network.ToBytes());
    }

    [Fact]
    public void A_rate_beyond_the_range_of_float_stops_in_the_first_epoch()
    {
        Network<float> network = Start();
        TrainingResult result = network.Train(new TrainingOptions { LearningRate = 1e300 }, Data());
        Assert.Equal(StopReason.NonFinite, result.StopReason);
        Assert.Equal(0, result.BestEpoch);
        Assert.Equal(Start().ToBytes(), network.ToBytes());
    }

    [Theory]
    [InlineData(float.NaN, 0.5f)]
    [InlineData(float.PositiveInfinity, 0.5f)]
    [InlineData(1, float.NaN)]
    [InlineData(1, float.NegativeInfinity)]
    public void A_sample_that_is_not_finite_stops_in_the_first_epoch(float x, float y)
    {
        Network<float> network = new NetworkBuilder(1).Add(2, Activation.Linear).Add(1, Activation.Linear).Build<float>();
        byte[] before = network.ToBytes();
        var data = new DataSet<float>(new[] { 1, x, 3 }, 1, new[] { 0, y, 1 }, 1);
        TrainingResult result = network.Train(new TrainingOptions { BatchSize = 1 }, data);
        Assert.Equal(StopReason.NonFinite, result.StopReason);
        Assert.Single(result.History);
        Assert.Equal(before, network.ToBytes());
    }

    [Fact]
    public void A_validation_loss_that_is_not_finite_stops_as_well()
    {
        TrainingResult result = Networks.OneWeight().Train(
            Training.FullBatch(0.1, epochs: 10), Samples.Pairs((1, 1)), Samples.Pairs((1, double.NaN)));
        Assert.Equal(StopReason.NonFinite, result.StopReason);
        Assert.Equal(0, result.BestEpoch);
    }

    [Theory]
    [InlineData("l-bfgs")]
    [InlineData("levenberg-marquardt")]
    public void A_gradient_that_is_not_finite_stops_a_search_whose_loss_is(string rule)
    {
        // w = 1e-60 at x = 1e200 gives a = 1e140 and the loss ½·1e280, but the slope 1e340.
        Network<double> network = Networks.OneWeight(1e-60);
        TrainingResult result = network.Train(Training.FullBatch(1, epochs: 20).With(Rules.Of(rule)), Samples.Pairs((1e200, 0)));
        Assert.Equal(StopReason.NonFinite, result.StopReason);
        Assert.Single(result.History);
        Assert.Equal(1e-60, network.Weight());
    }

    private static Network<float> Start() =>
        new NetworkBuilder(3).Add(4, Activation.Linear).Add(1, Activation.Linear).Build<float>(seed: 1);

    private static DataSet<float> Data() => Samples.Random<float>(3, rows: 10, inputs: 3, targets: 1);
}
