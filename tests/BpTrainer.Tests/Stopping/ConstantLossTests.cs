using BpTrainer.Losses;

namespace BpTrainer.Tests.Stopping;

/// <summary>The loss of the best constant is the lowest that a network without inputs can be trained to.</summary>
public class ConstantLossTests
{
    public static TheoryData<string, int, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, bool>();
            foreach (string loss in Losses.All.Select(loss => loss.ToString()))
            {
                cases.Add(loss, 1, false);
                cases.Add(loss, 2, true);
                cases.Add(loss, 3, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void NoConstantIsBetter(string name, int columns, bool weighted)
    {
        Loss loss = Losses.Named(name);
        if (loss is CategoricalCrossEntropyLoss && columns == 1)
        {
            return;
        }

        DataSet<double> data = loss is CategoricalCrossEntropyLoss
            ? Samples.RandomShares(4, rows: 41, inputs: 1, columns)
            : Samples.Random<double>(4, rows: 41, inputs: 1, columns, weighted);
        double lowest = LowestOfBiases(loss, data);
        Close.Relative(lowest, ConstantLoss.Of(loss, data, scaling: null), 1e-6);
    }

    [Theory]
    [InlineData(new double[] { 1, 3, 8 }, 0.5 * (9 + 1 + 16) / 3)]
    [InlineData(new double[] { 7, 7, 7 }, 0)]
    public void OfSquaredErrorsItIsHalfTheVariance(double[] targets, double expected) =>
        Close.Absolute(expected, ConstantLoss.Of(Loss.HalfSquaredError, Column(targets), scaling: null), 1e-14);

    [Fact]
    public void ItIsThatOfTheScaledTargets() => Close.Absolute(
        4 * 0.5 * (9 + 1 + 16) / 3,
        ConstantLoss.Of(Loss.HalfSquaredError, Column([1, 3, 8]), new ColumnScaling([5], [2])), 1e-14);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.25)]
    [InlineData(0.875)]
    public void OfSharesItIsTheEntropy(double share)
    {
        double[] targets = [.. Enumerable.Range(0, 8).Select(row => row < 8 * share ? 1.0 : 0)];
        double entropy = -((share * Math.Log(share)) + ((1 - share) * Math.Log(1 - share)));
        Close.Absolute(entropy, ConstantLoss.Of(Loss.BinaryCrossEntropy(), Column(targets), scaling: null), 1e-14);
    }

    [Fact]
    public void OfOneClassThereIsNone() =>
        Assert.InRange(ConstantLoss.Of(Loss.BinaryCrossEntropy(), Column([1, 1, 1, 1]), scaling: null), 0, 1e-12);

    [Fact]
    public void SeveralQuantilesHaveAConstantEach()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(row => (double)row)];
        double[] twice = [.. values.SelectMany(value => new[] { value, value })];
        var data = new DataSet<double>(new double[100], 1, twice, 2);
        double ofEach = new[] { 0.1, 0.9 }.Average(tau => ConstantLoss.Of(Loss.Quantile(tau), Column(values), scaling: null));
        Close.Relative(ofEach, ConstantLoss.Of(Loss.Quantiles(0.1, 0.9), data, scaling: null), 1e-14);
    }

    private static DataSet<double> Column(double[] targets) => new(new double[targets.Length], 1, targets, 1);

    /// <summary>Moves the biases of a network without weights, one after the other, by ever smaller steps, to the lowest loss.</summary>
    private static double LowestOfBiases(Loss loss, DataSet<double> data)
    {
        Activation output = loss switch
        {
            BinaryCrossEntropyLoss => Activation.Logistic,
            CategoricalCrossEntropyLoss => Activation.Softmax,
            PoissonLoss => Activation.Exponential,
            _ => Activation.Linear,
        };
        Network<double> network = new NetworkBuilder(1)
            .Add(new LayerSpec(data.TargetColumns, output) { Initializer = Initializer.Zero }).Build<double>();
        using var probe = new LossProbe(network, loss, data);
        Layer<double> layer = network.Layers[0];
        double lowest = probe.Measure();
        for (double step = 1; step > 1e-9; step /= 2)
        {
            bool isLower = true;
            while (isLower)
            {
                isLower = false;
                for (int c = 0; c < layer.Outputs; c++)
                {
                    isLower |= Try(c, step) || Try(c, -step);
                }
            }
        }

        return lowest;

        bool Try(int c, double step)
        {
            double before = layer.Biases[c];
            layer.SetBias(c, before + step);
            double loss = probe.Measure();
            if (loss < lowest)
            {
                lowest = loss;
                return true;
            }

            layer.SetBias(c, before);
            return false;
        }
    }
}
