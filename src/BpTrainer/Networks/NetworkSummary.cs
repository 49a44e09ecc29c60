using System.Globalization;
using System.Text;

namespace BpTrainer.Networks;

/// <summary>Writes what a network is made of, a line a layer.</summary>
internal static class NetworkSummary
{
    public static unsafe string Write<T>(Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var text = new StringBuilder();
        string scaled = network.InputScaling is null ? "" : ", scaled";
        text.Append(CultureInfo.InvariantCulture, $"{Count(network.Inputs, "input", "inputs")}{scaled}\n");
        for (int k = 0; k < network.Layouts.Length; k++)
        {
            LayerLayout layout = network.Layouts[k];
            string weights = Count((long)layout.Inputs * layout.Outputs, "weight", "weights");
            text.Append(
                CultureInfo.InvariantCulture, $"layer {k + 1}: {layout.Outputs} {layout.Spec.Activation}, {weights}, {Biases(layout)}");
            if (layout.HasSlopes)
            {
                text.Append(CultureInfo.InvariantCulture, $", {Count(layout.Outputs, "slope", "slopes")}");
            }

            text.Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture,
            $"{Count(network.Outputs, "output", "outputs")}{(network.OutputScaling is null ? "" : ", scaled back")}\n");
        string bytes = MemorySize.Text((long)network.Parameters.Length * sizeof(T));
        text.Append(CultureInfo.InvariantCulture, $"{Count(network.ParameterCount, "parameter", "parameters")} in {bytes}");
        return text.ToString();
    }

    private static string Biases(LayerLayout layout) => layout.Spec.Bias switch
    {
        BiasKind.Shared => "1 shared bias",
        BiasKind.Frozen => Count(layout.Outputs, "frozen bias", "frozen biases"),
        _ => Count(layout.Outputs, "bias", "biases"),
    };

    private static string Count(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
