using System.Runtime.InteropServices;
using BpTrainer.Files;

namespace BpTrainer.Networks;

/// <summary>
/// The binary format of a network: a <see cref="ChecksummedBlock"/> with the magic "BPNN".
/// <code>
/// body:
///   byte     bytes of a number: 4 for float, 8 for double
///   int32    inputs
///   int32    number of layers
///   for each layer
///     int32    units
///     text     activation, as Activation.ToString returns it
///     byte     BiasKind
///   for inputs, then outputs
///     byte     2 if a scaling with limits follows, 1 for a scaling without limits, 0 for none
///     double   for a scaling: offset and scale of each column and, with limits, its lower and upper limit
///   byte       1 if an encoding of the inputs follows, 0 for none
///   for each input, only if there is an encoding
///     int32    number of edges: 0 for an input without codes
///     double   edges, ascending
///   for each layer, all finite
///     number   weights, inputs × units
///     number   biases, units
///     number   learned slopes, units; only if the activation is prelu
/// </code>
/// A text is in the format of <see cref="BinaryWriter"/>: the number of its bytes, followed by the bytes in UTF-8.
/// </summary>
internal static unsafe class NetworkFile
{
    /// <summary>The minimum number of bytes of a layer: units, length of the text, a letter, kind of bias.</summary>
    private const int LeastLayerBytes = sizeof(int) + 3;

    private static readonly ChecksummedBlock s_block = new("BPNN", "network");

