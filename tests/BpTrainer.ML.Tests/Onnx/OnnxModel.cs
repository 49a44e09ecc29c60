using Google.Protobuf;

namespace BpTrainer.ML.Tests.Onnx;

/// <summary>
/// An ONNX file, read by the field numbers of onnx.proto and evaluated by the definitions of its operators. It shares no code with
/// what writes the file, and its numbers are double.
/// </summary>
internal sealed class OnnxModel
{
    private readonly ProtobufMessage[] _nodes;
    private readonly Dictionary<string, OnnxTensor> _constants;

    public OnnxModel(byte[] file)
    {
        // ModelProto: graph 7, opset_import 8; GraphProto: node 1, initializer 5, input 11, output 12; TensorProto: name 8
        var model = new ProtobufMessage(ByteString.CopyFrom(file));
        OperatorSets = model.Messages(8).ToDictionary(set => set.Text(1), set => set.Wholes(2)[0]);
        ProtobufMessage graph = Assert.Single(model.Messages(7));
        _nodes = graph.Messages(1);
        _constants = graph.Messages(5).ToDictionary(tensor => tensor.Text(8), OnnxTensor.Read);
        Inputs = [.. graph.Messages(11).Select(info => info.Text(1))];
        Outputs = [.. graph.Messages(12).Select(info => info.Text(1))];
    }

    public Dictionary<string, long> OperatorSets { get; }

    public string[] Inputs { get; }

    public string[] Outputs { get; }

    /// <summary>Computes every variable, the nodes in their order.</summary>
    public Dictionary<string, OnnxTensor> Run(Dictionary<string, OnnxTensor> inputs)
    {
        var values = new Dictionary<string, OnnxTensor>(_constants);
        foreach (string input in Inputs)
        {
            values.Add(input, inputs[input]);
        }

        // NodeProto: input 1, output 2, op_type 4, attribute 5
        foreach (ProtobufMessage node in _nodes)
        {
            OnnxTensor[] arguments = [.. node.Texts(1).Select(name => values[name])];
            values.Add(Assert.Single(node.Texts(2)), new OnnxOperator(node.Text(4), node.Messages(5)).Compute(arguments));
        }

        return values;
    }
}
