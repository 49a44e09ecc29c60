namespace BpTrainer.Tests.Modes;

/// <summary>A row of weight 2 counts as two rows.</summary>
public class WeightedRowsTests
{
    private static readonly double[] s_x = [0.1, -0.4, 0.7, 0.3, -0.9, 0.5];
    private static readonly double[] s_y = [0.2, 0.9, 0.4];

    [Fact]
    public void WeightsAndRepetitionGiveTheSameTraining()
    {
        var weighted = new DataSet<double>(s_x, 2, s_y, 1, new double[] { 2, 0, 3 });
        DataSet<double> repeated = new DataSet<double>(s_x, 2, s_y, 1).Take([0, 0, 2, 2, 2]);
        AssertSameTraining(weighted, repeated);
    }

    [Fact]
    public void OnlyTheRatiosOfWeightsMatter()
    {
        var once = new DataSet<double>(s_x, 2, s_y, 1, new double[] { 2, 1, 3 });
        var scaled = new DataSet<double>(s_x, 2, s_y, 1, new double[] { 2e6, 1e6, 3e6 });
        AssertSameTraining(once, scaled);
    }

    [Fact]
    public void EqualWeightsAreNoWeights()
    {
        var weighted = new DataSet<double>(s_x, 2, s_y, 1, new double[] { 7, 7, 7 });
        AssertSameTraining(weighted, new DataSet<double>(s_x, 2, s_y, 1));
    }

    [Fact]
    public void WeightsTooSmallToBeScaledAreRefused()
    {
        // Their mean of 1e-44 has no reciprocal in float.
        var error = Assert.Throws<ArgumentException>(
            "weights", () => new DataSet<float>(new float[2], 1, new float[2], 1, new float[] { 1e-44f, 1e-44f }));
        Assert.Contains("multiply them", error.Message, StringComparison.Ordinal);
        var fine = new DataSet<float>(new float[] { 1, 1 }, 1, new float[2], 1, new float[] { 1e-44f, 1 });
        Assert.Throws<ArgumentException>("weights", () => fine.Select([0]));
        var stream = new SampleStream<float>(fine) { TotalWeight = 1e-44 };
        Network<float> network = new NetworkBuilder(1).Add(1, Activation.Linear).Build<float>();
        Assert.Throws<ArgumentException>(
            "weights", () => new NetworkTrainer<float>(network, new TrainingOptions()).Train(stream, blockRows: 32));
    }

    [Fact]
    public void ValidationRowsHaveWeightsToo()
    {
        // The losses of the two rows are ½·1 and ½·9; with weights 3 and 1 their mean is (1.5 + 4.5)/4 = 1.5.
        var validation = new DataSet<double>(new double[] { 1, 1 }, 1, new double[] { 1, 3 }, 1, new double[] { 3, 1 });
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(Training.FullBatch(1, epochs: 1), Samples.Pairs((1, 0)), validation);
        Close.Absolute(1.5, result.History[0].ValidationLoss!.Value, 1e-15);
    }

    private static void AssertSameTraining(DataSet<double> first, DataSet<double> second)
    {
        (Network<double> network, TrainingResult result) = Train(first);
        (Network<double> other, TrainingResult otherResult) = Train(second);
        foreach (Parameter parameter in Parameter.All(network))
        {
            Close.Absolute(parameter.Get(network), parameter.Get(other), 1e-12, parameter.ToString());
        }

        Close.Relative(result.History[^1].TrainingLoss, otherResult.History[^1].TrainingLoss, 1e-12);
    }

    private static (Network<double> Network, TrainingResult Result) Train(DataSet<double> data)
    {
        Network<double> network = new NetworkBuilder(2).Add(4, Activation.Tanh).Add(1, Activation.Linear).Build<double>(seed: 1);
        return (network, network.Train(Training.FullBatch(0.2, epochs: 20), data));
    }
}
