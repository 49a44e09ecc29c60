using System.Numerics;

namespace BpTrainer.Tests;

/// <summary>One weight, bias or learned slope of a network, by its place; a bias has the input −1, a slope −2.</summary>
internal readonly record struct Parameter(int Layer, int Input, int Output)
{
    private const int Bias = -1, Slope = -2;

    /// <summary>Every parameter of a network that training changes; a shared bias once.</summary>
    public static IEnumerable<Parameter> Trained<T>(Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        All(network).Where(p => p.Input != Bias || network.Layers[p.Layer].Bias switch
        {
            BiasKind.Frozen => false,
            BiasKind.Shared => p.Output == 0,
            _ => true,
        });

    /// <summary>Every weight, every unit's bias and its slope.</summary>
    public static IEnumerable<Parameter> All<T>(Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < network.Layers.Count; k++)
        {
            for (int o = 0; o < network.Layers[k].Outputs; o++)
            {
                for (int i = network.Layers[k].HasSlopes ? Slope : Bias; i < network.Layers[k].Inputs; i++)
                {
                    yield return new Parameter(k, i, o);
                }
            }
        }
    }

    public double Get<T>(Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Layer<T> layer = network.Layers[Layer];
        return double.CreateChecked(Input switch
        {
            Bias => layer.GetBias(Output),
            Slope => layer.GetSlope(Output),
            _ => layer.GetWeight(Input, Output),
        });
    }

    public void Set<T>(Network<T> network, double value) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Layer<T> layer = network.Layers[Layer];
        if (Input == Bias)
        {
            layer.SetBias(Output, T.CreateChecked(value));
        }
        else if (Input == Slope)
        {
            layer.SetSlope(Output, T.CreateChecked(value));
        }
        else
        {
            layer.SetWeight(Input, Output, T.CreateChecked(value));
        }
    }

    public override string ToString() =>
        Input < 0 ? $"{(Input == Bias ? "bias" : "slope")} {Output} of layer {Layer}" : $"weight {Input}→{Output} of layer {Layer}";
}
