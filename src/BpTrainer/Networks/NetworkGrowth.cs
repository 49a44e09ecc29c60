namespace BpTrainer.Networks;

/// <summary>Adds units to the hidden layer of a network that has one.</summary>
internal static class NetworkGrowth
{
    /// <summary>
    /// Copies a network into one with more hidden units. The old ones keep what they have learned; the new ones come behind them, with
    /// incoming weights and biases as the layer draws them, and with outgoing weights of 0: the network predicts what it did before, and
    /// the gradients of the outgoing weights are those by which the new units can help.
    /// </summary>
    /// <remarks>Weights and biases that the user gave are those of the old units: new ones are drawn as suits the activation.</remarks>
    /// <param name="network">A network with one hidden layer.</param>
    /// <param name="units">The number of units of the new hidden layer, more than the old one has.</param>
    /// <param name="random">What the new units are drawn from.</param>
    public static Network<T> Grow<T>(Network<T> network, int units, RandomStream random) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LayerSpec hidden = network.Layouts[0].Spec, output = network.Layouts[1].Spec;
        Initializer? initializer = hidden.Initializer is { IsForOneShape: true } ? null : hidden.Initializer;
        var grown = new Network<T>(
            network.Inputs, [hidden with { Units = units, Initializer = initializer }, output],
            network.InputScaling, network.InputEncoding, network.OutputScaling);
        grown.DrawWeights(0, random);
        for (int k = 0; k < 2; k++)
        {
            Copy(network.Layers[k], grown.Layers[k]);
        }

        return grown;
    }

    /// <summary>Copies the parameters of a layer into one with as many inputs or more and as many outputs or more.</summary>
    private static void Copy<T>(Layer<T> from, Layer<T> to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int o = 0; o < from.Outputs; o++)
        {
            for (int i = 0; i < from.Inputs; i++)
            {
                to.SetWeight(i, o, from.GetWeight(i, o));
            }

            to.SetBias(o, from.GetBias(o));
            if (from.HasSlopes)
            {
                to.SetSlope(o, from.GetSlope(o));
            }
        }
    }
}