    public static void Write<T>(Network<T> network, Stream stream) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!network.Parameters.IsFinite(0, network.Parameters.Length))
        {
            throw new InvalidOperationException(
                "The network has a weight, bias or slope that is not a finite number. "
                + "It is not saved, because it could not be loaded again.");
        }

        s_block.Write(stream, writer => WriteBody(network, writer));
    }

    public static Network<T> Read<T>(Stream stream) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        return s_block.Read(stream, ReadBody<T>);
    }

    private static void WriteBody<T>(Network<T> network, BinaryWriter writer) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        writer.Write((byte)sizeof(T));
        writer.Write(network.Inputs);
        writer.Write(network.Layers.Count);
        foreach (Layer<T> layer in network.Layers)
        {
            writer.Write(layer.Outputs);
            writer.Write(layer.Activation.ToString());
            writer.Write((byte)layer.Bias);
        }

        WriteScaling(network.InputScaling, writer);
        WriteScaling(network.OutputScaling, writer);
        WriteEncoding(network, writer);
        foreach (Layer<T> layer in network.Layers)
        {
            var weights = new T[layer.Inputs * layer.Outputs];
            layer.CopyWeightsTo(weights);
            writer.Write(MemoryMarshal.AsBytes(weights.AsSpan()));
            writer.Write(MemoryMarshal.AsBytes(layer.Biases));
            writer.Write(MemoryMarshal.AsBytes(layer.Slopes));
        }
    }

    private static Network<T> ReadBody<T>(BlockReader reader) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        reader.RequireNumbersOf<T>();
        int inputs = reader.Read("number of inputs", 1, int.MaxValue);
        var layers = new LayerSpec[reader.ReadCount("layers", 1, LeastLayerBytes)];
        for (int k = 0; k < layers.Length; k++)
        {
            layers[k] = ReadLayer(reader);
        }

        ColumnScaling? inputScaling = ReadScaling(reader, inputs);
        ColumnScaling? outputScaling = ReadScaling(reader, layers[^1].Units);
        PiecewiseLinearEncoding? encoding = ReadEncoding(reader, inputs);
        Int128 bytes = CountParameters((Int128)inputs + (encoding?.Codes ?? 0), layers) * sizeof(T);
        if (bytes != reader.Left)
        {
            throw reader.Damaged($"its weights, biases and slopes take {bytes} bytes, but {reader.Left} follow");
        }

        Network<T> network = reader.Make(() => new Network<T>(inputs, layers, inputScaling, encoding, outputScaling));
        foreach (Layer<T> layer in network.Layers)
        {
            ReadParameters(reader, layer);
        }

        return network;
    }

    private static LayerSpec ReadLayer(BlockReader reader)
    {
        int units = reader.Read("number of units", 1, int.MaxValue);
        string activation = reader.ReadText();
        var bias = (BiasKind)reader.Read("kind of bias", (byte)0, (byte)BiasKind.Frozen);
        return reader.Make(() => new LayerSpec(units, Activation.Parse(activation)) { Bias = bias });
    }

    /// <summary>The number of parameters of all layers, which may be more than any network can have.</summary>
    private static Int128 CountParameters(Int128 inputs, LayerSpec[] layers)
    {
        Int128 count = 0;
        foreach (LayerSpec layer in layers)
        {
            count += (inputs + (layer.Activation.InitialSlope is null ? 1 : 2)) * layer.Units;
            inputs = layer.Units;
        }

        return count;
    }

    private static void ReadParameters<T>(BlockReader reader, Layer<T> layer) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var row = new T[layer.Outputs];
        for (int i = 0; i < layer.Inputs; i++)
        {
            reader.ReadFinite<T>("weight", row);
            for (int o = 0; o < row.Length; o++)
            {
                layer.SetWeight(i, o, row[o]);
            }
        }

        reader.ReadFinite("bias", layer.StoredBiases);
        if (layer.Bias == BiasKind.Shared && layer.Biases.ContainsAnyExcept(layer.Biases[0]))
        {
            throw reader.Damaged("the units of a layer that share a bias have different biases");
        }

        if (layer.HasSlopes)
        {
            reader.ReadFinite("slope", layer.StoredSlopes);
        }
    }

    private static void WriteScaling(ColumnScaling? scaling, BinaryWriter writer)
    {
        writer.Write((byte)(scaling is null ? 0 : scaling.HasLimits ? 2 : 1));
        for (int c = 0; c < (scaling?.Columns ?? 0); c++)
        {
            writer.Write(scaling!.Offsets[c]);
            writer.Write(scaling.Scales[c]);
            if (scaling.HasLimits)
            {
                writer.Write(scaling.Lowest[c]);
                writer.Write(scaling.Highest[c]);
            }
        }
    }

    private static ColumnScaling? ReadScaling(BlockReader reader, int columns)
    {
        byte kind = reader.Read("kind of scaling", (byte)0, (byte)2);
        if (kind == 0)
        {
            return null;
        }

        bool hasLimits = kind == 2;
        if (columns > reader.Left / ((hasLimits ? 4 : 2) * sizeof(double)))
        {
            throw reader.Damaged($"a scaling of {columns} columns does not fit into the {reader.Left} bytes that are left");
        }

        var offsets = new double[columns];
        var scales = new double[columns];
        var lowest = new double[hasLimits ? columns : 0];
        var highest = new double[lowest.Length];
        for (int c = 0; c < columns; c++)
        {
            offsets[c] = reader.Read<double>();
            scales[c] = reader.Read<double>();
            if (hasLimits)
            {
                lowest[c] = reader.Read<double>();
                highest[c] = reader.Read<double>();
            }
        }

        return reader.Make(() => new ColumnScaling(offsets, scales, lowest, highest));
    }

    private static void WriteEncoding<T>(Network<T> network, BinaryWriter writer) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        writer.Write(network.InputEncoding is not null);
        for (int c = 0; c < (network.InputEncoding?.Columns ?? 0); c++)
        {
            ReadOnlySpan<double> edges = network.InputEncoding!.EdgesOf(c);
            writer.Write(edges.Length);
            writer.Write(MemoryMarshal.AsBytes(edges));
        }
    }

    private static PiecewiseLinearEncoding? ReadEncoding(BlockReader reader, int columns)
    {
        if (!reader.ReadBoolean("sign of an encoding"))
        {
            return null;
        }

        if (columns > reader.Left / sizeof(int))
        {
            throw reader.Damaged($"an encoding of {columns} columns does not fit into the {reader.Left} bytes that are left");
        }

        var edges = new double[columns][];
        for (int c = 0; c < columns; c++)
        {
            edges[c] = new double[reader.ReadCount("edges", 0, sizeof(double))];
            reader.ReadFinite<double>("edge", edges[c]);
        }

        return reader.Make(() => new PiecewiseLinearEncoding(edges));
    }
}
