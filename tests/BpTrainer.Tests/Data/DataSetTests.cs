namespace BpTrainer.Tests.Data;

/// <summary>What does not make samples is refused, with the figures.</summary>
public class DataSetTests
{
    private static readonly double[] s_six = [1, 2, 3, 4, 5, 6];
    private static readonly double[] s_three = [1, 2, 3];

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void ThereIsAColumn(int columns)
    {
        Assert.Throws<ArgumentOutOfRangeException>("inputColumns", () => new DataSet<double>(s_six, columns, s_three, 1));
        Assert.Throws<ArgumentOutOfRangeException>("targetColumns", () => new DataSet<double>(s_six, 2, s_three, columns));
    }

    [Fact]
    public void ThereIsAFullRow()
    {
        var ragged = Assert.Throws<ArgumentException>("inputs", () => new DataSet<double>(s_six, 4, s_three, 1));
        Assert.Contains("6 inputs do not make rows of 4 columns", ragged.Message);
        Assert.Throws<ArgumentException>("inputs", () => new DataSet<double>(Array.Empty<double>(), 4, Array.Empty<double>(), 1));
    }

    [Fact]
    public void InputsAndTargetsHaveTheSameRows()
    {
        var error = Assert.Throws<ArgumentException>("targets", () => new DataSet<double>(s_six, 2, s_three, 2));
        Assert.Contains("There are 3 targets, but 3 rows of 2 columns need 6", error.Message);
    }

    [Fact]
    public void EveryRowHasAWeightOrNoneHas()
    {
        var error = Assert.Throws<ArgumentException>("weights", () => new DataSet<double>(s_six, 2, s_three, 1, new double[] { 1, 1 }));
        Assert.Contains("There are 2 weights, but 3 rows", error.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void AWeightIsFiniteAndNotNegative(double weight)
    {
        var error = Assert.Throws<ArgumentException>("weights", () => new DataSet<double>(s_six, 2, s_three, 1, new[] { 1, weight, 1 }));
        Assert.Contains("The weight of row 1", error.Message);
    }

    [Fact]
    public void NotAllWeightsAre0()
    {
        var error = Assert.Throws<ArgumentException>("weights", () => new DataSet<double>(s_six, 2, s_three, 1, new double[3]));
        Assert.Contains("All weights are 0", error.Message);
    }

    [Fact]
    public void RowsAreTakenInTheOrderGivenWithTargetsAndWeights()
    {
        DataSet<double> taken = new DataSet<double>(s_six, 2, s_three, 1, new double[] { 7, 8, 9 }).Take([2, 0, 2]);
        Assert.Equal(3, taken.Rows);
        Assert.Equal([5, 6, 1, 2, 5, 6], taken.Inputs.ToArray());
        Assert.Equal([3, 1, 3], taken.Targets.ToArray());
        Assert.Equal([9, 7, 9], taken.Weights.ToArray());
    }

    [Fact]
    public void ARowThatIsNotThereCannotBeTaken()
    {
        var data = new DataSet<double>(s_six, 2, s_three, 1);
        Assert.ThrowsAny<ArgumentException>(() => data.Take([3]));
        Assert.ThrowsAny<ArgumentException>(() => data.Take([-1]));
        Assert.ThrowsAny<ArgumentException>(() => data.Take([]));
    }

    [Fact]
    public void ANetworkTakesOnlyDataOfItsShape()
    {
        Network<double> network = new NetworkBuilder(2).Add(1, Activation.Linear).Build<double>();
        var trainer = new NetworkTrainer<double>(network, new TrainingOptions());
        var right = new DataSet<double>(s_six, 2, s_three, 1);
        var wrong = new DataSet<double>(s_six, 1, s_six, 1);
        var error = Assert.Throws<ArgumentException>("training", () => trainer.Train(wrong));
        Assert.Contains("1 inputs and 1 targets", error.Message);
        Assert.Contains("2 inputs and 1 outputs", error.Message);
        Assert.Throws<ArgumentException>("validation", () => trainer.Train(right, wrong));
        Assert.Throws<ArgumentNullException>("training", () => trainer.Train(training: null!));
    }

    [Fact]
    public void TrainingOnlyReadsTheData()
    {
        DataSet<double> data = Samples.Random<double>(1, rows: 20, inputs: 3, targets: 2, weighted: true);
        double[][] before = [data.Inputs.ToArray(), data.Targets.ToArray(), data.Weights.ToArray()];
        var scaling = ColumnScaling.Standardize(data.Inputs.Span, 3);
        new NetworkBuilder(3).Add(2, Activation.Linear).ScaleInputs(scaling).Build<double>()
            .Train(new TrainingOptions { Epochs = 3 }, data, data);
        Assert.Equal(before, [data.Inputs.ToArray(), data.Targets.ToArray(), data.Weights.ToArray()]);
    }
}
