using System.Numerics;

namespace BpTrainer.Tests;

/// <summary>A layer given by its numbers: weights inputs × outputs, and a bias for each output.</summary>
internal sealed record GivenLayer(Activation Activation, double[,] Weights, double[] Biases);

/// <summary>Networks that tests begin with.</summary>
internal static class Networks
{
    /// <summary>A network with given weights and biases.</summary>
    public static Network<double> Of(BiasKind bias, params GivenLayer[] layers)
    {
        var builder = new NetworkBuilder(layers[0].Weights.GetLength(0));
        foreach (GivenLayer layer in layers)
        {
            builder.Add(new LayerSpec(layer.Biases.Length, layer.Activation) { Bias = bias });
        }

        Network<double> network = builder.Build<double>();
        for (int k = 0; k < layers.Length; k++)
        {
            for (int o = 0; o < layers[k].Biases.Length; o++)
            {
                network.Layers[k].SetBias(o, layers[k].Biases[o]);
                for (int i = 0; i < layers[k].Weights.GetLength(0); i++)
                {
                    network.Layers[k].SetWeight(i, o, layers[k].Weights[i, o]);
                }
            }
        }

        return network;
    }

    /// <summary>a = w·x: one linear unit with one input and no bias. With x = 1 and half squared error, ∂E/∂w = w − y.</summary>
    public static Network<double> OneWeight(double weight = 0) =>
        Of(BiasKind.Frozen, new GivenLayer(Activation.Linear, new[,] { { weight } }, [0]));

    /// <summary>The weight of <see cref="OneWeight"/>.</summary>
    public static double Weight(this Network<double> network) => network.Layers[0].GetWeight(0, 0);

    /// <summary>Random weights, and random biases as well, so that a lost bias shows.</summary>
    public static Network<T> Random<T>(int seed, int inputs, params LayerSpec[] layers) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var builder = new NetworkBuilder(inputs);
        foreach (LayerSpec layer in layers)
        {
            builder.Add(layer);
        }

        Network<T> network = builder.Build<T>(seed);
        var random = new Random(seed);
        foreach (Layer<T> layer in network.Layers)
        {
            for (int o = 0; o < layer.Outputs; o++)
            {
                layer.SetBias(o, T.CreateChecked(random.NextDouble() - 0.5));
            }
        }

        return network;
    }

    /// <summary>All parameters of a network, bit for bit, and its shape.</summary>
    public static byte[] ToBytes<T>(this Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }

    /// <summary>The predictions of a block of rows.</summary>
    public static T[] Predict<T>(this Network<T> network, ReadOnlySpan<T> inputs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = inputs.Length / network.Inputs;
        var outputs = new T[rows * network.Outputs];
        network.Predict(inputs, outputs, rows);
        return outputs;
    }
}
