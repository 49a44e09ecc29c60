namespace BpTrainer.Tests.WorkedExamples;

/// <summary>A network with one hidden layer and one sample to learn, whose every figure is known.</summary>
internal sealed record WorkedExample(double[] X, double[] Y, double[,] Hidden, double HiddenBias, double[,] Output, double OutputBias)
{
    /// <summary>The literature's figures have 12 decimals.</summary>
    public const double Tolerance = 1e-12;

    private const double LearningRate = 0.5;

    private static readonly Loss s_loss = Loss.HalfSquaredError;

    public DataSet<double> Sample => Samples.One(X, Y);

    public Network<double> Network(BiasKind bias = BiasKind.Frozen) => Networks.Of(bias, HiddenLayer, OutputLayer);

    /// <summary>The network after so many updates with η = 0.5.</summary>
    public Network<double> After(int updates, BiasKind bias = BiasKind.Frozen)
    {
        Network<double> network = Network(bias);
        network.Train(Training.Incremental(LearningRate, updates) with { Loss = s_loss }, Sample);
        return network;
    }

    public double Error(Network<double> network) => Gradient.LossOf(network, s_loss, Sample);

    /// <summary>Every number of the first forward and backward pass.</summary>
    public Inspection<double> Inspect() => Network().Inspect(Sample, s_loss);

    /// <summary>The weights of a layer after one update, by its gradients: w − 0.5 ∂E/∂w.</summary>
    public double[,] Updated(int layer)
    {
        double[,] gradients = Inspect().Layers[layer].WeightGradients;
        double[,] updated = (double[,])(layer == 0 ? Hidden : Output).Clone();
        for (int i = 0; i < updated.GetLength(0); i++)
        {
            for (int o = 0; o < updated.GetLength(1); o++)
            {
                updated[i, o] -= LearningRate * gradients[i, o];
            }
        }

        return updated;
    }

    /// <summary>Asserts that a matrix has these numbers, to the decimals of the literature.</summary>
    public static void AssertMatrix(double[,] expected, double[,] actual, double tolerance = Tolerance)
    {
        Assert.Equal((expected.GetLength(0), expected.GetLength(1)), (actual.GetLength(0), actual.GetLength(1)));
        for (int i = 0; i < expected.GetLength(0); i++)
        {
            for (int o = 0; o < expected.GetLength(1); o++)
            {
                Close.Absolute(expected[i, o], actual[i, o], tolerance, $"[{i}, {o}]");
            }
        }
    }

    /// <summary>z of the hidden layer: what that layer alone has as net input.</summary>
    public double[] HiddenNetInput()
    {
        var z = new double[HiddenLayer.Biases.Length];
        Networks.Of(BiasKind.Frozen, HiddenLayer).PredictNetInput(X, z, 1);
        return z;
    }

    /// <summary>z of the output layer.</summary>
    public double[] OutputNetInput()
    {
        var z = new double[Y.Length];
        Network().PredictNetInput(X, z, 1);
        return z;
    }

    /// <summary>a of the hidden layer: what that layer alone predicts.</summary>
    public double[] HiddenOutput() => Networks.Of(BiasKind.Frozen, HiddenLayer).Predict<double>(X);

    /// <summary>δ of a layer's units. For a single sample ∂E/∂b = δ.</summary>
    public double[] Deltas(int layer) => [.. Gradients().Where(g => g.Of.Layer == layer && g.Of.Input < 0).Select(g => g.Slope)];

    /// <summary>∂E/∂w of the weight from an input to an output of a layer.</summary>
    public double Slope(int layer, int input, int output) => Gradients().Single(g => g.Of == new Parameter(layer, input, output)).Slope;

    private GivenLayer HiddenLayer => Layer(Hidden, HiddenBias);

    private GivenLayer OutputLayer => Layer(Output, OutputBias);

    private static GivenLayer Layer(double[,] weights, double bias) =>
        new(Activation.Logistic, weights, [.. Enumerable.Repeat(bias, weights.GetLength(1))]);

    private IEnumerable<(Parameter Of, double Slope)> Gradients()
    {
        Network<double> network = Network(BiasKind.PerUnit);
        return Parameter.Trained(network).Zip(Gradient.Computed(network, s_loss, Sample));
    }
}
