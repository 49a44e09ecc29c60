using BpTrainer.ML.Models;
using BpTrainer.ML.Training;

namespace BpTrainer.ML.Onnx;

/// <summary>Writes a network as ONNX nodes: input scaling, a Gemm and an activation a layer, output scaling.</summary>
internal sealed class OnnxNetwork(OnnxGraph graph, Network<float> network)
{
    /// <summary>Writes the network up to the net inputs of its last layer.</summary>
    /// <param name="features">The variable with the features, rows × inputs.</param>
    /// <param name="output">The name of the result, or none for a new one.</param>
    /// <returns>The variable with the net inputs, rows × outputs.</returns>
    public string NetInput(string features, string? output = null)
    {
        string a = ScaleInputs(features);
        foreach (Layer<float> layer in network.Layers)
        {
            bool isLast = layer == network.Layers[^1];
            string z = graph.Node("Gemm", [a, Weights(layer), graph.Constant(layer.Biases.ToArray(), layer.Outputs)], isLast ? output : null);
            a = isLast ? z : new OnnxActivation(graph, layer).Write(z);
        }

        return a;
    }

    /// <summary>Writes the whole network.</summary>
    /// <param name="features">The variable with the features, rows × inputs.</param>
    /// <param name="output">The name of the result, or none for a new one.</param>
    /// <returns>The variable with the predictions, rows × outputs.</returns>
    public string Predict(string features, string? output = null)
    {
        string a = new OnnxActivation(graph, network.Layers[^1]).Write(NetInput(features));
        if (network.OutputScaling is not { } scaling)
        {
            return graph.Node("Identity", [a], output);
        }

        // a / scale + offset
        string spread = graph.Node("Mul", [a, Row(scaling.Scales, scale => 1 / scale)]);
        return graph.Node("Add", [spread, Row(scaling.Offsets, offset => offset)], output);
    }

    private string ScaleInputs(string features)
    {
        if (network.InputScaling is not { } scaling)
        {
            return features;
        }

        // (x within its limits − offset) · scale
        string x = scaling.HasLimits ? Limit(features, scaling) : features;
        string centred = graph.Node("Sub", [x, Row(scaling.Offsets, offset => offset)]);
        return graph.Node("Mul", [centred, Row(scaling.Scales, scale => scale)]);
    }

    private string Limit(string features, ColumnScaling scaling)
    {
        string raised = graph.Node("Max", [features, Row(scaling.Lowest, limit => limit)]);
        return graph.Node("Min", [raised, Row(scaling.Highest, limit => limit)]);
    }

    private string Weights(Layer<float> layer)
    {
        var weights = new float[layer.Inputs * layer.Outputs];
        layer.CopyWeightsTo(weights);
        return graph.Constant(weights, layer.Inputs, layer.Outputs);
    }

    private string Row(ReadOnlySpan<double> values, Func<double, double> map)
    {
        var row = new float[values.Length];
        for (int c = 0; c < row.Length; c++)
        {
            row[c] = (float)map(values[c]);
        }

        return graph.Constant(row, row.Length);
    }
}

/// <summary>Writes networks that predict together as ONNX nodes; a single network writes itself.</summary>
internal static class OnnxEnsemble
{
    /// <summary>Writes the mean of the predictions.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="networks">The networks, one or more.</param>
    /// <param name="features">The variable with the features, rows × inputs.</param>
    /// <param name="output">The name of the result, rows × outputs.</param>
    public static void Predict(OnnxGraph graph, IReadOnlyList<Network<float>> networks, string features, string output)
    {
        if (networks.Count == 1)
        {
            new OnnxNetwork(graph, networks[0]).Predict(features, output);
            return;
        }

        string sum = graph.Node("Sum", [.. networks.Select(network => new OnnxNetwork(graph, network).Predict(features))]);
        graph.Node("Mul", [sum, graph.Constant(1.0 / networks.Count)], output);
    }

    /// <summary>Writes the log-odds of the mean probability, as <see cref="MeanLogOdds"/> computes them: ln(Σ σ(zₖ) / Σ σ(−zₖ)).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="networks">The networks, one or more, each with one logistic output.</param>
    /// <param name="features">The variable with the features, rows × inputs.</param>
    /// <param name="output">The name of the result, rows × 1.</param>
    /// <returns>The same name.</returns>
    public static string LogOdds(OnnxGraph graph, IReadOnlyList<Network<float>> networks, string features, string output)
    {
        if (networks.Count == 1)
        {
            return new OnnxNetwork(graph, networks[0]).NetInput(features, output);
        }

        string[] z = [.. networks.Select(network => new OnnxNetwork(graph, network).NetInput(features))];
        string yes = graph.Node("Sum", [.. z.Select(score => Logistic(graph, graph.Node("Neg", [score])))]);
        string no = graph.Node("Sum", [.. z.Select(score => Logistic(graph, score))]);
        return graph.Node("Log", [graph.Node("Div", [yes, no])], output);
    }

    /// <summary>1 / (1 + e^z): the logarithm needs small values with all their digits, but a runtime's Sigmoid may keep an absolute error only.</summary>
    private static string Logistic(OnnxGraph graph, string z) =>
        graph.Node("Div", [graph.Constant(1), graph.Node("Add", [graph.Constant(1), graph.Node("Exp", [z])])]);
}

/// <summary>Writes what stands for missing features as ONNX nodes.</summary>
internal static class OnnxImputation
{
    /// <summary>Writes means where features are missing, and behind the features what tells where.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="imputation">What stands for missing features.</param>
    /// <param name="features">The variable with the features, rows × features.</param>
    /// <returns>The variable with the inputs of the network, rows × inputs.</returns>
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
