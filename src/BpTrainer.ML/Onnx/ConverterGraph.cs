using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace BpTrainer.ML;

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
