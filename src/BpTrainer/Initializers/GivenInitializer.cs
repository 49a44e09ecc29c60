namespace BpTrainer.Initializers;

/// <summary>Weights given by the user, inputs × outputs, and biases, if there are any.</summary>
internal sealed record GivenInitializer(int Inputs, int Outputs, ValueList Weights, ValueList? Biases) : Initializer
{
    public static GivenInitializer Create(double[,] weights, double[]? biases)
    {
        (int inputs, int outputs) = (weights.GetLength(0), weights.GetLength(1));
        var flat = new ValueList(weights.Cast<double>());
        for (int i = 0; i < flat.Count; i++)
        {
            Guard.Require(
                double.IsFinite(flat[i]),
                $"The weight from input {i / outputs} to output {i % outputs} is {flat[i]}, but must be finite.", nameof(weights));
        }

        return new GivenInitializer(inputs, outputs, flat, biases is null ? null : GivenBiases.Checked(biases));
    }

    internal override bool IsForOneShape => true;

    internal override void Fill<T>(Layer<T> layer, RandomStream random)
    {
        Guard.Require(
            Inputs == layer.Inputs && Outputs == layer.Outputs,
            $"The initial weights are {Inputs} × {Outputs}, but the layer has {layer.Inputs} inputs × {layer.Outputs} outputs.");

        if (Biases is not null)
        {
            GivenBiases.Check(Biases, layer.Outputs, layer.Bias);
        }

        for (int o = 0; o < Outputs; o++)
        {
            for (int i = 0; i < Inputs; i++)
            {
                layer.SetWeight(i, o, T.CreateChecked(Weights[(i * Outputs) + o]));
            }

            if (Biases is not null)
            {
                layer.SetBias(o, T.CreateChecked(Biases[o]));
            }
        }
    }
}
