using BpTrainer.ML.Models;
using BpTrainer.ML.Training;

namespace BpTrainer.ML;

/// <summary>A model whose predictions are vectors with the slots of the label.</summary>
public abstract class BackPropagationVectorModelParameters : BackPropagationModelParameters<VBuffer<float>>,
    IPredictorProducing<float>, ISchemaBindableMapper // ML.NET's regression transformer loads only models that claim to produce a float.
{
    private protected BackPropagationVectorModelParameters(IHostEnvironment env, VersionInfo version, TrainedNetwork trained)
        : base(env, version, trained)
    {
    }

    /// <summary>The names of the outputs: the slot names of the label, or the quantiles, such as q0.05; empty if they have none.</summary>
    public IReadOnlyList<string> SlotNames => Trained.SlotNames;

    /// <summary>The columns of the predictions with the types of their slots, and what ML.NET calls their kind.</summary>
    internal abstract (string Kind, (string Name, PrimitiveDataViewType Type)[] Columns) PredictedColumns { get; }

    ISchemaBoundMapper ISchemaBindableMapper.Bind(IHostEnvironment env, RoleMappedSchema schema) =>
        ((ISchemaBindableMapper)new VectorColumns(this)).Bind(env, schema);
}
