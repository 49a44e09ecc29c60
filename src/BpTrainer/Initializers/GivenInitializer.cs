using BpTrainer.Numbers;

namespace BpTrainer.Initializers;

/// <summary>The weights, and the biases if there are any, that the user gave.</summary>
internal sealed record GivenInitializer : Initializer
{
    private readonly double[,] _weights;
    private readonly double[]? _biases;

    public GivenInitializer(double[,] weights, double[]? biases)
    {
        for (int i = 0; i < weights.GetLength(0); i++)
        {
            for (int o = 0; o < weights.GetLength(1); o++)
            {
                CheckWeight(weights[i, o], i, o);
            }
        }

        for (int o = 0; o < (biases?.Length ?? 0); o++)
        {
            if (!double.IsFinite(biases![o]))
            {
                throw new ArgumentException(FormattableString.Invariant($"The bias of output {o} is {biases[o]}, but must be finite."), nameof(biases));
            }
        }

        _weights = weights;
        _biases = biases;
    }

    /// <summary>Returns a weight that is finite.</summary>
    public static double CheckWeight(double weight, int input, int output) => double.IsFinite(weight)
        ? weight
        : throw new ArgumentException(FormattableString.Invariant($"The weight from input {input} to output {output} is {weight}, but must be finite."));

    internal override void Fill<T>(Layer<T> layer, RandomStream random)
    {
        if (_weights.GetLength(0) != layer.Inputs || _weights.GetLength(1) != layer.Outputs)
        {
            throw new ArgumentException(
                $"The initial weights are {_weights.GetLength(0)} × {_weights.GetLength(1)}, but the layer has {layer.Inputs} inputs × {layer.Outputs} outputs.");
        }

        if (_biases is not null && _biases.Length != layer.Outputs)
        {
            throw new ArgumentException($"There are {_biases.Length} initial biases, but the layer has {layer.Outputs} outputs.");
        }

        if (_biases is not null && layer.Bias == BiasKind.Shared && Array.Exists(_biases, bias => bias != _biases[0]))
        {
            throw new ArgumentException("The initial biases differ, but the outputs of the layer share one bias.");
        }

        for (int o = 0; o < layer.Outputs; o++)
        {
            for (int i = 0; i < layer.Inputs; i++)
            {
                layer.SetWeight(i, o, T.CreateChecked(_weights[i, o]));
            }

            if (_biases is not null)
            {
                layer.SetBias(o, T.CreateChecked(_biases[o]));
            }
        }
    }
}
