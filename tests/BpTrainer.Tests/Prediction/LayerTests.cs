namespace BpTrainer.Tests.Prediction;

/// <summary>Layers show and change the parameters of their network.</summary>
public class LayerTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    public void EveryParameterHasAPlaceOfItsOwn(int units)
    {
        Network<float> network = new NetworkBuilder(5).Add(units, Activation.Tanh).Add(units, Activation.Linear).Build<float>();
        Parameter[] all = [.. Parameter.All(network)];
        for (int i = 0; i < all.Length; i++)
        {
            all[i].Set(network, i + 1);
        }

        Assert.Equal(Enumerable.Range(1, all.Length).Select(i => (double)i), all.Select(p => p.Get(network)));
        Assert.Equal(all.Length, network.ParameterCount);
    }

    [Fact]
    public void SettingASharedBiasSetsItForEveryUnit()
    {
        Network<float> network = new NetworkBuilder(1).Add(new LayerSpec(3, Activation.Tanh) { Bias = BiasKind.Shared }).Build<float>();
        network.Layers[0].SetBias(1, 4);
        Assert.Equal([4, 4, 4], Enumerable.Range(0, 3).Select(network.Layers[0].GetBias));
    }

    [Theory]
    [InlineData(-1, 0, "input")]
    [InlineData(2, 0, "input")]
    [InlineData(0, -1, "output")]
    [InlineData(0, 3, "output")]
    public void AWeightThatIsNotThereIsRefused(int input, int output, string name)
    {
        Layer<float> layer = new NetworkBuilder(2).Add(3, Activation.Tanh).Build<float>().Layers[0];
        Assert.Throws<ArgumentOutOfRangeException>(name, () => layer.GetWeight(input, output));
        Assert.Throws<ArgumentOutOfRangeException>(name, () => layer.SetWeight(input, output, 1));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void ABiasThatIsNotThereIsRefused(int output)
    {
        Layer<float> layer = new NetworkBuilder(2).Add(3, Activation.Tanh).Build<float>().Layers[0];
        Assert.Throws<ArgumentOutOfRangeException>("output", () => layer.GetBias(output));
        Assert.Throws<ArgumentOutOfRangeException>("output", () => layer.SetBias(output, 1));
    }

    [Fact]
    public void ACloneIsEqualAndSharesNothing()
    {
        Network<float> network = Networks.Random<float>(1, 3, new LayerSpec(4, Activation.Tanh), new LayerSpec(1, Activation.Linear));
        byte[] before = network.ToBytes();
        Network<float> clone = network.Clone();
        Assert.Equal(before, clone.ToBytes());
        clone.Train(new TrainingOptions { Epochs = 1 }, Samples.Random<float>(2, rows: 5, inputs: 3, targets: 1));
        Assert.NotEqual(before, clone.ToBytes());
        Assert.Equal(before, network.ToBytes());
    }
}
