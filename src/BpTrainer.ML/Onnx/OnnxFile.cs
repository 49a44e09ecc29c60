using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.Model.OnnxConverter;

namespace BpTrainer.ML.Onnx;

/// <summary>
/// Writes a graph as an ONNX file. The field numbers are those of onnx.proto (github.com/onnx/onnx). Only the few messages that a network
/// needs are written; a comment names each of them.
/// </summary>
internal sealed class OnnxFile(string input, int columns) : OnnxGraph
{
    /// <summary>The version of the file format that belongs to operator set 9.</summary>
    private const int FormatVersion = 4;

    private readonly List<ByteString> _nodes = [];
    private readonly List<ByteString> _constants = [];
    private readonly List<ByteString> _outputs = [];

    public override string Constant(float[] values, params long[] shape) =>
        AddConstant(MemoryMarshal.AsBytes(values.AsSpan()), Float, shape);

    public override string Constant(long[] values, params long[] shape) =>
        AddConstant(MemoryMarshal.AsBytes(values.AsSpan()), Int64, shape);

    public override string Node(string operation, string[] inputs, string? output = null, params OnnxAttribute[] attributes)
    {
        output ??= $"value{_nodes.Count}";
        string name = $"{operation}{_nodes.Count}";
        _nodes.Add(Message(node =>
        {
            // NodeProto: input 1, output 2, name 3, op_type 4, attribute 5
            foreach (string variable in inputs)
            {
                Write(node, 1, variable);
            }

            Write(node, 2, output);
            Write(node, 3, name);
            Write(node, 4, operation);
            foreach (OnnxAttribute attribute in attributes)
            {
                Write(node, 5, Attribute(attribute));
            }
        }));
        return output;
    }

    /// <summary>Makes a variable of rows × <paramref name="width"/> values an output of the graph.</summary>
    public void AddOutput(string name, int width, int elementType = Float) => _outputs.Add(ValueInfo(name, width, elementType));

    public void Save(Stream stream)
    {
        ByteString graph = Message(message =>
        {
            // GraphProto: node 1, name 2, initializer 5, input 11, output 12
            _nodes.ForEach(node => Write(message, 1, node));
            Write(message, 2, "network");
            _constants.ForEach(constant => Write(message, 5, constant));
            Write(message, 11, ValueInfo(input, columns, Float));
            _outputs.ForEach(output => Write(message, 12, output));
        });

        // ModelProto: ir_version 1, producer_name 2, graph 7, opset_import 8; OperatorSetIdProto: domain 1, empty for ONNX's own, version 2
        Message(model =>
        {
            Write(model, 1, FormatVersion);
            Write(model, 2, "BpTrainer");
            Write(model, 7, graph);
            Write(model, 8, Message(operators => Write(operators, 2, OperatorSet)));
        }).WriteTo(stream);
    }

    private string AddConstant(ReadOnlySpan<byte> values, int elementType, long[] shape)
    {
        string name = $"constant{_constants.Count}";
        ByteString data = ByteString.CopyFrom(values);
        _constants.Add(Message(tensor =>
        {
            // TensorProto: dims 1, data_type 2, name 8, raw_data 9
            foreach (long length in shape)
            {
                Write(tensor, 1, length);
            }

            Write(tensor, 2, elementType);
            Write(tensor, 8, name);
            Write(tensor, 9, data);
        }));
        return name;
    }

    private static ByteString Attribute(OnnxAttribute attribute) => Message(message =>
    {
        // AttributeProto: name 1, f 2, i 3, type 20, which is 1 for f and 2 for i
        Write(message, 1, attribute.Name);
        if (attribute.Whole is long whole)
        {
            Write(message, 3, whole);
            Write(message, 20, 2);
        }
        else
        {
            message.WriteTag(2, WireFormat.WireType.Fixed32);
            message.WriteFloat(attribute.Real);
            Write(message, 20, 1);
        }
    });

    /// <summary>A matrix with any number of rows.</summary>
    private static ByteString ValueInfo(string name, int width, int elementType)
    {
        // TensorShapeProto: dim 1; Dimension: dim_value 1, dim_param 2
        ByteString shape = Message(message =>
        {
            Write(message, 1, Message(rows => Write(rows, 2, "rows")));
            Write(message, 1, Message(values => Write(values, 1, width)));
        });

        // ValueInfoProto: name 1, type 2; TypeProto: tensor_type 1; Tensor: elem_type 1, shape 2
        ByteString tensor = Message(message =>
        {
            Write(message, 1, elementType);
            Write(message, 2, shape);
        });
        return Message(message =>
        {
            Write(message, 1, name);
            Write(message, 2, Message(type => Write(type, 1, tensor)));
        });
    }

    private static ByteString Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        var output = new CodedOutputStream(bytes, leaveOpen: true);
        write(output);
        output.Flush();
        return ByteString.CopyFrom(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static void Write(CodedOutputStream message, int field, long value)
    {
        message.WriteTag(field, WireFormat.WireType.Varint);
        message.WriteInt64(value);
    }

    private static void Write(CodedOutputStream message, int field, string value) =>
        Write(message, field, ByteString.CopyFromUtf8(value));

    private static void Write(CodedOutputStream message, int field, ByteString value)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteBytes(value);
    }
}

/// <summary>
/// An ONNX graph that is being built: variables have names, and a node computes one variable from others. The code that writes a network
/// does not need to know whether ML.NET's converter or <see cref="OnnxFile"/> takes the nodes.
/// </summary>
internal abstract class OnnxGraph
{
    /// <summary>The operator set of the nodes: the lowest that ML.NET's converter offers, so that every later runtime supports
    /// it.</summary>
    public const int OperatorSet = 9;

    /// <summary>The number of ONNX's element type float.</summary>
    public const int Float = 1;

    /// <summary>The number of ONNX's element type int64, in which indices are written.</summary>
    public const int Int64 = 7;

    /// <summary>The number of ONNX's element type bool.</summary>
    public const int Boolean = 9;

    /// <summary>The number of ONNX's element type uint32, in which keys are written.</summary>
    public const int UInt32 = 12;

    public abstract string Constant(float[] values, params long[] shape);

    public abstract string Constant(long[] values, params long[] shape);

    public abstract string Node(string operation, string[] inputs, string? output = null, params OnnxAttribute[] attributes);

    /// <summary>A constant of one number, which fits every shape.</summary>
    public string Constant(double value) => Constant([(float)value], 1);
}

/// <summary>An attribute of a node: a whole number, or else a real one.</summary>
internal readonly record struct OnnxAttribute(string Name, long? Whole, float Real = 0);

/// <summary>The graph of ML.NET's converter, to which a model adds its nodes.</summary>
internal sealed class ConverterGraph(OnnxContext context) : OnnxGraph
{
    public override string Constant(float[] values, params long[] shape) => context.AddInitializer(values, shape, "network");

    public override string Constant(long[] values, params long[] shape) => context.AddInitializer(values, shape, "network");

    public override string Node(string operation, string[] inputs, string? output = null, params OnnxAttribute[] attributes)
    {
        output ??= context.AddIntermediateVariable(NumberDataViewType.Single, "network", skip: true);
        OnnxNode node = context.CreateNode(operation, inputs, [output], context.GetNodeName(operation), domain: "");
        foreach (OnnxAttribute attribute in attributes)
        {
            if (attribute.Whole is long whole)
            {
                node.AddAttribute(attribute.Name, whole);
            }
            else
            {
                node.AddAttribute(attribute.Name, (double)attribute.Real);
            }
        }

        return output;
    }
}
