using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace BpTrainer.ML.Onnx;

/// <summary>
/// An ONNX graph in the making: variables have names, and a node makes one variable from others. What writes a network need not know whether
/// ML.NET's converter or <see cref="OnnxFile"/> takes the nodes.
/// </summary>
internal abstract class OnnxGraph
{
    /// <summary>The operator set of the nodes: the lowest that ML.NET's converter offers, so that every later runtime knows it.</summary>
    public const int OperatorSet = 9;

    /// <summary>The number of ONNX's element type float.</summary>
    public const int Float = 1;

    /// <summary>The number of ONNX's element type int64, in which indices are written.</summary>
    public const int Int64 = 7;

    /// <summary>The number of ONNX's element type uint32, in which keys are written.</summary>
    public const int UInt32 = 12;

    /// <summary>Adds a constant.</summary>
    /// <param name="values">The numbers, row after row.</param>
    /// <param name="shape">The length of every dimension.</param>
    /// <returns>The name of the variable.</returns>
    public abstract string Constant(float[] values, params long[] shape);

    /// <inheritdoc cref="Constant(float[], long[])"/>
    public abstract string Constant(long[] values, params long[] shape);

    /// <summary>Adds a node.</summary>
    /// <param name="operation">The operator, such as Gemm.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="output">The name of its output; none for a new one.</param>
    /// <param name="attributes">The attributes of the operator.</param>
    /// <returns>The name of the output.</returns>
    public abstract string Node(string operation, string[] inputs, string? output = null, params OnnxAttribute[] attributes);

    /// <summary>A constant of one number that fits every shape.</summary>
    public string Constant(double value) => Constant([(float)value], 1);
}

/// <summary>An attribute of a node: a whole number, or else a real one.</summary>
/// <param name="Name">The name of the attribute.</param>
/// <param name="Whole">The whole number, or none.</param>
/// <param name="Real">The real number, where there is no whole one.</param>
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
