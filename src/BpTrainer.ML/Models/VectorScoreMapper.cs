using BpTrainer.ML.BlockScoring;
using BpTrainer.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML.Models;

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

/// <summary>Scores one row after the other, with memory of its own for the dense features and the scores.</summary>
internal sealed class RowScorer(IBlockScoredModel model, int features)
{
    private readonly float[] _scores = new float[model.ScoresPerRow];
    private readonly SparseRows? _sparse = model.TakesSparseRows ? new SparseRows(features) : null;
    private float[]? _dense;

    /// <summary>The scores of the row, valid until the next call.</summary>
    public ReadOnlySpan<float> Score(in VBuffer<float> row)
    {
        Contracts.Check(row.Length == features, $"The feature vector has another length than the {features} features that the model was trained on.");
        if (row.IsDense)
        {
            model.Score(row.GetValues(), _scores, 1);
        }
        else if (_sparse is not null && SparseFeatures.Suits(row))
        {
            _sparse.Clear();
            _sparse.Add(row);
            model.Score(_sparse.ToMatrix(), _scores);
        }
        else
        {
            row.CopyTo(_dense ??= new float[features]);
            model.Score(_dense, _scores, 1);
        }

        return _scores;
    }
}
