namespace BpTrainer.Tests.Options;

/// <summary>A loss is a value with a text, and has parameters in their ranges.</summary>
public class LossOptionTests
{
    [Fact]
    public void EqualParametersMakeEqualLosses()
    {
        AssertEqual(Loss.Huber(1.5), Loss.Huber(1.5));
        AssertEqual(Loss.Quantile(0.1), Loss.Quantile(0.1));
        AssertEqual(Loss.BinaryCrossEntropy(), Loss.BinaryCrossEntropy(0));
        AssertEqual(
            Loss.CategoricalCrossEntropy(0.1, [1, 2, 3]),
            Loss.CategoricalCrossEntropy(0.1, new List<double> { 1, 2, 3 }));
    }

    [Fact]
    public void OtherParametersMakeOtherLosses()
    {
        Loss[] losses =
        [
            .. Losses.All,
            Loss.Huber(1),
            Loss.Huber(2),
            Loss.Quantile(0.1),
            Loss.BinaryCrossEntropy(classWeights: [1, 2]),
            Loss.CategoricalCrossEntropy(classWeights: [1, 2]),
            Loss.CategoricalCrossEntropy(classWeights: [2, 1]),
            Loss.CategoricalCrossEntropy(classWeights: [1, 2, 3]),
            Loss.CategoricalCrossEntropy(0.2),
        ];
        Assert.Equal(losses.Length, losses.Distinct().Count());
        Assert.Equal(losses.Length, losses.Select(loss => loss.ToString()).Distinct().Count());
    }

    [Fact]
    public void TheTextHasNameAndParameters()
    {
        Assert.Equal("half-squared-error", Loss.HalfSquaredError.ToString());
        Assert.Equal("huber(delta=1.5)", Loss.Huber(1.5).ToString());
        Assert.Equal("quantile(tau=0.9)", Loss.Quantile(0.9).ToString());
        Assert.Equal(
            "binary-cross-entropy(smoothing=0.1, weights=1:2.5)",
            Loss.BinaryCrossEntropy(0.1, [1, 2.5]).ToString());
        Assert.Equal("huber", Loss.Huber().Name);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, -1)]
    public void PoissonTargetsAreNeitherShiftedNorTurned(double offset, double scale)
    {
        Network<double> network =
            new NetworkBuilder(1).Add(1, Activation.Exponential).ScaleOutputs(new ColumnScaling([offset], [scale])).Build<double>();
        var error = Assert.Throws<ArgumentException>(
            () => new NetworkTrainer<double>(network, new TrainingOptions { Loss = Loss.Poisson }));
        Assert.Contains($"column 0 has the offset {offset} and the scale {scale}", error.Message, StringComparison.Ordinal);
        Network<double> scaled =
            new NetworkBuilder(1).Add(1, Activation.Exponential).ScaleOutputs(new ColumnScaling([0], [2])).Build<double>();
        _ = new NetworkTrainer<double>(scaled, new TrainingOptions { Loss = Loss.Poisson });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void DeltaIsFiniteAndPositive(double delta) => Assert.Throws<ArgumentOutOfRangeException>("delta", () => Loss.Huber(delta));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void TauIsAShare(double tau) => Assert.Throws<ArgumentOutOfRangeException>("tau", () => Loss.Quantile(tau));

    [Theory]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void SmoothingIsAShare(double smoothing)
    {
        Assert.Throws<ArgumentOutOfRangeException>("labelSmoothing", () => Loss.BinaryCrossEntropy(smoothing));
        Assert.Throws<ArgumentOutOfRangeException>("labelSmoothing", () => Loss.CategoricalCrossEntropy(smoothing));
    }

    [Theory]
    [InlineData(new double[0], "has 0 weights")]
    [InlineData(new[] { 1.0 }, "has 1 weights")]
    [InlineData(new[] { 1.0, -2 }, "the weight -2")]
    [InlineData(new[] { 1.0, double.NaN }, "the weight NaN")]
    [InlineData(new[] { 0.0, 0 }, "all 0")]
    public void ClassWeightsAreFiniteAndNotNegative(double[] weights, string fault)
    {
        var error = Assert.Throws<ArgumentException>("classWeights", () => Loss.CategoricalCrossEntropy(classWeights: weights));
        Assert.Contains(fault, error.Message);
    }

    private static void AssertEqual(Loss one, Loss other)
    {
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(one.ToString(), other.ToString());
    }
}
