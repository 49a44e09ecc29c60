using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace BpTrainer.Serialization;

/// <summary>Writes and reads the body that <see cref="NetworkFile"/> describes.</summary>
internal static unsafe class NetworkBody
{
    /// <summary>More numbers than any file has, and so few that a count up to here never overflows.</summary>
    private const long TooMany = long.MaxValue / 1024;

    public static void Write<T>(Network<T> network, BinaryWriter writer) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        writer.Write((byte)sizeof(T));
        writer.Write(network.Inputs);
        writer.Write(network.Layers.Count);
        foreach (Layer<T> layer in network.Layers)
        {
            writer.Write(layer.Outputs);
            WriteText(writer, layer.Activation.ToString());
            writer.Write((byte)layer.Bias);
        }

        WriteScaling(network.InputScaling, writer);
        WriteScaling(network.OutputScaling, writer);
        foreach (Layer<T> layer in network.Layers)
        {
            for (int i = 0; i < layer.Inputs; i++)
            {
                for (int o = 0; o < layer.Outputs; o++)
                {
                    WriteNumber(writer, layer.GetWeight(i, o));
                }
            }

            for (int o = 0; o < layer.Outputs; o++)
            {
                WriteNumber(writer, layer.GetBias(o));
            }

            for (int o = 0; o < layer.Outputs && layer.HasSlopes; o++)
            {
                WriteNumber(writer, layer.GetSlope(o));
            }
        }
    }

    public static Network<T> Read<T>(BinaryReader reader) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = reader.ReadByte();
        if (size != sizeof(T))
        {
            throw new InvalidDataException($"The network has numbers of {size} bytes, but {typeof(T).Name} has {sizeof(T)}.");
        }

        int inputs = ReadCount(reader, "inputs");
        int layers = ReadCount(reader, "layers");
        var specs = new List<LayerSpec>();
        long numbers = 0;
        int width = inputs;
        for (int k = 0; k < layers; k++)
        {
            LayerSpec spec = ReadLayer(reader);
            specs.Add(spec);
            numbers = Math.Min(numbers + ((width + (spec.Activation.InitialSlope is null ? 1L : 2L)) * spec.Units), TooMany);
            width = spec.Units;
        }

        ColumnScaling? inputScaling = ReadScaling(reader, inputs);
        ColumnScaling? outputScaling = ReadScaling(reader, width);
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        if (left != numbers * sizeof(T))
        {
            throw new InvalidDataException($"The network should have {numbers} weights, biases and slopes in {numbers * sizeof(T)} bytes, but {left} bytes follow.");
        }

        var network = new Network<T>(inputs, specs, inputScaling, outputScaling);
        foreach (Layer<T> layer in network.Layers)
        {
            for (int i = 0; i < layer.Inputs; i++)
            {
                for (int o = 0; o < layer.Outputs; o++)
                {
                    layer.SetWeight(i, o, ReadNumber<T>(reader));
                }
            }

            for (int o = 0; o < layer.Outputs; o++)
            {
                layer.SetBias(o, ReadNumber<T>(reader));
            }

            for (int o = 0; o < layer.Outputs && layer.HasSlopes; o++)
            {
                layer.SetSlope(o, ReadNumber<T>(reader));
            }
        }

        return network;
    }

    private static LayerSpec ReadLayer(BinaryReader reader)
    {
        int units = ReadCount(reader, "units");
        string activation = ReadText(reader);
        var bias = (BiasKind)reader.ReadByte();
        if (!Enum.IsDefined(bias))
        {
            throw new InvalidDataException($"The network has a layer with the unknown kind of bias {(byte)bias}.");
        }

        try
        {
            return new LayerSpec(units, Activation.Parse(activation)) { Bias = bias };
        }
        catch (FormatException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    private static void WriteScaling(ColumnScaling? scaling, BinaryWriter writer)
    {
        writer.Write((byte)(scaling is null ? 0 : 1));
        for (int c = 0; c < (scaling?.Columns ?? 0); c++)
        {
            writer.Write(scaling!.Offsets[c]);
            writer.Write(scaling.Scales[c]);
        }
    }

    private static ColumnScaling? ReadScaling(BinaryReader reader, int columns)
    {
        if (reader.ReadByte() == 0)
        {
            return null;
        }

        if (reader.BaseStream.Length - reader.BaseStream.Position < columns * 2L * sizeof(double))
        {
            throw new EndOfStreamException();
        }

        var offsets = new double[columns];
        var scales = new double[columns];
        for (int c = 0; c < columns; c++)
        {
            offsets[c] = reader.ReadDouble();
            scales[c] = reader.ReadDouble();
        }

        try
        {
            return new ColumnScaling(offsets, scales);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"The network has a scaling that cannot be used. {error.Message}", error);
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ushort)bytes.Length);
        writer.Write(bytes);
    }

    private static string ReadText(BinaryReader reader)
    {
        byte[] bytes = new byte[reader.ReadUInt16()];
        reader.BaseStream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static int ReadCount(BinaryReader reader, string what)
    {
        int count = reader.ReadInt32();
        return count >= 1 ? count : throw new InvalidDataException($"The network has {count} {what}, but must have 1 or more.");
    }

    private static void WriteNumber<T>(BinaryWriter writer, T value) where T : unmanaged =>
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    private static T ReadNumber<T>(BinaryReader reader) where T : unmanaged
    {
        T value = default;
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }
}
