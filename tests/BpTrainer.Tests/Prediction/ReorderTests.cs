namespace BpTrainer.Tests.Prediction;

/// <summary>A copy with reordered outputs predicts the same numbers in another order.</summary>
public class ReorderTests
{
    [Theory]
    [InlineData(BiasKind.PerUnit, 3)]
    [InlineData(BiasKind.Shared, 3)]
    [InlineData(BiasKind.Frozen, 11)]
    public void OutputsMoveWithWeightsBiasesSlopesAndScalings(BiasKind bias, int outputs)
    {
        double[] offsets = [.. Enumerable.Range(0, outputs).Select(o => (double)o)], scales = [.. offsets.Select(o => o + 2)];
        Network<double> network = new NetworkBuilder(4).Add(6, Activation.Tanh).Add(
            new LayerSpec(outputs, Activation.PReLU()) { Bias = bias })
            .ScaleOutputs(new ColumnScaling(offsets, scales)).Build<double>(seed: 3);
        for (int o = 0; o < outputs; o++)
        {
            network.Layers[1].SetBias(o, o - 1);
            network.Layers[1].SetSlope(o, 0.1 * o);
        }

        byte[] before = network.ToBytes();
        int[] order = [.. Enumerable.Range(0, outputs)];
        new Random(5).Shuffle(order);
        double[] inputs = Samples.Random<double>(1, rows: 20, inputs: 4, targets: 1).Inputs.ToArray();
        double[] expected = [.. network.Predict<double>(inputs).Chunk(outputs).SelectMany(row => order.Select(o => row[o]))];
        Assert.Equal(expected, network.ReorderOutputs(order).Predict<double>(inputs));
        Assert.Equal(before, network.ToBytes());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(1, 2, 3)]
    public void AnOrderHasEveryOutputOnce(params int[] order) =>
        Assert.Throws<ArgumentException>(
            "order", () => new NetworkBuilder(1).Add(3, Activation.Linear).Build<float>().ReorderOutputs(order));
}
