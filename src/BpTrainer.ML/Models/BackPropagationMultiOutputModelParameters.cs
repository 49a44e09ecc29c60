using BpTrainer.ML;
using BpTrainer.ML.Training;
using Microsoft.ML.Model.OnnxConverter;

[assembly: LoadableClass(typeof(BackPropagationMultiOutputModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation regression model of several outputs", BackPropagationMultiOutputModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// The model of <see cref="BackPropagationMultiOutputTrainer"/>: Score is a vector with a prediction of every slot of the label, in its
/// units, or with the quantiles of the label.
/// </summary>
public sealed class BackPropagationMultiOutputModelParameters : BackPropagationModelParameters<VBuffer<float>>,
    IPredictorProducing<float>, ISchemaBindableMapper // ML.NET's regression transformer loads only what claims to produce a float.
{
    internal const string LoaderSignature = "BackPropVectorRegression";

    private static readonly VersionInfo s_version = TrainedNetwork.MakeVersionInfo("BPVECREG", LoaderSignature);

    internal BackPropagationMultiOutputModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, s_version, trained)
    {
    }

    /// <summary>The names of the outputs: the slot names of the label, or the quantiles, such as q0.05; empty if they have none.</summary>
    public IReadOnlyList<string> SlotNames => Trained.SlotNames;

    private protected override PredictionKind PredictionKind => PredictionKind.Regression;

    internal static BackPropagationMultiOutputModelParameters Create(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env, Load(env, ctx, s_version));

    ISchemaBoundMapper ISchemaBindableMapper.Bind(IHostEnvironment env, RoleMappedSchema schema) =>
        ((ISchemaBindableMapper)new VectorScoreMapper(this)).Bind(env, schema);
}

/// <summary>The Score column of a regression with several outputs. ML.NET's own mapper does the same, but without slot names.</summary>
internal sealed class VectorScoreMapper(BackPropagationMultiOutputModelParameters model) : SchemaBindablePredictorWrapperBase(model)
{
    private protected override ISchemaBoundMapper BindCore(IChannel ch, RoleMappedSchema schema) =>
        new SingleValueRowMapper(schema, this, MakeSchema());

    private protected override bool SaveAsOnnxCore(OnnxContext ctx, RoleMappedSchema schema, string[] outputNames)
    {
        string features = schema.Feature!.Value.Name;
        return ctx.ContainsColumn(features) && ((ISingleCanSaveOnnx)model).SaveAsOnnx(ctx, outputNames, ctx.GetVariableName(features));
    }

    private DataViewSchema MakeSchema()
    {
        DataViewSchema.Column score = ScoreSchemaFactory.Create(ScoreType, AnnotationUtils.Const.ScoreColumnKind.Regression)[0];
        var annotations = new DataViewSchema.Annotations.Builder();
        if (model.SlotNames.Count > 0)
        {
            ReadOnlyMemory<char>[] slots = [.. model.SlotNames.Select(name => name.AsMemory())];
            annotations.AddSlotNames(
                slots.Length,
                (ref VBuffer<ReadOnlyMemory<char>> names) => new VBuffer<ReadOnlyMemory<char>>(slots.Length, slots).CopyTo(ref names));
        }

        annotations.Add(score.Annotations, _ => true);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(score.Name, score.Type, annotations.ToAnnotations());
        return schema.ToSchema();
    }
}
