namespace BpTrainer.Tests.Scaling;

/// <summary>A network that carries its scalings takes and gives the user's units.</summary>
public class ScaledNetworkTests
{
    [Fact]
    public void PredictionsAreInTheUsersUnits()
    {
        // x = 70: (70 − 50)·0.1 = 2; a = 3·2 = 6; back: 6 / 0.01 + 1000 = 1600
        Network<double> network = new NetworkBuilder(1)
            .Add(1, Activation.Linear)
            .ScaleInputs(new ColumnScaling([50], [0.1]))
            .ScaleOutputs(new ColumnScaling([1000], [0.01]))
            .Build<double>();
        network.Layers[0].SetWeight(0, 0, 3);
        Close.Relative(1600, network.Predict<double>([70.0])[0], 1e-14);

        var z = new double[1];
        network.PredictNetInput([70.0], z, 1);
        Close.Relative(6, z[0], 1e-14);
    }

    [Fact]
    public void TrainingLearnsInScaledUnitsWhatItPredictsInTheUsers()
    {
        // y = 1e6 + 250 x for x from 1000 to 1100: unscaled, a rate of 0.1 would run away at once.
        (double, double)[] pairs = [.. Enumerable.Range(0, 11).Select(i => (1000.0 + (10 * i), 1e6 + (250 * (1000.0 + (10 * i)))))];
        DataSet<double> data = Samples.Pairs(pairs);
        Network<double> network = new NetworkBuilder(1)
            .Add(1, Activation.Linear)
            .ScaleInputs(ColumnScaling.Standardize(data.Inputs.Span, 1))
            .ScaleOutputs(ColumnScaling.MinMax(data.Targets.Span, 1))
            .Build<double>();
        network.Train(Training.FullBatch(0.1, epochs: 500), data);
        Close.Relative(1e6 + (250 * 1075), network.Predict<double>([1075.0])[0], 1e-12);
    }

    [Fact]
    public void ScaledTrainingIsTrainingOnScaledData()
    {
        DataSet<double> data = Samples.Random<double>(1, rows: 10, inputs: 1, targets: 1);
        var inputs = new ColumnScaling([0.3], [2]);
        var outputs = new ColumnScaling([0.1], [4]);
        Network<double> scaled = new NetworkBuilder(1).Add(3, Activation.Tanh).Add(1, Activation.Linear)
            .ScaleInputs(inputs).ScaleOutputs(outputs).Build<double>(seed: 2);
        Network<double> plain = new NetworkBuilder(1).Add(3, Activation.Tanh).Add(1, Activation.Linear).Build<double>(seed: 2);

        scaled.Train(Training.Incremental(0.1, epochs: 5), data, data);
        DataSet<double> scaledData = Samples.Pairs(
            [.. data.Inputs.ToArray().Zip(data.Targets.ToArray(), (x, y) => ((x - 0.3) * 2, (y - 0.1) * 4))]);
        plain.Train(Training.Incremental(0.1, epochs: 5), scaledData, scaledData);
        Assert.All(Parameter.All(plain), p => Close.Absolute(p.Get(plain), p.Get(scaled), 1e-13, p.ToString()));
    }
}
