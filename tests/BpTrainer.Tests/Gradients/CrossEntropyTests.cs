namespace BpTrainer.Tests.Gradients;

/// <summary>Label smoothing is a smoothing of the targets, a class weight the weight of its samples.</summary>
public class CrossEntropyTests
{
    private const int Rows = 12, Inputs = 4, Classes = 3;

    [Theory]
    [InlineData("softmax")]
    [InlineData("logistic")]
    public void SmoothingEqualsSmoothedTargetsOfClasses(string output) => AssertSmoothing(
        Loss.CategoricalCrossEntropy(), Loss.CategoricalCrossEntropy(0.15), output, y => (0.85 * y) + (0.15 / Classes));

    [Theory]
    [InlineData("softmax")]
    [InlineData("logistic")]
    public void SmoothingEqualsSmoothedTargetsOfYesAndNo(string output) => AssertSmoothing(
        Loss.BinaryCrossEntropy(), Loss.BinaryCrossEntropy(0.15), output, y => (0.85 * y) + 0.075);

    [Theory]
    [InlineData("softmax", 0)]
    [InlineData("softmax", 0.2)]
    [InlineData("logistic", 0.2)]
    public void WeightsOfClassesEqualWeightsOfSamples(string output, double smoothing)
    {
        double[] weights = [2, 0.5, 1.25];
        Loss plain = Loss.CategoricalCrossEntropy(smoothing);
        Loss weighted = Loss.CategoricalCrossEntropy(smoothing, weights);
        AssertWeights(plain, weighted, OneHot(), row => weights[row % Classes], new LayerSpec(Classes, Activation.Parse(output)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void SoTheyDoForYesAndNo(double smoothing)
    {
        double[] weights = [0.5, 4];
        Loss plain = Loss.BinaryCrossEntropy(smoothing);
        Loss weighted = Loss.BinaryCrossEntropy(smoothing, weights);
        double[] targets = [.. Enumerable.Range(0, Rows).Select(row => row % 3 == 0 ? 1.0 : 0)];
        AssertWeights(plain, weighted, targets, row => weights[(int)targets[row]], new LayerSpec(1, Activation.Logistic));
    }

    [Fact]
    public void AClassOfWeight0TeachesNothing()
    {
        Network<double> network = Network(new LayerSpec(Classes, Activation.Softmax));
        DataSet<double> first = Samples.One([1, 2, 3, 4], [1, 0, 0]);
        Loss loss = Loss.CategoricalCrossEntropy(classWeights: [0, 1, 1]);
        Assert.Equal(0, Gradient.LossOf(network, loss, first));
        Assert.All(Gradient.Computed(network, loss, first), slope => Assert.Equal(0, slope));
    }

    [Fact]
    public void ThereIsAWeightForEachClass()
    {
        Network<double> network = Network(new LayerSpec(Classes, Activation.Softmax));
        var error = Assert.Throws<ArgumentException>(() => new NetworkTrainer<double>(
            network, new TrainingOptions { Loss = Loss.CategoricalCrossEntropy(classWeights: [1, 2]) }));
        Assert.Contains("ClassWeights", error.Message);
        Assert.Contains("2 weights", error.Message);
        Assert.Contains("3 classes", error.Message);

        Network<double> unit = Network(new LayerSpec(1, Activation.Logistic));
        Assert.Contains("2 classes", Assert.Throws<ArgumentException>(() => new NetworkTrainer<double>(
            unit, new TrainingOptions { Loss = Loss.BinaryCrossEntropy(classWeights: [1, 2, 3]) })).Message);
    }

    private static void AssertSmoothing(Loss plain, Loss smoothing, string output, Func<double, double> smooth)
    {
        Network<double> network = Network(new LayerSpec(Classes, Activation.Parse(output)));
        DataSet<double> data = Data(OneHot());
        DataSet<double> smoothed = Data([.. OneHot().Select(smooth)]);
        Close.Relative(Gradient.LossOf(network, plain, smoothed), Gradient.LossOf(network, smoothing, data), 1e-14);
        Assert.Equal(Gradient.Computed(network, plain, smoothed), Gradient.Computed(network, smoothing, data), new Near(1e-14));
    }

    private static void AssertWeights(Loss plain, Loss weighted, double[] targets, Func<int, double> weight, LayerSpec output)
    {
        // Sample weights are divided by their mean, class weights are not.
        double[] weights = [.. Enumerable.Range(0, Rows).Select(weight)];
        double mean = weights.Average();
        Network<double> network = Network(output);
        Close.Relative(
            mean * Gradient.LossOf(network, plain, Data(targets, weights)), Gradient.LossOf(network, weighted, Data(targets)), 1e-14);
        Assert.Equal(
            Gradient.Computed(network, plain, Data(targets, weights)).Select(slope => mean * slope),
            Gradient.Computed(network, weighted, Data(targets)),
            new Near(1e-14));
    }

    private static Network<double> Network(LayerSpec output) =>
        Networks.Random<double>(seed: 5, Inputs, new LayerSpec(6, Activation.Tanh), output);

    private static double[] OneHot() =>
        [.. Enumerable.Range(0, Rows * Classes).Select(i => i / Classes % Classes == i % Classes ? 1.0 : 0)];

    private static DataSet<double> Data(double[] targets, double[]? weights = null) =>
        new(Samples.Random<double>(seed: 6, Rows, Inputs, targets: 1).Inputs, Inputs, targets, targets.Length / Rows, weights);

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double obj) => 0;
    }
}
