using BpTrainer.ML.Training;

namespace BpTrainer.ML.Onnx;

/// <summary>Writes a network as ONNX nodes: input scaling, input encoding, a Gemm and an activation for each layer, output
/// scaling.</summary>
internal sealed class OnnxNetwork(OnnxGraph graph, Network<float> network)
{
    /// <summary>
    /// Writes the network up to the net inputs of its last layer. Inputs and outputs are names of variables; a null output stands for a new
    /// variable.
    /// </summary>
    public string NetInput(string features, string? output = null)
    {
        string a = AppendRamps(ScaleInputs(features));
        foreach (Layer<float> layer in network.Layers)
        {
            bool isLast = layer == network.Layers[^1];
            var weights = new float[layer.Inputs * layer.Outputs];
            layer.CopyWeightsTo(weights);
            float[] biases = layer.Biases.ToArray();
            if (layer == network.Layers[0] && network.InputEncoding is { } encoding)
            {
                (weights, biases) = OfRamps(weights, biases, encoding);
            }

            string w = graph.Constant(weights, weights.Length / layer.Outputs, layer.Outputs);
            string z = graph.Node("Gemm", [a, w, graph.Constant(biases, layer.Outputs)], isLast ? output : null);
            a = isLast ? z : new OnnxActivation(graph, layer).Write(z);
        }

        return a;
    }

    /// <summary>Writes the log-odds of output units that are sigmoids.</summary>
    public string LogOdds(string features, string? output = null) => ProbabilityOutput.LogOddsSlope(network.Layers[^1].Activation) is 1
        ? NetInput(features, output)
        : graph.Node(
            "Mul", [NetInput(features), graph.Constant(ProbabilityOutput.LogOddsSlope(network.Layers[^1].Activation)!.Value)], output);

    public string Predict(string features, string? output = null)
    {
        string a = new OnnxActivation(graph, network.Layers[^1]).Write(NetInput(features));
        if (network.OutputScaling is not { } scaling)
        {
            return graph.Node("Identity", [a], output);
        }

        // a / scale + offset
        string spread = graph.Node("Mul", [a, Row(scaling.Scales, inverse: true)]);
        return graph.Node("Add", [spread, Row(scaling.Offsets)], output);
    }

    private string ScaleInputs(string features)
    {
        if (network.InputScaling is not { } scaling)
        {
            return features;
        }

        // (x within its limits − offset) · scale
        string x = features;
        if (scaling.HasLimits)
        {
            x = graph.Node("Min", [graph.Node("Max", [x, Row(scaling.Lowest)]), Row(scaling.Highest)]);
        }

        string centred = graph.Node("Sub", [x, Row(scaling.Offsets)]);
        return graph.Node("Mul", [centred, Row(scaling.Scales)]);
    }

    /// <summary>
    /// Writes, after the scaled inputs, a ramp for each bin of their encoding: r = clip((x − edge) / width, 0, 1). The codes of a column
    /// are differences of neighbouring ramps; <see cref="OfRamps"/> converts the weights of the codes into weights of the ramps.
    /// </summary>
    private string AppendRamps(string x)
    {
        var inputs = new List<long>();
        var edges = new List<double>();
        var inverseWidths = new List<double>();
        for (int c = 0; c < network.InputEncoding?.Columns; c++)
        {
            double[] scaled = [.. network.InputEncoding.EdgesOf(c).ToArray().Select(edge => Scale(edge, c))];
            for (int t = 0; t < scaled.Length - 1; t++)
            {
                inputs.Add(c);
                edges.Add(scaled[t]);
                inverseWidths.Add(1 / (scaled[t + 1] - scaled[t]));
            }
        }

        if (inputs.Count == 0)
        {
            return x;
        }

        string repeated = graph.Node("Gather", [x, graph.Constant([.. inputs], inputs.Count)], null, new OnnxAttribute("axis", 1));
        string place = graph.Node("Mul", [graph.Node("Sub", [repeated, Row([.. edges])]), Row([.. inverseWidths])]);
        string ramps = graph.Node("Min", [graph.Node("Max", [place, graph.Constant(0)]), graph.Constant(1)]);
        return graph.Node("Concat", [x, ramps], null, new OnnxAttribute("axis", 1));
    }

