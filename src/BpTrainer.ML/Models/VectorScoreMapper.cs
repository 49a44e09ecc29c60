using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>
/// Gives the Score column of a regression with several outputs, in ML.NET's way of a model that has one column. ML.NET's own
/// mapper does the same, but knows of no slot names.
/// </summary>
internal sealed class VectorScoreMapper(BackPropagationVectorRegressionModelParameters model) : SchemaBindablePredictorWrapperBase(model)
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
            annotations.AddSlotNames(model.SlotNames.Count, WriteSlotNames);
        }

        annotations.Add(score.Annotations, _ => true);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(score.Name, score.Type, annotations.ToAnnotations());
        return schema.ToSchema();
    }

    private void WriteSlotNames(ref VBuffer<ReadOnlyMemory<char>> names)
    {
        var editor = VBufferEditor.Create(ref names, model.SlotNames.Count);
        for (int i = 0; i < editor.Values.Length; i++)
        {
            editor.Values[i] = model.SlotNames[i].AsMemory();
        }

        names = editor.Commit();
    }
}
