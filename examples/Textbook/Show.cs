using System.Globalization;

namespace BpTrainer.Examples.Textbook;

/// <summary>Prints the numbers of the pages.</summary>
internal static class Show
{
    /// <summary>Prints a line with a name and numbers.</summary>
    public static void Numbers(TextWriter to, string name, params IEnumerable<double> numbers) =>
        to.WriteLine(
            $"{name,-22}{string.Concat(numbers.Select(number => number.ToString("F12", CultureInfo.InvariantCulture).PadLeft(18)))}");

    /// <summary>Prints every number of back-propagation for one sample, and the weights after an update.</summary>
    public static void Pass(TextWriter to, WorkedNetwork example)
    {
        Inspection<double> pass = example.Build().Inspect(example.Sample, WorkedNetwork.Loss);
        LayerInspection<double> hidden = pass.Layers[0], output = pass.Layers[1];
        Numbers(to, "net hidden", hidden.NetInputs.Cast<double>());
        Numbers(to, "out hidden", hidden.Outputs.Cast<double>());
        Numbers(to, "net output", output.NetInputs.Cast<double>());
        Numbers(to, "out output", output.Outputs.Cast<double>());
        Numbers(to, "E", pass.Loss);
        Numbers(to, "δ output", output.ErrorTerms.Cast<double>());
        Numbers(to, "δ hidden", hidden.ErrorTerms.Cast<double>());
        Matrix(to, "∂E/∂V", output.WeightGradients);
        Matrix(to, "∂E/∂W", hidden.WeightGradients);

        Network<double> after = example.After(updates: 1);
        Matrix(to, "V after an update", WeightsOf(after.Layers[1]));
        Matrix(to, "W after an update", WeightsOf(after.Layers[0]));
        Numbers(to, "E after an update", after.Evaluate(example.Sample, WorkedNetwork.Loss));
    }

    /// <summary>Returns the outputs of a network for one sample.</summary>
    public static double[] OutputsOf(this Network<double> network, ReadOnlySpan<double> input)
    {
        var outputs = new double[network.Outputs];
        network.Predict(input, outputs);
        return outputs;
    }

    private static void Matrix(TextWriter to, string name, double[,] matrix)
    {
        for (int row = 0; row < matrix.GetLength(0); row++)
        {
            Numbers(to, row == 0 ? name : "", Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column]));
        }
    }

    private static double[,] WeightsOf(Layer<double> layer)
    {
        var weights = new double[layer.Inputs, layer.Outputs];
        for (int i = 0; i < layer.Inputs; i++)
        {
            for (int o = 0; o < layer.Outputs; o++)
            {
                weights[i, o] = layer.GetWeight(i, o);
            }
        }

        return weights;
    }
}
