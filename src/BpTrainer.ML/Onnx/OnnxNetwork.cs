using BpTrainer.ML.Training;

namespace BpTrainer.ML.Onnx;

/// <summary>Writes a network as ONNX nodes: input scaling, a Gemm and an activation a layer, output scaling.</summary>
internal sealed class OnnxNetwork(OnnxGraph graph, Network<float> network)
{
    /// <summary>
    /// Writes the network up to the net inputs of its last layer. Inputs and outputs are names of variables; a null output is a new one.
    /// </summary>
    public string NetInput(string features, string? output = null)
    {
        string a = ScaleInputs(features);
        foreach (Layer<float> layer in network.Layers)
        {
            bool isLast = layer == network.Layers[^1];
            string z = graph.Node(
                "Gemm", [a, Weights(layer), graph.Constant(layer.Biases.ToArray(), layer.Outputs)], isLast ? output : null);
            a = isLast ? z : new OnnxActivation(graph, layer).Write(z);
        }

        return a;
    }

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

    private string Weights(Layer<float> layer)
    {
        var weights = new float[layer.Inputs * layer.Outputs];
        layer.CopyWeightsTo(weights);
        return graph.Constant(weights, layer.Inputs, layer.Outputs);
    }

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

    /// <summary>Writes the log-odds of the mean probability, as models compute them: ln(Σ wₖ σ(zₖ) / Σ wₖ σ(−zₖ)).</summary>
    public static string LogOdds(OnnxGraph graph, NetworkEnsemble<float> ensemble, string features, string output)
    {
        if (ensemble.Networks is [var alone])
        {
            return new OnnxNetwork(graph, alone).NetInput(features, output);
        }

        string[] z = [.. ensemble.Networks.Select(network => new OnnxNetwork(graph, network).NetInput(features))];
        string yes = Sum(graph, ensemble, z.Select(score => Logistic(graph, graph.Node("Neg", [score]))));
        string no = Sum(graph, ensemble, z.Select(score => Logistic(graph, score)));
        return graph.Node("Log", [graph.Node("Div", [yes, no])], output);
    }

    /// <summary>Σ wₖ aₖ.</summary>
    private static string Sum(OnnxGraph graph, NetworkEnsemble<float> ensemble, IEnumerable<string> terms, string? output = null) =>
        graph.Node("Sum", [.. terms.Zip(ensemble.Weights, (a, weight) => graph.Node("Mul", [a, graph.Constant(weight)]))], output);

    /// <summary>
    /// 1 / (1 + e^z): the logarithm needs small values with all their digits, but a runtime's Sigmoid may keep an absolute error only.
    /// </summary>
    private static string Logistic(OnnxGraph graph, string z) =>
        graph.Node("Div", [graph.Constant(1), graph.Node("Add", [graph.Constant(1), graph.Node("Exp", [z])])]);
}

/// <summary>Writes what stands for missing features as ONNX nodes.</summary>
internal static class OnnxImputation
{
    /// <summary>Writes means where features are missing, and behind the features what tells where.</summary>
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
/// Writes the activation of a layer, as one operator where operator set 9 has it, else put together from those that it has.
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

    /// <summary>z / (1 + e^(−2u)) with u = √(2/π)(z + 0.044715 z³), which is the tanh form that the engine computes.</summary>
    private string Gelu(string z)
    {
        string cube = graph.Node("Mul", [z, graph.Node("Mul", [z, z])]);
        string sum = graph.Node("Add", [z, graph.Node("Mul", [cube, graph.Constant(0.044715)])]);
        string twiceU = graph.Node("Mul", [sum, graph.Constant(2 * Math.Sqrt(2 / Math.PI))]);
        return graph.Node("Mul", [z, graph.Node("Sigmoid", [twiceU])]);
    }

    /// <summary>1 where z ≥ 0: not z &lt; 0, since operator set 9 has no ≥.</summary>
    private string HardLimit(string z)
    {
        string below = graph.Node("Less", [z, graph.Constant(0)]);
        return graph.Node("Cast", [graph.Node("Not", [below])], null, new OnnxAttribute("to", OnnxGraph.Float));
    }

    /// <summary>
    /// Sums from the first unit up to each, of z of the first and softplus(z) of the others: a product with a triangular matrix.
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