    /// <summary>
    /// The weights and biases of the first layer for inputs and ramps. If h is the height of the codes and v₀ … vₙ are their weights, Σ
    /// code·v = h·v₀ + Σ rₜ·h·(vₜ₊₁ − vₜ).
    /// </summary>
    private static (float[] Weights, float[] Biases) OfRamps(float[] weights, float[] biases, PiecewiseLinearEncoding encoding)
    {
        const float Height = (float)PiecewiseLinearEncoding.Height;
        int units = biases.Length;
        var rows = new List<float[]>([.. weights.Take(encoding.Columns * units).Chunk(units)]);
        var allBiases = (float[])biases.Clone();
        float[][] ofCodes = [.. weights.Skip(encoding.Columns * units).Chunk(units)];
        for (int c = 0, code = 0; c < encoding.Columns; code += encoding.EdgesOf(c++).Length)
        {
            for (int t = 0; t < encoding.EdgesOf(c).Length - 1; t++)
            {
                rows.Add([.. ofCodes[code + t + 1].Zip(ofCodes[code + t], (upper, lower) => Height * (upper - lower))]);
            }

            for (int o = 0; o < units && !encoding.EdgesOf(c).IsEmpty; o++)
            {
                allBiases[o] += Height * ofCodes[code][o];
            }
        }

        return ([.. rows.SelectMany(row => row)], allBiases);
    }

    private double Scale(double value, int input) => network.InputScaling is { } scaling
        ? (value - scaling.Offsets[input]) * scaling.Scales[input]
        : value;

    private string Row(ReadOnlySpan<double> values, bool inverse = false) =>
        graph.Constant(Array.ConvertAll(values.ToArray(), value => (float)(inverse ? 1 / value : value)), values.Length);
}

/// <summary>Writes networks that predict together as ONNX nodes; a single network writes itself.</summary>
internal static class OnnxEnsemble
{
    /// <summary>Writes the weighted mean of the predictions.</summary>
    public static void Predict(OnnxGraph graph, NetworkEnsemble<float> ensemble, string features, string output)
    {
        if (ensemble.Networks is [var alone])
        {
            new OnnxNetwork(graph, alone).Predict(features, output);
            return;
        }

        Sum(graph, ensemble, ensemble.Networks.Select(network => new OnnxNetwork(graph, network).Predict(features)), output);
    }

    /// <summary>Writes the log-odds of the mean probability, as models compute them: ln(Σ wₖ σ(uₖ) / Σ wₖ σ(−uₖ)).</summary>
    public static string LogOdds(OnnxGraph graph, NetworkEnsemble<float> ensemble, string features, string output)
    {
        if (ensemble.Networks is [var alone])
        {
            return new OnnxNetwork(graph, alone).LogOdds(features, output);
        }

        string[] u = [.. ensemble.Networks.Select(network => new OnnxNetwork(graph, network).LogOdds(features))];
        string yes = Sum(graph, ensemble, u.Select(score => Logistic(graph, graph.Node("Neg", [score]))));
        string no = Sum(graph, ensemble, u.Select(score => Logistic(graph, score)));
        return graph.Node("Log", [graph.Node("Div", [yes, no])], output);
    }

    /// <summary>
    /// Writes the mean over the networks of their class probabilities, each divided by their sum: the softmax of ln σ(u) = −ln(1 + e^(−u)).
    /// </summary>
    public static void SharesOfClasses(OnnxGraph graph, NetworkEnsemble<float> ensemble, string features, string output)
    {
        string Shares(Network<float> network)
        {
            string negative = graph.Node("Neg", [new OnnxNetwork(graph, network).LogOdds(features)]);
            string logarithm = graph.Node("Neg", [graph.Node("Softplus", [negative])]);
            return graph.Node("Softmax", [logarithm], null, new OnnxAttribute("axis", 1));
        }

        Sum(graph, ensemble, ensemble.Networks.Select(Shares), output);
    }

    /// <summary>Σ wₖ aₖ.</summary>
    private static string Sum(OnnxGraph graph, NetworkEnsemble<float> ensemble, IEnumerable<string> terms, string? output = null) =>
        graph.Node("Sum", [.. terms.Zip(ensemble.Weights, (a, weight) => graph.Node("Mul", [a, graph.Constant(weight)]))], output);

    /// <summary>
    /// 1 / (1 + e^z): the logarithm needs small values with a small relative error, but the Sigmoid of a runtime may bound only the
    /// absolute error.
    /// </summary>
    private static string Logistic(OnnxGraph graph, string z) =>
        graph.Node("Div", [graph.Constant(1), graph.Node("Add", [graph.Constant(1), graph.Node("Exp", [z])])]);
}

