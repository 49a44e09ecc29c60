namespace BpTrainer.Tests;

/// <summary>The forward pass as the formulas say it, in plain loops: z = a·W + b, a = f(z).</summary>
internal static class PlainNetwork
{
    public static double[] Predict(Network<double> network, double[] input) =>
        network.Layers.Aggregate(input, (a, layer) => Apply(layer.Activation, NetInput(layer, a)));

    private static double[] NetInput(Layer<double> layer, double[] a) =>
        [.. Enumerable.Range(0, layer.Outputs).Select(o => layer.GetBias(o) + a.Select((value, i) => value * layer.GetWeight(i, o)).Sum())];

    private static double[] Apply(Activation activation, double[] z) => activation.Name switch
    {
        "linear" => z,
        "logistic" => [.. z.Select(v => 1 / (1 + Math.Exp(-v)))],
        "tanh" => [.. z.Select(Math.Tanh)],
        "relu" => [.. z.Select(v => v > 0 ? v : 0)],
        "exponential" => [.. z.Select(Math.Exp)],
        "softmax" => [.. z.Select(v => Math.Exp(v) / z.Sum(Math.Exp))],
        _ => throw new ArgumentException($"No formula for {activation}.", nameof(activation)),
    };
}
