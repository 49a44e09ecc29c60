namespace BpTrainer.Tests.Options;

/// <summary>A network with a hard limit predicts, but is not trained.</summary>
public class HardLimitTests
{
    [Fact]
    public void GivenWeightsMakeExclusiveOr()
    {
        // The or and the and of two inputs, then or and not and.
        Network<double> network = new NetworkBuilder(2)
            .Add(new LayerSpec(2, Activation.HardLimit)
            {
                Initializer = Initializer.Given(new double[,] { { 1, 1 }, { 1, 1 } }, [-0.5, -1.5]),
            })
            .Add(new LayerSpec(1, Activation.HardLimit) { Initializer = Initializer.Given(new double[,] { { 1 }, { -1 } }, [-0.5]) })
            .Build<double>();
        DataSet<double> xor = Samples.Xor();
        Assert.Equal(xor.Targets.ToArray(), network.Predict<double>(xor.Inputs.Span));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ATrainerRefusesItInAnyLayer(int layer)
    {
        Network<double> network = new NetworkBuilder(2)
            .Add(3, layer == 1 ? Activation.HardLimit : Activation.Tanh)
            .Add(1, layer == 2 ? Activation.HardLimit : Activation.Linear)
            .Build<double>();
        var error = Assert.Throws<ArgumentException>("network", () => new NetworkTrainer<double>(network, new TrainingOptions()));
        Assert.Contains($"Layer {layer} of 2 has the activation hard-limit, whose derivative is 0", error.Message);
    }
}
