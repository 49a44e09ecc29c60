using System.Text.Json;
using BpTrainer.Files;

namespace BpTrainer.Networks;

/// <summary>
/// Writes a network as JSON, for people and other programs; it is not read back. <see cref="JsonNumber"/> describes the numbers.
/// <code>
/// {
///   "format": "BpTrainer network", "version": 1, "number": "float" or "double",
///   "inputs": 2, "outputs": 1, "parameters": 9,
///   "inputScaling": null or { "offsets": [..], "scales": [..] },      x ← (x − offset) · scale; with limits
///                                                                     also "lowest" and "highest", to which x is limited first
///   "inputEncoding": null or [ [ edges of the bins of input 0 ], .. ],  a code for each edge: 0.35 there, falling to 0 at the next edges
///   "layers": [
///     {
///       "inputs": 2, "units": 2, "activation": "tanh", "bias": "PerUnit", "Shared" or "Frozen",
///       "weights": [ [ of input 0 to each unit ], [ of input 1 ] ],  inputs × units; in the first layer, those of the codes come last
///       "biases": [ of each unit ],
///       "slopes": [ of each unit ]                                    only for prelu
///     }, ..
///   ],
///   "outputScaling": null or { "offsets": [..], "scales": [..] }      y ← y / scale + offset
/// }
/// </code>
/// </summary>
internal static class NetworkJson
{
    private const int Version = 1;

    private static readonly JsonWriterOptions s_indented = new() { Indented = true };

    public static void Write<T>(Network<T> network, Stream stream) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new Utf8JsonWriter(stream, s_indented);
        writer.WriteStartObject();
        writer.WriteString("format", "BpTrainer network");
        writer.WriteNumber("version", Version);
        writer.WriteString("number", typeof(T) == typeof(float) ? "float" : "double");
        writer.WriteNumber("inputs", network.Inputs);
        writer.WriteNumber("outputs", network.Outputs);
        writer.WriteNumber("parameters", network.ParameterCount);
        WriteScaling(writer, "inputScaling", network.InputScaling);
        WriteEncoding(writer, network.InputEncoding);
        writer.WriteStartArray("layers");
        foreach (Layer<T> layer in network.Layers)
        {
            WriteLayer(writer, layer);
        }

        writer.WriteEndArray();
        WriteScaling(writer, "outputScaling", network.OutputScaling);
        writer.WriteEndObject();
    }

    private static void WriteLayer<T>(Utf8JsonWriter writer, Layer<T> layer) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        writer.WriteStartObject();
        writer.WriteNumber("inputs", layer.Inputs);
        writer.WriteNumber("units", layer.Outputs);
        writer.WriteString("activation", layer.Activation.ToString());
        writer.WriteString("bias", layer.Bias.ToString());
        writer.WriteStartArray("weights");
        for (int i = 0; i < layer.Inputs; i++)
        {
            WriteNumbers<T>(writer, null, [.. Enumerable.Range(0, layer.Outputs).Select(o => layer.GetWeight(i, o))]);
        }

        writer.WriteEndArray();
        WriteNumbers(writer, "biases", layer.Biases);
        if (layer.HasSlopes)
        {
            WriteNumbers(writer, "slopes", layer.Slopes);
        }

        writer.WriteEndObject();
    }

    private static void WriteScaling(Utf8JsonWriter writer, string name, ColumnScaling? scaling)
    {
        if (scaling is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        WriteNumbers(writer, "offsets", scaling.Offsets);
        WriteNumbers(writer, "scales", scaling.Scales);
        if (scaling.HasLimits)
        {
            WriteNumbers(writer, "lowest", scaling.Lowest);
            WriteNumbers(writer, "highest", scaling.Highest);
        }

        writer.WriteEndObject();
    }

    private static void WriteEncoding(Utf8JsonWriter writer, PiecewiseLinearEncoding? encoding)
    {
        if (encoding is null)
        {
            writer.WriteNull("inputEncoding");
            return;
        }

        writer.WriteStartArray("inputEncoding");
        for (int c = 0; c < encoding.Columns; c++)
        {
            WriteNumbers(writer, null, encoding.EdgesOf(c));
        }

        writer.WriteEndArray();
    }

    private static void WriteNumbers<T>(Utf8JsonWriter writer, string? name, ReadOnlySpan<T> numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (name is not null)
        {
            writer.WritePropertyName(name);
        }

        writer.WriteStartArray();
        foreach (T number in numbers)
        {
            JsonNumber.Write(writer, number);
        }

        writer.WriteEndArray();
    }
}
