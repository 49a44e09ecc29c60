namespace BpTrainer.Examples.Engine;

/// <summary>
/// A well-known example of back-propagation, step by step: 2-2-2, logistic units, half squared error, frozen biases, η = 0.5.
/// Every figure is computed here by the formulas; then the engine makes the same update, and both are compared.
/// </summary>
internal static class WorkedExample
{
    private const double LearningRate = 0.5;

    private static readonly double[] s_x = [0.05, 0.10];
    private static readonly double[] s_y = [0.01, 0.99];

    /// <summary>w1 = W[0, 0], w2 = W[1, 0], w3 = W[0, 1], w4 = W[1, 1]: from input to hidden unit.</summary>
    private static readonly double[,] s_hidden = { { 0.15, 0.25 }, { 0.20, 0.30 } };

    /// <summary>w5 = V[0, 0], w6 = V[1, 0], w7 = V[0, 1], w8 = V[1, 1]: from hidden unit to output.</summary>
    private static readonly double[,] s_output = { { 0.40, 0.50 }, { 0.45, 0.55 } };

    private const double HiddenBias = 0.35, OutputBias = 0.60;

    public static void Run(TextWriter to)
    {
        to.WriteLine("A worked example: 2-2-2, logistic, half squared error, frozen biases 0.35 and 0.60, learning rate 0.5");
        double[] h = Forward(to, "h", s_x, s_hidden, HiddenBias);
        double[] o = Forward(to, "o", h, s_output, OutputBias);
        to.WriteLine($"  E = ½·(0.01 − out o1)² + ½·(0.99 − out o2)²       = {Error(o):F12}");

        double[] deltaO = [(o[0] - s_y[0]) * o[0] * (1 - o[0]), (o[1] - s_y[1]) * o[1] * (1 - o[1])];
        to.WriteLine($"  δ o1 = (out o1 − 0.01)·out o1·(1 − out o1)        = {deltaO[0]:F12}");
        to.WriteLine($"  δ o2 = (out o2 − 0.99)·out o2·(1 − out o2)        = {deltaO[1]:F12}");
        double[] deltaH =
        [
            ((deltaO[0] * s_output[0, 0]) + (deltaO[1] * s_output[0, 1])) * h[0] * (1 - h[0]),
            ((deltaO[0] * s_output[1, 0]) + (deltaO[1] * s_output[1, 1])) * h[1] * (1 - h[1]),
        ];
        to.WriteLine($"  δ h1 = (δ o1·w5 + δ o2·w7)·out h1·(1 − out h1)    = {deltaH[0]:F12}");
        to.WriteLine($"  δ h2 = (δ o1·w6 + δ o2·w8)·out h2·(1 − out h2)    = {deltaH[1]:F12}");
        to.WriteLine($"  ∂E/∂w5 = δ o1·out h1                              = {deltaO[0] * h[0]:F12}");
        to.WriteLine($"  ∂E/∂w1 = δ h1·x1                                  = {deltaH[0] * s_x[0]:F12}");

        to.WriteLine("  After one update, w − 0.5·∂E/∂w:  by hand         by the engine");
        Network<double> network = Network();
        Train(network, updates: 1);
        double difference = Math.Max(
            Compare(to, 1, s_hidden, s_x, deltaH, network.Layers[0]),
            Compare(to, 5, s_output, h, deltaO, network.Layers[1]));
        to.WriteLine($"  They differ by at most {difference:G2}. E is now {Error(Predict(network)):F12}.");

        Train(network, updates: 9999);
        double[] last = Predict(network);
        to.WriteLine($"  After 10000 updates: E = {Error(last):G10}, outputs {last[0]:F12} and {last[1]:F12}.");
        to.WriteLine();
    }

    private static double[] Forward(TextWriter to, string layer, double[] x, double[,] w, double bias)
    {
        var outputs = new double[2];
        for (int j = 0; j < 2; j++)
        {
            double net = (x[0] * w[0, j]) + (x[1] * w[1, j]) + bias;
            outputs[j] = 1 / (1 + Math.Exp(-net));
            string sum = $"{w[0, j]:F2}·{x[0]:F4} + {w[1, j]:F2}·{x[1]:F4} + {bias:F2}";
            to.WriteLine($"  net {layer}{j + 1} = {sum,-40} = {net:F12}");
            to.WriteLine($"  out {layer}{j + 1} = 1 / (1 + e^−net)                         = {outputs[j]:F12}");
        }

        return outputs;
    }

    /// <summary>Prints the four new weights of a layer in both columns.</summary>
    /// <returns>The largest difference.</returns>
    private static double Compare(TextWriter to, int number, double[,] before, double[] x, double[] delta, Layer<double> after)
    {
        double largest = 0;
        for (int j = 0; j < 2; j++)
        {
            for (int i = 0; i < 2; i++)
            {
                double byHand = before[i, j] - (LearningRate * x[i] * delta[j]);
                double byEngine = after.GetWeight(i, j);
                largest = Math.Max(largest, Math.Abs(byHand - byEngine));
                to.WriteLine($"    w{number++}                              {byHand:F12}  {byEngine:F12}");
            }
        }

        return largest;
    }

    private static Network<double> Network()
    {
        var layer = new LayerSpec(2, Activation.Logistic) { Bias = BiasKind.Frozen };
        Network<double> network = new NetworkBuilder(2).Add(layer).Add(layer).Build<double>();
        for (int i = 0; i < 2; i++)
        {
            network.Layers[0].SetBias(i, HiddenBias);
            network.Layers[1].SetBias(i, OutputBias);
            for (int j = 0; j < 2; j++)
            {
                network.Layers[0].SetWeight(i, j, s_hidden[i, j]);
                network.Layers[1].SetWeight(i, j, s_output[i, j]);
            }
        }

        return network;
    }

    private static void Train(Network<double> network, int updates)
    {
        var options = new TrainingOptions
        {
            Loss = Loss.HalfSquaredError,
            Optimizer = Optimizer.GradientDescent(LearningRate),
            BatchSize = 1,
            Epochs = updates,
        };
        new NetworkTrainer<double>(network, options).Train(new DataSet<double>(s_x, 2, s_y, 2));
    }

    private static double[] Predict(Network<double> network)
    {
        var outputs = new double[2];
        network.Predict(s_x, outputs);
        return outputs;
    }

    private static double Error(double[] o) => o.Zip(s_y, (a, y) => 0.5 * (y - a) * (y - a)).Sum();
}
