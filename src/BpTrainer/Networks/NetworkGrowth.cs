namespace BpTrainer.Networks;

/// <summary>Adds units to the hidden layer of a network with one hidden layer.</summary>
internal static class NetworkGrowth
{
    /// <summary>
    /// Copies a network into one with more hidden units. The old units keep their parameters. The new units come after them, with incoming
    /// weights and biases that are drawn as for the layer, and with outgoing weights of 0. The network therefore predicts the same as
    /// before, and the gradients of the outgoing weights show how the new units can help.
    /// </summary>
    /// <remarks>Weights and biases that the user gave are for the old units; those of new units are drawn by the default initializer of the
    /// activation.</remarks>
    /// <param name="network">A network with one hidden layer.</param>
    /// <param name="units">The number of units of the new hidden layer, more than the old one has.</param>
    /// <param name="random">The random stream that draws the new units.</param>
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

    /// <summary>Copies the parameters of a layer into a layer with at least as many inputs and outputs.</summary>
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
