namespace BpTrainer.ML;

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
