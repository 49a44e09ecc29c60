using BpTrainer.Losses;

namespace BpTrainer.Tests.Options;

/// <summary>Balanced weights are n / (K nₖ), whatever form the targets have.</summary>
public class ClassWeightingTests
{
    [Fact]
    public void OneHotTargetsAreCounted()
    {
        // 10 samples: 6, 3 and 1 of 3 classes.
        double[] weights = ClassWeighting.Balanced(OneHot(6, 3, 1));
        Assert.Equal([10 / 18.0, 10 / 9.0, 10 / 3.0], weights);
    }

    [Fact]
    public void SoAreSingleTargetsAndWeightedRows()
    {
        double[] targets = [0, 0, 0, 1];
        Assert.Equal([4 / 6.0, 2], ClassWeighting.Balanced(new DataSet<double>(new double[4], 1, targets, 1)));

        // 6 rows' worth, 4 of them class 1.
        var weighted = new DataSet<double>(new double[4], 1, targets, 1, new double[] { 1, 0.5, 0.5, 4 });
        Assert.Equal([6 / 4.0, 6 / 8.0], ClassWeighting.Balanced(weighted));
    }

    [Fact]
    public void AClassWithoutSamplesGets1AndDoesNotCount() =>
        Assert.Equal([8 / 4.0, 1, 8 / 12.0], ClassWeighting.Balanced([2, 0, 6]));

    [Fact]
    public void TargetsAreSharesOfClasses()
    {
        Assert.Contains("Row 1 has the target 2", Error(new DataSet<double>(new double[2], 1, new double[] { 0, 2 }, 1)));
        Assert.Contains("row 0 sum to 0.5", Error(new DataSet<double>(new double[1], 1, new double[] { 0.25, 0.25 }, 2)));
        Assert.Contains("-1", Assert.Throws<ArgumentException>("counts", () => ClassWeighting.Balanced([2, -1])).Message);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>("counts", () => ClassWeighting.Balanced([2, double.NaN])).Message);
        Assert.Throws<ArgumentException>("counts", () => ClassWeighting.Balanced([0, 0]));

        static string Error(DataSet<double> data) => Assert.Throws<ArgumentException>("data", () => ClassWeighting.Balanced(data)).Message;
    }

    [Fact]
    public void BalancedClassesTeachLikeBalancedRows()
    {
        DataSet<double> data = OneHot(12, 5, 3);
        double[] weights = ClassWeighting.Balanced(data);
        double[] rows = [.. Enumerable.Range(0, data.Rows).Select(row => weights[data.TargetRow(row).IndexOf(1.0)])];
        Close.Absolute(1, rows.Average(), 1e-15, "mean weight");

        var weighted = new DataSet<double>(data.Inputs, data.InputColumns, data.Targets, data.TargetColumns, rows);
        Network<double> byClass = Start(), byRow = Start();
        var options =
            new TrainingOptions { Loss = Loss.CategoricalCrossEntropy(), Epochs = 10, BatchSize = 4, Optimizer = Optimizer.Momentum(0.1) };
        byRow.Train(options, weighted);
        byClass.Train(options with { Loss = Loss.CategoricalCrossEntropy(classWeights: weights) }, data);
        AssertSame(byRow, byClass);
        AssertFair(byClass, data);
    }

    [Fact]
    public void OtherWeightsTeachLikeThoseOfRowsAtARateTimesTheirMean()
    {
        DataSet<double> data = OneHot(12, 5, 3);
        double[] weights = [3, 0.5, 4];
        double[] rows = [.. Enumerable.Range(0, data.Rows).Select(row => weights[data.TargetRow(row).IndexOf(1.0)])];
        var weighted = new DataSet<double>(data.Inputs, data.InputColumns, data.Targets, data.TargetColumns, rows);
        Network<double> byClass = Start(), byRow = Start();
        var options =
            new TrainingOptions { Loss = Loss.CategoricalCrossEntropy(), Epochs = 10, BatchSize = 4, Optimizer = Optimizer.Momentum(0.05) };
        byRow.Train(options with { Optimizer = Optimizer.Momentum(0.05 * rows.Average()) }, weighted);
        byClass.Train(options with { Loss = Loss.CategoricalCrossEntropy(classWeights: weights) }, data);
        AssertSame(byRow, byClass);
    }

    private static void AssertSame(Network<double> expected, Network<double> actual)
    {
        foreach (Parameter parameter in Parameter.All(expected))
        {
            Close.Absolute(parameter.Get(expected), parameter.Get(actual), 1e-12, parameter.ToString());
        }
    }

    /// <summary>Inputs say nothing about the class, so that balanced classes come out about as likely as each other.</summary>
    private static void AssertFair(Network<double> network, DataSet<double> data)
    {
        double[] rarest = [.. network.Predict(data.Inputs.Span).Chunk(3).Select(row => row[2])];
        Assert.InRange(rarest.Average(), 0.2, 0.5);
    }

    private static Network<double> Start() =>
        new NetworkBuilder(2).Add(4, Activation.Tanh).Add(3, Activation.Softmax).Build<double>(seed: 1);

    private static DataSet<double> OneHot(params int[] counts)
    {
        int[] classes = [.. counts.SelectMany((count, k) => Enumerable.Repeat(k, count))];
        double[] targets = [.. classes.SelectMany(k => counts.Select((_, j) => j == k ? 1.0 : 0))];
        var random = new Random(1);
        double[] inputs = [.. Enumerable.Range(0, 2 * classes.Length).Select(_ => random.NextDouble() - 0.5)];
        return new DataSet<double>(inputs, 2, targets, counts.Length);
    }
}
