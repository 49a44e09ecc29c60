using Microsoft.ML.Model.OnnxConverter;

namespace BpTrainer.ML.Models;

/// <summary>The columns of a model that predicts vectors. ML.NET's own mapper makes only one column, without slot names.</summary>
internal sealed class VectorColumns(BackPropagationVectorModelParameters model) : SchemaBindablePredictorWrapperBase(model)
{
    private protected override ISchemaBoundMapper BindCore(IChannel ch, RoleMappedSchema schema) =>
        new RowMapper(this, schema, MakeSchema());

    private protected override bool SaveAsOnnxCore(OnnxContext ctx, RoleMappedSchema schema, string[] outputNames)
    {
        string features = schema.Feature!.Value.Name;
        return ctx.ContainsColumn(features) && ((ISingleCanSaveOnnx)model).SaveAsOnnx(ctx, outputNames, ctx.GetVariableName(features));
    }

    private DataViewSchema MakeSchema()
    {
        var schema = new DataViewSchema.Builder();
        ReadOnlyMemory<char>[] slots = [.. model.SlotNames.Select(name => name.AsMemory())];
        (string kind, (string Name, PrimitiveDataViewType Type)[] columns) = model.PredictedColumns;
        foreach ((string name, PrimitiveDataViewType type) in columns)
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            if (slots.Length > 0)
            {
                annotations.AddSlotNames(
                    slots.Length,
                    (ref VBuffer<ReadOnlyMemory<char>> names) => new VBuffer<ReadOnlyMemory<char>>(slots.Length, slots).CopyTo(ref names));
            }

            AddText(annotations, AnnotationUtils.Kinds.ScoreColumnKind, kind);
            AddText(annotations, AnnotationUtils.Kinds.ScoreValueKind, name);
            schema.AddColumn(name, new VectorDataViewType(type, model.Network.Outputs), annotations.ToAnnotations());
        }

        return schema.ToSchema();
    }

    private static void AddText(DataViewSchema.Annotations.Builder annotations, string kind, string text) =>
        annotations.AddPrimitiveValue(kind, TextDataViewType.Instance, text.AsMemory());

    /// <summary>Scores row by row; the columns of a row are made from one score.</summary>
    private sealed class RowMapper(VectorColumns columns, RoleMappedSchema schema, DataViewSchema output) : ISchemaBoundRowMapper
    {
        private readonly IBlockScoredModel _model = (IBlockScoredModel)columns.Predictor;

        public RoleMappedSchema InputRoleMappedSchema => schema;

        public DataViewSchema InputSchema => schema.Schema;

        public DataViewSchema OutputSchema => output;

        public ISchemaBindableMapper Bindable => columns;

        public IEnumerable<KeyValuePair<RoleMappedSchema.ColumnRole, string>> GetInputColumnRoles() =>
            [RoleMappedSchema.ColumnRole.Feature.Bind(schema.Feature!.Value.Name)];

        public IEnumerable<DataViewSchema.Column> GetDependenciesForNewColumns(IEnumerable<DataViewSchema.Column> dependingColumns) =>
            dependingColumns.Any() ? [schema.Feature!.Value] : [];

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        {
            // Each row has its own memory, because cursors run in parallel.
            var scored = new ScoredRow(_model, input, schema.Feature!.Value);
            var getters = new Delegate[output.Count];
            foreach (DataViewSchema.Column column in activeColumns)
            {
                getters[column.Index] = _model.CreateGetter(column.Name, scored.Scores, threshold: 0);
            }

            return new SimpleRow(output, input, getters);
        }
    }

    /// <summary>The scores of the current row of a cursor, computed once.</summary>
    private sealed class ScoredRow(IBlockScoredModel model, DataViewRow input, DataViewSchema.Column features)
    {
        private readonly RowScorer _scorer = new(model);
        private readonly float[] _scores = new float[model.ScoresPerRow];
        private ValueGetter<VBuffer<float>>? _read;
        private VBuffer<float> _features;
        private long _position = -1;

        public ReadOnlySpan<float> Scores()
        {
            if (_position != input.Position)
            {
                _read ??= input.GetGetter<VBuffer<float>>(features);
                _read(ref _features);
                _scorer.Score(_features).CopyTo(_scores);
                _position = input.Position;
            }

            return _scores;
        }
    }
}