/// <summary>Writes the replacement of missing features as ONNX nodes.</summary>
internal static class OnnxImputation
{
    /// <summary>Writes means where features are missing and, after the features, the indicators of what is missing.</summary>
    public static string Write(OnnxGraph graph, MeanImputation imputation, string features)
    {
        string missing = graph.Node("IsNaN", [features]);
        string filled = graph.Node("Where", [missing, graph.Constant([.. imputation.Means], 1, imputation.Features), features]);
        if (imputation.IndicatedFeatures.Count == 0)
        {
            return filled;
        }

        string flags = graph.Node("Cast", [missing], null, new OnnxAttribute("to", OnnxGraph.Float));
        string columns = graph.Constant([.. imputation.IndicatedFeatures.Select(c => (long)c)], imputation.IndicatedFeatures.Count);
        string indicators = graph.Node("Gather", [flags, columns], null, new OnnxAttribute("axis", 1));
        return graph.Node("Concat", [filled, indicators], null, new OnnxAttribute("axis", 1));
    }
}

/// <summary>
/// Writes the activation of a layer: as one operator if operator set 9 has it, otherwise as a combination of operators.
/// </summary>
internal sealed class OnnxActivation(OnnxGraph graph, Layer<float> layer)
{
    public string Write(string z)
    {
        IReadOnlyList<double> parameters = layer.Activation.Parameters;
        return layer.Activation.Name switch
        {
            "linear" => z,
            "tanh" => graph.Node("Tanh", [z]),
            "relu" => graph.Node("Relu", [z]),
            "softplus" => graph.Node("Softplus", [z]),
            "exponential" => graph.Node("Exp", [z]),
            "selu" => graph.Node("Selu", [z]),
            "softmax" => graph.Node("Softmax", [z], null, new OnnxAttribute("axis", 1)),
            "leaky-relu" => graph.Node("LeakyRelu", [z], null, new OnnxAttribute("alpha", null, (float)parameters[0])),
            "elu" => graph.Node("Elu", [z], null, new OnnxAttribute("alpha", null, (float)parameters[0])),
            "prelu" => graph.Node("PRelu", [z, graph.Constant(layer.Slopes.ToArray(), layer.Outputs)]),
            "logistic" => Logistic(z, parameters),
            "silu" => graph.Node("Mul", [z, graph.Node("Sigmoid", [z])]),
            "mish" => graph.Node("Mul", [z, graph.Node("Tanh", [graph.Node("Softplus", [z])])]),
            "gelu" => Gelu(z),
            "hard-limit" => HardLimit(z),
            "cumulative-softplus" => CumulativeSoftplus(z),
            _ => throw new NotSupportedException($"The activation {layer.Activation} has no form in ONNX."),
        };
    }

    /// <summary>A / (1 + e^(−z/B)).</summary>
    private string Logistic(string z, IReadOnlyList<double> parameters)
    {
        if (parameters is not [double amplitude, double steepness])
        {
            return graph.Node("Sigmoid", [z]);
        }

        string share = graph.Node("Sigmoid", [graph.Node("Div", [z, graph.Constant(steepness)])]);
        return graph.Node("Mul", [share, graph.Constant(amplitude)]);
    }

    /// <summary>z / (1 + e^(−2u)) with u = √(2/π)(z + 0.044715 z³): the tanh form that the engine computes.</summary>
    private string Gelu(string z)
    {
        string cube = graph.Node("Mul", [z, graph.Node("Mul", [z, z])]);
        string sum = graph.Node("Add", [z, graph.Node("Mul", [cube, graph.Constant(0.044715)])]);
        string twiceU = graph.Node("Mul", [sum, graph.Constant(2 * Math.Sqrt(2 / Math.PI))]);
        return graph.Node("Mul", [z, graph.Node("Sigmoid", [twiceU])]);
    }

    /// <summary>1 where z ≥ 0: written as not z &lt; 0, because operator set 9 has no ≥.</summary>
    private string HardLimit(string z)
    {
        string below = graph.Node("Less", [z, graph.Constant(0)]);
        return graph.Node("Cast", [graph.Node("Not", [below])], null, new OnnxAttribute("to", OnnxGraph.Float));
    }

    /// <summary>
    /// The running sum over the units of z for the first unit and softplus(z) for the others: a product with a triangular matrix.
    /// </summary>
    private string CumulativeSoftplus(string z)
    {
        int units = layer.Outputs;
        var first = new float[units];
        var others = new float[units];
        var upTo = new float[units * units];
        for (int row = 0; row < units; row++)
        {
            first[row] = row == 0 ? 1 : 0;
            others[row] = 1 - first[row];
            upTo.AsSpan((row * units) + row, units - row).Fill(1);
        }

        string start = graph.Node("Mul", [z, graph.Constant(first, 1, units)]);
        string steps = graph.Node("Mul", [graph.Node("Softplus", [z]), graph.Constant(others, 1, units)]);
        return graph.Node("MatMul", [graph.Node("Add", [start, steps]), graph.Constant(upTo, units, units)]);
    }
}
