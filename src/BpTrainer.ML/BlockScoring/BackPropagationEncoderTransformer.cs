using BpTrainer.ML;
using BpTrainer.ML.BlockScoring;
using BpTrainer.ML.Friend;
using BpTrainer.ML.Training;
using Microsoft.ML.Model.OnnxConverter;

[assembly: LoadableClass(typeof(BackPropagationEncoderTransformer), null, typeof(SignatureLoadModel),
    "Back-propagation codes", BackPropagationEncoderTransformer.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// Adds the codes of the features to data: the outputs of a hidden layer of a trained network, a vector of <see cref="float"/> with a slot
/// for every unit. A row with a missing feature has codes of NaN, unless the model imputes missing features.
/// </summary>
/// <remarks>
/// Create it with <c>ToEncoder</c> of <see cref="BackPropagationTransformer{TModel}"/>, or with <c>AsEncoder</c> of a trainer inside a
/// pipeline.
/// </remarks>
public sealed class BackPropagationEncoderTransformer : RowToRowTransformerBase, ITransformer
{
    internal const string LoaderSignature = "BackPropEncoder";
    private const string ModelFolder = "Model";

    private static readonly VersionInfo s_version = TrainedNetwork.MakeVersionInfo("BPENCODE", LoaderSignature);

    internal BackPropagationEncoderTransformer(
        IHostEnvironment env, BackPropagationEncoderModelParameters model, string outputColumnName, string featureColumnName)
        : base(Contracts.CheckRef(env, nameof(env)).Register(LoaderSignature))
    {
        Host.CheckNonWhiteSpace(outputColumnName, nameof(outputColumnName));
        Model = model;
        OutputColumnName = outputColumnName;
        FeatureColumnName = featureColumnName;
    }

    /// <summary>The model.</summary>
    public BackPropagationEncoderModelParameters Model { get; }

    /// <summary>The name of the feature column.</summary>
    public string FeatureColumnName { get; }

    /// <summary>The name of the column of the codes.</summary>
    public string OutputColumnName { get; }

    /// <summary>Adds the codes to data. They are computed only when a cursor reads them, a block of rows at a time.</summary>
    /// <param name="input">The data with the feature column.</param>
    /// <returns>The data with the codes.</returns>
    public new IDataView Transform(IDataView input) =>
        new BlockScoredView(Host, input, MakeDataTransform(input), Model, FeatureColumnName, threshold: 0);

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(s_version);

        // *** Binary format ***
        // string: output column, string: feature column, as ML.NET saves them
        // model: the encoder
        ctx.SaveNonEmptyString(OutputColumnName);
        ctx.SaveNonEmptyString(FeatureColumnName);
        ctx.SaveModel(Model, ModelFolder);
    }

    internal static BackPropagationEncoderTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MicrosoftMLVersion.Check();
        ctx.CheckAtModel(s_version);
        string output = ctx.LoadNonEmptyString(), features = ctx.LoadNonEmptyString();
        ctx.LoadModel<BackPropagationEncoderModelParameters, SignatureLoadModel>(env, out var model, ModelFolder);
        return new(env, model, output, features);
    }

    /// <summary>The codes of single rows, for prediction engines, and the form in ONNX.</summary>
    private sealed class Mapper : MapperBase, ISaveAsOnnx
    {
        private readonly BackPropagationEncoderTransformer _parent;
        private readonly DataViewSchema.Column _features;

        public Mapper(BackPropagationEncoderTransformer parent, DataViewSchema schema)
            : base(parent.Host, schema, parent)
        {
            _parent = parent;
            string name = parent.FeatureColumnName;
            _features = schema.GetColumnOrNull(name) ?? throw Host.ExceptSchemaMismatch(nameof(schema), "feature", name);
            DataViewType expected = ((IValueMapper)parent.Model).InputType;
            if (!_features.Type.Equals(expected))
            {
                throw Host.ExceptSchemaMismatch(nameof(schema), "feature", name, expected.ToString()!, _features.Type.ToString()!);
            }
        }

        private IValueMapper Model => _parent.Model;

        bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

        void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx)
        {
            string codes = _parent.OutputColumnName;
            if (!ctx.ContainsColumn(_features.Name))
            {
                ctx.RemoveColumn(codes, false);
                return;
            }

            string features = ctx.GetVariableName(_features.Name);
            ((ISingleCanSaveOnnx)_parent.Model).SaveAsOnnx(ctx, [ctx.AddIntermediateVariable(Model.OutputType, codes)], features);
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() => [new(_parent.OutputColumnName, Model.OutputType)];

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action? disposer)
        {
            disposer = null;
            ValueGetter<VBuffer<float>> read = input.GetGetter<VBuffer<float>>(input.Schema[_features.Index]);
            ValueMapper<VBuffer<float>, VBuffer<float>> encode = Model.GetMapper<VBuffer<float>, VBuffer<float>>();
            VBuffer<float> row = default;
            return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> codes) =>
            {
                read(ref row);
                encode(row, ref codes);
            });
        }

        private protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput) =>
            column => activeOutput(0) && column == _features.Index;

        private protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);
    }
}
