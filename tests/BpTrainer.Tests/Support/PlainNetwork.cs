namespace BpTrainer.Tests;

/// <summary>The forward pass as the formulas say it, in plain loops: z = a·W + b, a = f(z).</summary>
internal static class PlainNetwork
{
    public static double[] Predict(Network<double> network, double[] input) =>
        network.Layers.Aggregate(input, (a, layer) => Apply(layer, NetInput(layer, a)));

    private static double[] NetInput(Layer<double> layer, double[] a) =>
        [.. Enumerable.Range(0, layer.Outputs).Select(o => layer.GetBias(o) + a.Select((value, i) => value * layer.GetWeight(i, o)).Sum())];

    private static double[] Apply(Layer<double> layer, double[] z) => layer.Activation.Name switch
    {
        "softmax" => [.. z.Select(v => Math.Exp(v) / z.Sum(Math.Exp))],
        "prelu" => [.. z.Select((v, o) => v > 0 ? v : v * layer.GetSlope(o))],
        "cumulative-softplus" => [.. z.Select((_, o) => z[0] + z[1..(o + 1)].Sum(v => ActivationFormulas.Of("softplus", v).Value))],
        _ => [.. z.Select(v => ActivationFormulas.Of(layer.Activation.ToString(), v).Value)],
    };
}
