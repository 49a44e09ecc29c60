namespace BpTrainer.ML;

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
