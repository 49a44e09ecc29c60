namespace BpTrainer.Examples.Engine;

/// <summary>
/// A well-known example of back-propagation, step by step: 2-2-2, logistic units, half squared error, frozen biases, η = 0.5. The formulas
/// are printed for the reader; every number comes from the engine, by an inspection of the network.
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

    private static readonly DataSet<double> s_sample = new(s_x, 2, s_y, 2);

    public static void Run(TextWriter to)
    {
        Network<double> network = Network();
        Inspection<double> seen = network.Inspect(s_sample, Loss.HalfSquaredError);
        LayerInspection<double> hidden = seen.Layers[0], output = seen.Layers[1];

        to.WriteLine("A worked example: 2-2-2, logistic, half squared error, frozen biases 0.35 and 0.60, learning rate 0.5");
        WriteForward(to, "h1", "w1·x1 + w2·x2 + 0.35", hidden, unit: 0);
        WriteForward(to, "h2", "w3·x1 + w4·x2 + 0.35", hidden, unit: 1);
        WriteForward(to, "o1", "w5·out h1 + w6·out h2 + 0.60", output, unit: 0);
        WriteForward(to, "o2", "w7·out h1 + w8·out h2 + 0.60", output, unit: 1);
        Write(to, "E = ½·(0.01 − out o1)² + ½·(0.99 − out o2)²", seen.Loss);
        Write(to, "δ o1 = (out o1 − 0.01)·out o1·(1 − out o1)", output.ErrorTerms[0, 0]);
        Write(to, "δ o2 = (out o2 − 0.99)·out o2·(1 − out o2)", output.ErrorTerms[0, 1]);
        Write(to, "δ h1 = (δ o1·w5 + δ o2·w7)·out h1·(1 − out h1)", hidden.ErrorTerms[0, 0]);
        Write(to, "δ h2 = (δ o1·w6 + δ o2·w8)·out h2·(1 − out h2)", hidden.ErrorTerms[0, 1]);
        WriteGradients(to, 1, (unit, input) => $"δ h{unit}·x{input}", hidden);
        WriteGradients(to, 5, (unit, input) => $"δ o{unit}·out h{input}", output);

        Train(network, updates: 1);
        to.WriteLine("  After one update, w − 0.5·∂E/∂w:");
        WriteWeights(to, 1, network.Layers[0]);
        WriteWeights(to, 5, network.Layers[1]);
        Write(to, "E", network.Evaluate(s_sample, Loss.HalfSquaredError));

        Train(network, updates: 9999);
        seen = network.Inspect(s_sample, Loss.HalfSquaredError);
        double[,] last = seen.Layers[1].Outputs;
        to.WriteLine($"  After 10000 updates: E = {seen.Loss:G10}, outputs {last[0, 0]:F12} and {last[0, 1]:F12}.");
        to.WriteLine();
    }

    private static void Write(TextWriter to, string formula, double value) => to.WriteLine($"  {formula,-50} = {value,15:F12}");

    private static void WriteForward(TextWriter to, string name, string sum, LayerInspection<double> layer, int unit)
    {
        Write(to, $"net {name} = {sum}", layer.NetInputs[0, unit]);
        Write(to, $"out {name} = 1 / (1 + e^−net {name})", layer.Outputs[0, unit]);
    }

    /// <summary>Writes ∂E/∂w for the weights of a layer, in the order of their numbers: the weights of its first unit come first.</summary>
    private static void WriteGradients(TextWriter to, int number, Func<int, int, string> formula, LayerInspection<double> layer)
    {
        for (int unit = 0; unit < 2; unit++)
        {
            for (int input = 0; input < 2; input++)
            {
                Write(to, $"∂E/∂w{number++} = {formula(unit + 1, input + 1)}", layer.WeightGradients[input, unit]);
            }
        }
    }

    private static void WriteWeights(TextWriter to, int number, Layer<double> layer)
    {
        for (int unit = 0; unit < 2; unit++)
        {
            for (int input = 0; input < 2; input++)
            {
                Write(to, $"w{number++}", layer.GetWeight(input, unit));
            }
        }
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
        new NetworkTrainer<double>(network, options).Train(s_sample);
    }
}
