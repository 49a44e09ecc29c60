namespace BpTrainer.Tests.Scaling;

/// <summary>Minimum and maximum of the columns of a data set, with and without its zeros.</summary>
public class MinMaxTests
{
    [Fact]
    public void InputsGoToTheRange()
    {
        // Column 0: 2 … 6, column 1: −1 … 1. To 0 … 1: offsets 2 and −1, scales ¼ and ½; limits half a range further.
        var data = new DataSet<double>(new double[] { 2, 1, 6, -1, 3, 0 }, 2, new double[3], 1);
        var scaling = ColumnScaling.MinMaxInputs(data, 0, 1);
        Assert.Equal([2, -1], scaling.Offsets.ToArray());
        Assert.Equal([0.25, 0.5], scaling.Scales.ToArray());
        Assert.Equal([0, -2], scaling.Lowest.ToArray());
        Assert.Equal([8, 2], scaling.Highest.ToArray());
    }

    [Fact]
    public void TargetsGoToTheRangeAndBack()
    {
        // 10 … 30 to −1 … 1: offset 20, scale 0.1. A linear unit with weight 2 learns 2x, which is 20x + 20 in the units of the targets.
        var data = new DataSet<double>(new double[] { 0, 1 }, 1, new double[] { 10, 30 }, 1);
        var scaling = ColumnScaling.MinMaxTargets(data);
        Network<double> network = new NetworkBuilder(1)
            .Add(new LayerSpec(1, Activation.Linear) { Initializer = Initializer.Given(new double[,] { { 2 } }) })
            .ScaleOutputs(scaling).Build<double>();
        Close.Absolute(60, network.Predict<double>([2])[0], 1e-12);
    }

    [Fact]
    public void RowsOfWeight0DoNotCount()
    {
        var data = new DataSet<double>(new double[] { 5, 1, 3 }, 1, new double[] { 5, 1, 3 }, 1, new double[] { 0, 1, 2 });
        Assert.Equal((1, 0.5), Figures(ColumnScaling.MinMaxInputs(data, 0, 1)));
        Assert.Equal((1, 0.5), Figures(ColumnScaling.MinMaxTargets(data, 0, 1)));
    }

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(-1, 1, false)]
    public void SparseInputsAreScaledAsThoseWithTheirZeros(double low, double high, bool keepsZero)
    {
        // Column 0 has zeros and values above; column 1 no zeros; column 2 a value in no row; column 3 is below 0.
        double[] dense = [0, 2, 0, -4, 3, 2, 0, -1, 0, 5, 0, -2];
        double[] columns = keepsZero ? [.. dense.Select((x, i) => i % 4 is 1 or 3 ? 0 : x)] : dense;
        var withZeros = new DataSet<double>(columns, 4, new double[3], 1);
        var without = new DataSet<double>(Sparse(columns, 4), new double[3], 1);
        ColumnScaling expected = ColumnScaling.MinMaxInputs(withZeros, low, high), actual = ColumnScaling.MinMaxInputs(without, low, high);
        Assert.Equal(expected.Offsets.ToArray(), actual.Offsets.ToArray());
        Assert.Equal(expected.Scales.ToArray(), actual.Scales.ToArray());
        Assert.Equal(expected.Lowest.ToArray(), actual.Lowest.ToArray());
        Assert.Equal(expected.Highest.ToArray(), actual.Highest.ToArray());
        Assert.Equal(keepsZero, actual.KeepsZero);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, -1)]
    [InlineData(double.NegativeInfinity, 1)]
    public void ARangeIsFiniteAndNotEmpty(double low, double high)
    {
        var data = new DataSet<double>(new double[] { 1, 2 }, 1, new double[2], 1);
        Assert.Contains("range", Assert.Throws<ArgumentException>(() => ColumnScaling.MinMaxInputs(data, low, high)).Message);
        Assert.Contains("range", Assert.Throws<ArgumentException>(() => ColumnScaling.MinMaxTargets(data, low, high)).Message);
    }

    private static (double Offset, double Scale) Figures(ColumnScaling scaling) => (scaling.Offsets[0], scaling.Scales[0]);

    private static SparseMatrix<double> Sparse(double[] dense, int columns)
    {
        int[] places = [.. Enumerable.Range(0, dense.Length).Where(i => dense[i] != 0)];
        int[] starts = [.. Enumerable.Range(0, (dense.Length / columns) + 1).Select(row => places.Count(i => i < row * columns))];
        return new SparseMatrix<double>(
            columns, starts, Array.ConvertAll(places, i => i % columns), Array.ConvertAll(places, i => dense[i]));
    }
}
