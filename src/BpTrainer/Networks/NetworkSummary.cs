namespace BpTrainer.Networks;

/// <summary>Writes what a network is made of, a line a layer.</summary>
internal static class NetworkSummary
{
    public static unsafe string Write<T>(Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IEnumerable<string> layers = network.Layouts.Select((layout, k) =>
            $"layer {k + 1}: {layout.Outputs} {layout.Spec.Activation}, "
            + $"{Count((long)layout.Inputs * layout.Outputs, "weight", "weights")}, {Biases(layout)}"
            + (layout.HasSlopes ? $", {Count(layout.Outputs, "slope", "slopes")}" : ""));
        string bytes = MemorySize.Text((long)network.Parameters.Length * sizeof(T));
        return string.Join('\n', (IEnumerable<string>)
        [
            Count(network.Inputs, "input", "inputs") + (network.InputScaling is null ? "" : ", scaled"),
            .. layers,
            Count(network.Outputs, "output", "outputs") + (network.OutputScaling is null ? "" : ", scaled back"),
            $"{Count(network.ParameterCount, "parameter", "parameters")} in {bytes}",
        ]);
    }

    private static string Biases(LayerLayout layout) => layout.Spec.Bias switch
    {
        BiasKind.Shared => "1 shared bias",
        BiasKind.Frozen => Count(layout.Outputs, "frozen bias", "frozen biases"),
        _ => Count(layout.Outputs, "bias", "biases"),
    };

    private static string Count(long count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
