namespace BpTrainer.ML.Onnx;

/// <summary>Writes the activation of a layer, as one operator where operator set 9 has it, else put together from those that it has.</summary>
internal sealed class OnnxActivation(OnnxGraph graph, Layer<float> layer)
{
    /// <param name="z">The variable with the net inputs, rows × units.</param>
    /// <returns>The variable with the outputs.</returns>
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

    /// <summary>Sums from the first unit up to each, of z of the first and softplus(z) of the others: a product with a triangular matrix.</summary>
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
