namespace BpTrainer.ML;

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
