using BpTrainer.Ensembles;
using BpTrainer.Tests.Files;

namespace BpTrainer.Tests.Ensembles;

/// <summary>An ensemble predicts the weighted mean of the outputs of its networks, in the user's units.</summary>
public class EnsembleTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 7)]
    [InlineData(4, 300)]
    [InlineData(3, 0)]
    public void ItsOutputsAreTheMeansOfTheirs(int networks, int rows)
    {
        // The networks differ in shape and scaling; only inputs and outputs are the same.
        Network<double>[] members = [.. Enumerable.Range(0, networks).Select(Member)];
        double[] inputs = Inputs(rows);
        var outputs = new double[rows * 2];
        new NetworkEnsemble<double>(members).Predict(inputs, outputs, rows);
        double[][] theirs = [.. members.Select(member => member.Predict(inputs))];
        for (int i = 0; i < outputs.Length; i++)
        {
            Close.Absolute(theirs.Average(values => values[i]), outputs[i], 1e-13);
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25, 0.75)]
    [InlineData(0.5, 0.0, 0.5)]
    [InlineData(0.1, 0.2, 0.3, 0.4)]
    public void WeightsWeigh(params double[] weights)
    {
        Network<double>[] members = [.. Enumerable.Range(0, weights.Length).Select(Member)];
        var ensemble = new NetworkEnsemble<double>(members, weights);
        Assert.Equal(weights, ensemble.Weights);
        double[] inputs = Inputs(9);
        var outputs = new double[18];
        var ofSparse = new double[18];
        ensemble.Predict(inputs, outputs, 9);
        int[] starts = [.. Enumerable.Range(0, 10).Select(row => 3 * row)], columns = [.. Enumerable.Range(0, 27).Select(i => i % 3)];
        ensemble.Predict(new SparseMatrix<double>(3, starts, columns, inputs), ofSparse);
        double[][] theirs = [.. members.Select(member => member.Predict(inputs))];
        for (int i = 0; i < outputs.Length; i++)
        {
            double expected = theirs.Zip(weights, (values, weight) => weight * values[i]).Sum();
            Close.Absolute(expected, outputs[i], 1e-13);
            Close.Absolute(expected, ofSparse[i], 1e-13);
        }
    }

    [Fact]
    public void OneSampleGivesWhatItGivesInABlock()
    {
        var ensemble = new NetworkEnsemble<double>(Member(0), Member(1), Member(2));
        double[] inputs = Inputs(5);
        var block = new double[10];
        var one = new double[2];
        ensemble.Predict(inputs, block, 5);
        for (int row = 0; row < 5; row++)
        {
            ensemble.Predict(inputs.AsSpan(row * 3, 3), one);
            Close.Absolute(block[row * 2], one[0], 1e-14);
            Close.Absolute(block[(row * 2) + 1], one[1], 1e-14);
        }
    }

    [Fact]
    public void APredictionAllocatesNothing()
    {
        var ensemble = new NetworkEnsemble<double>(Member(0), Member(1));
        double[] inputs = Inputs(1);
        var outputs = new double[2];
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                ensemble.Predict(inputs, outputs);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void SavedAndLoadedItIsTheSameBitForBit()
    {
        var ensemble = new NetworkEnsemble<double>(Member(0), Member(1), Member(2));
        NetworkEnsemble<double> loaded = NetworkEnsemble<double>.Load(new MemoryStream(Bytes(ensemble)));
        Assert.Equal(ensemble.Networks.Select(member => member.ToBytes()), loaded.Networks.Select(member => member.ToBytes()));
        Assert.Equal([1.0 / 3, 1.0 / 3, 1.0 / 3], loaded.Weights);
        double[] weights = [0.1, 0.2, 0.7];
        ensemble = new NetworkEnsemble<double>(ensemble.Networks, weights);
        Assert.Equal(weights, NetworkEnsemble<double>.Load(new MemoryStream(Bytes(ensemble))).Weights);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.25, 0.25, 0.5)]
    [InlineData(0.5, 0.6)]
    [InlineData(-0.5, 1.5)]
    [InlineData(0.0, 0.0)]
    [InlineData(double.NaN, 1.0)]
    [InlineData(double.PositiveInfinity, 0.0)]
    public void WeightsThatAreNoSharesAreRefused(params double[] weights)
    {
        var error = Assert.Throws<ArgumentException>("weights", () => new NetworkEnsemble<double>([Member(0), Member(1)], weights));
        Assert.Contains(
            weights.Length == 2 ? "they must sum to 1" : $"{weights.Length} weights for 2 networks", error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void DamagedWeightsAreRefused(double first)
    {
        // They follow the number of networks, with which the body begins.
        byte[] file = Bytes(new NetworkEnsemble<double>(Member(0), Member(1)));
        Assert.Equal(0.5, BitConverter.ToDouble(file, 16));
        BitConverter.TryWriteBytes(file.AsSpan(16), first);
        Assert.Throws<InvalidDataException>(() => NetworkEnsemble<double>.Load(new MemoryStream(Examples.Reseal(file))));
    }

    [Fact]
    public void ADamagedFileIsRefused()
    {
        byte[] file = Bytes(new NetworkEnsemble<double>(Member(0), Member(1)));
        for (int i = 0; i < file.Length; i += 5)
        {
            Assert.Throws<InvalidDataException>(() => NetworkEnsemble<double>.Load(new MemoryStream(file[..i])));
            byte[] changed = [.. file];
            changed[i] ^= 0x41;
            Assert.Throws<InvalidDataException>(() => NetworkEnsemble<double>.Load(new MemoryStream(changed)));
        }

        Assert.Throws<InvalidDataException>(() => NetworkEnsemble<float>.Load(new MemoryStream(file)));
        Assert.Throws<InvalidDataException>(() => NetworkEnsemble<double>.Load(new MemoryStream(Member(0).ToBytes())));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public void AWrongNumberOfNetworksIsRefused(byte count)
    {
        // It comes first in the body.
        byte[] file = Bytes(new NetworkEnsemble<double>(Member(0), Member(1)));
        file[12] = count;
        Assert.Throws<InvalidDataException>(() => NetworkEnsemble<double>.Load(new MemoryStream(Examples.Reseal(file))));
    }

    [Fact]
    public void NetworksThatDoNotFitAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new NetworkEnsemble<double>());
        Network<double> other = new NetworkBuilder(3).Add(1, Activation.Linear).Build<double>();
        var error = Assert.Throws<ArgumentException>(() => new NetworkEnsemble<double>(Member(0), other));
        Assert.Contains("Network 1 has 3 inputs and 1 outputs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FiveNetworksPredictDiabetesBetterThanOneOfThemOnAverage()
    {
        DataSet<float> all = RealSets.Diabetes();
        DataSet<float> training = all.Select([.. Enumerable.Range(0, 442).Where(row => row % 3 != 0)]);
        DataSet<float> test = all.Take([.. Enumerable.Range(0, 442).Where(row => row % 3 == 0)]);
        NetworkBuilder builder = new NetworkBuilder(10)
            .ScaleInputs(ColumnScaling.StandardizeInputs(training)).ScaleOutputs(ColumnScaling.StandardizeTargets(training))
            .Add(20, Activation.Tanh).Add(1, Activation.Linear);
        EnsembleResult<float> result = new EnsembleTrainer<float>(
            builder, new TrainingOptions { Epochs = 60, BatchSize = 16, Optimizer = Optimizer.Momentum(0.02) }, 5).Run(training);
        var outputs = new float[test.Rows];
        result.ToEnsemble().Predict(test.Inputs.Span, outputs, test.Rows);

        // By convexity never worse; that the networks differ makes it better.
        Assert.True(SquaredError(outputs) < 0.98 * result.Members.Average(run => SquaredError(run.Network.Predict(test.Inputs.Span))));

        double SquaredError(float[] values) => values.Zip(test.Targets.ToArray(), (a, y) => (double)(a - y) * (a - y)).Average();
    }

    private static double[] Inputs(int rows) =>
        rows == 0 ? [] : Samples.Random<double>(5, rows, inputs: 3, targets: 1).Inputs.ToArray();

    private static Network<double> Member(int number) => new NetworkBuilder(3)
        .ScaleInputs(new ColumnScaling([number, 0, 1], [1, 2, 3]))
        .ScaleOutputs(new ColumnScaling([10 * number, 1], [0.5, 4]))
        .Add(4 + number, Activation.Tanh).Add(2, Activation.Linear).Build<double>(number);

    private static byte[] Bytes(NetworkEnsemble<double> ensemble)
    {
        using var stream = new MemoryStream();
        ensemble.Save(stream);
        return stream.ToArray();
    }
}
