namespace BpTrainer.Networks;

/// <summary>Writes a summary of a network, with one line for each layer.</summary>
internal static class NetworkSummary
{
    public static unsafe string Write<T>(LayerLayout[] layouts, ColumnScaling? inputScaling, ColumnScaling? outputScaling)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IEnumerable<string> layers = layouts.Select((layout, k) =>
            $"layer {k + 1}: {layout.Outputs} {layout.Spec.Activation}, "
            + $"{Count((long)layout.Inputs * layout.Outputs, "weight", "weights")}, {Biases(layout)}"
            + (layout.HasSlopes ? $", {Count(layout.Outputs, "slope", "slopes")}" : ""));
        string bytes = MemorySize.Text((long)layouts[^1].End * sizeof(T));
        return string.Join('\n', (IEnumerable<string>)
        [
            Count(layouts[0].DenseInputs, "input", "inputs") + (inputScaling is null ? "" : ", scaled")
                + (layouts[0].Codes == 0 ? "" : $", {layouts[0].CodeColumns.Length} of them encoded by {layouts[0].Codes} codes"),
            .. layers,
            Count(layouts[^1].Outputs, "output", "outputs") + (outputScaling is null ? "" : ", scaled back"),
            $"{Count(layouts.Sum(layout => layout.ParameterCount), "parameter", "parameters")} in {bytes}",
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
