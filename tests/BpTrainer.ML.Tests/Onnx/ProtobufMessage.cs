using Google.Protobuf;

namespace BpTrainer.ML.Tests.Onnx;

/// <summary>The fields of a protobuf message by their numbers, as the wire has them: whole numbers, floats, and bytes of all else.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Number, object Value)> _fields = [];

    public ProtobufMessage(ByteString bytes)
    {
        var data = new CodedInputStream(bytes.ToByteArray());
        while (data.ReadTag() is uint tag and not 0)
        {
            _fields.Add((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => data.ReadInt64(),
                WireFormat.WireType.Fixed32 => data.ReadFloat(),
                WireFormat.WireType.Fixed64 => data.ReadDouble(),
                _ => data.ReadBytes(),
            }));
        }
    }

    public ByteString Bytes(int field) => All<ByteString>(field).LastOrDefault() ?? ByteString.Empty;

    public string Text(int field) => Bytes(field).ToStringUtf8();

    public string[] Texts(int field) => [.. All<ByteString>(field).Select(text => text.ToStringUtf8())];

    public ProtobufMessage[] Messages(int field) => [.. All<ByteString>(field).Select(bytes => new ProtobufMessage(bytes))];

    /// <summary>Repeated whole numbers, which stand alone or packed.</summary>
    public long[] Wholes(int field) => [.. All<long>(field), .. All<ByteString>(field).SelectMany(packed => Unpack(packed, data => data.ReadInt64()))];

    /// <summary>Repeated floats, which stand alone or packed.</summary>
    public float[] Reals(int field) => [.. All<float>(field), .. All<ByteString>(field).SelectMany(packed => Unpack(packed, data => data.ReadFloat()))];

    private IEnumerable<T> All<T>(int field) => _fields.Where(f => f.Number == field).Select(f => f.Value).OfType<T>();

    private static List<T> Unpack<T>(ByteString packed, Func<CodedInputStream, T> read)
    {
        var data = new CodedInputStream(packed.ToByteArray());
        var values = new List<T>();
        while (!data.IsAtEnd)
        {
            values.Add(read(data));
        }

        return values;
    }
}
