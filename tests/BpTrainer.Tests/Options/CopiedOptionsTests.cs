namespace BpTrainer.Tests.Options;

/// <summary>Options are what they were when they were given: later changes of an array or a builder have no effect.</summary>
public class CopiedOptionsTests
{
    [Fact]
    public void ABuilderMayChangeOnceATrainerIsMadeOfIt()
    {
        DataSet<float> data = Samples.Random<float>(4, rows: 30, inputs: 3, targets: 2);
        var options = new TrainingOptions { Optimizer = Optimizer.Momentum(0.1), Epochs = 3 };
        NetworkBuilder builder = Builder();
        var trainer = new EnsembleTrainer<float>(builder, options, size: 2);
        builder.Add(7, Activation.Tanh).ScaleInputs(new ColumnScaling([1, 2, 3], [1, 1, 1]));
        Assert.Equal(
            new EnsembleTrainer<float>(Builder(), options, size: 2).Train(data).Best!.ToBytes(), trainer.Train(data).Best!.ToBytes());
    }

    [Fact]
    public void ArraysAreCopied()
    {
        double[] rates = [0.5], taus = [0.1, 0.9], classWeights = [1, 2], biases = [1];
        double[,] weights = { { 1 } };
        var dropout = new Regularization { HiddenDropout = rates };
        Loss quantiles = Loss.Quantiles(taus), weighted = Loss.BinaryCrossEntropy(classWeights: classWeights);
        Initializer given = Initializer.Given(weights, biases);
        rates[0] = taus[0] = classWeights[0] = weights[0, 0] = biases[0] = double.NaN;

        Assert.Equal([0.5], dropout.HiddenDropout);
        Assert.Equal(Loss.Quantiles(0.1, 0.9), quantiles);
        Assert.Equal(Loss.BinaryCrossEntropy(classWeights: [1, 2]), weighted);
        Layer<double> layer = Assert.Single(
            new NetworkBuilder(1).Add(new LayerSpec(1, Activation.Linear) { Initializer = given }).Build<double>().Layers);
        Assert.Equal((1, 1), (layer.GetWeight(0, 0), layer.GetBias(0)));
    }

    private static NetworkBuilder Builder() => new NetworkBuilder(3).Add(5, Activation.Tanh).Add(2, Activation.Linear);
}
