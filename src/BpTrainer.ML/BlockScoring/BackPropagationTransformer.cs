using BpTrainer.ML;
using BpTrainer.ML.BlockScoring;
using BpTrainer.ML.Friend;
using BpTrainer.ML.Models;
using BpTrainer.ML.Training;

[assembly: LoadableClass(
    typeof(ISingleFeaturePredictionTransformer<object>), typeof(BackPropagationTransformer), null, typeof(SignatureLoadModel),
    "Back-propagation prediction", BackPropagationTransformer.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// Adds the predictions of a back-propagation model to data. It wraps ML.NET's own prediction transformer for the model's task, which
/// provides the columns, their annotations and the prediction of single rows. The only difference is that <see cref="Transform"/> scores
/// rows in blocks.
/// </summary>
/// <typeparam name="TModel">The type of the model.</typeparam>
public sealed class BackPropagationTransformer<TModel>
    : ISingleFeaturePredictionTransformer<TModel>, ISingleFeaturePredictionTransformer, IDisposable
    where TModel : class
{
    private readonly IHost _host;
    private readonly ISingleFeaturePredictionTransformer<TModel> _rowByRow;

    internal BackPropagationTransformer(IHostEnvironment env, ISingleFeaturePredictionTransformer<TModel> rowByRow)
    {
        _host = env.Register(BackPropagationTransformer.LoaderSignature);
        _rowByRow = rowByRow;
    }

    /// <summary>The model.</summary>
    public TModel Model => _rowByRow.Model;

    /// <summary>The name of the feature column.</summary>
    public string FeatureColumnName => _rowByRow.FeatureColumnName;

    /// <summary>The type of the feature column.</summary>
    public DataViewType FeatureColumnType => _rowByRow.FeatureColumnType;

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The score above which a binary classification predicts <see langword="true"/>; not used by other tasks.</summary>
    private float Threshold => _rowByRow is BinaryPredictionTransformer<BackPropagationBinaryModelParameters> binary ? binary.Threshold : 0;

    /// <summary>The schema of data with the predictions.</summary>
    /// <param name="inputSchema">The schema of the data to predict from.</param>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _rowByRow.GetOutputSchema(inputSchema);

    /// <summary>Adds the predictions to data. They are computed only when a cursor reads them.</summary>
    /// <param name="input">The data to predict from.</param>
    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new BlockScoredView(_host, input, _rowByRow.Transform(input), (IBlockScoredModel)Model, FeatureColumnName, Threshold);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _rowByRow.GetRowToRowMapper(inputSchema);

    /// <summary>
    /// Creates a transformer that adds the codes that a hidden layer computes from the features, instead of predictions. For an ensemble,
    /// the best network computes them.
    /// </summary>
    /// <param name="hiddenLayer">The hidden layer, counted from 1.</param>
    /// <param name="outputColumnName">The name of the column of the codes.</param>
    /// <returns>The transformer, which shares no network with this one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such hidden layer.</exception>
    public BackPropagationEncoderTransformer ToEncoder(
        int hiddenLayer, string outputColumnName = BackPropagationEncoderModelParameters.DefaultOutputColumnName) =>
        new(_host, new BackPropagationEncoderModelParameters(_host, ((IBlockScoredModel)Model).Trained.ToEncoder(hiddenLayer)),
            outputColumnName, FeatureColumnName);

    /// <summary>ML.NET's own transformer of a binary classification.</summary>
    internal BinaryPredictionTransformer<BackPropagationBinaryModelParameters> AsBinary() =>
        (BinaryPredictionTransformer<BackPropagationBinaryModelParameters>)(object)_rowByRow;

    /// <summary>Finds the model whose training is continued: that of this transformer, or of the last such transformer in a
    /// pipeline.</summary>
    internal static InitialModel FindInitialModel(IExceptionContext context, ITransformer transformer, string option) =>
        FindOrNull(transformer)?.ToInitialModel() ?? throw context.ExceptUserArg(
            option,
            $"{option} is a {transformer.GetType().Name} that does not contain a {typeof(TModel).Name}; " +
            "give a transformer that was fitted by this trainer, or by a pipeline with it.");

    private static BackPropagationTransformer<TModel>? FindOrNull(ITransformer transformer) => transformer switch
    {
        BackPropagationTransformer<TModel> ours => ours,
        IEnumerable<ITransformer> chain => chain.Reverse().Select(FindOrNull).FirstOrDefault(found => found is not null),
        _ => null,
    };

    private InitialModel ToInitialModel()
    {
        var input = new DataViewSchema.Builder();
        input.AddColumn(FeatureColumnName, FeatureColumnType);
        DataViewSchema output = GetOutputSchema(input.ToSchema());
        string[] names = output.GetColumnOrNull(DefaultColumnNames.PredictedLabel) is { Type: KeyDataViewType } label
            ? ColumnNames.KeysOf(label) ?? []
            : ColumnNames.SlotsOf(output[DefaultColumnNames.Score]);
        TrainedNetwork trained = ((IBlockScoredModel)Model).Trained;
        return new InitialModel(
            trained.Networks, trained.Predictor.Weights, trained.BestIndex, trained.OptimizerStates, trained.Imputation, names);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        _host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(BackPropagationTransformer.GetVersionInfo());

        // *** Binary format ***
        // model: ML.NET's prediction transformer, which holds the back-propagation model
        ctx.SaveModel(_rowByRow, BackPropagationTransformer.RowByRowFolder);
    }

    /// <summary>Releases what ML.NET's prediction transformer holds.</summary>
    public void Dispose() => (_rowByRow as IDisposable)?.Dispose();
}

/// <summary>
/// Loads a saved <see cref="BackPropagationTransformer{TModel}"/>, because ML.NET's catalog of loadable classes takes no generic classes.
/// </summary>
internal static class BackPropagationTransformer
{
    internal const string LoaderSignature = "BackPropTransformer";
    internal const string RowByRowFolder = "RowByRow";

    internal static ISingleFeaturePredictionTransformer<object> Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MicrosoftMLVersion.Check();
        ctx.CheckAtModel(GetVersionInfo());
        ctx.LoadModel<ISingleFeaturePredictionTransformer<object>, SignatureLoadModel>(env, out var rowByRow, RowByRowFolder);
        return rowByRow switch
        {
            ISingleFeaturePredictionTransformer<BackPropagationRegressionModelParameters> regression =>
                new BackPropagationTransformer<BackPropagationRegressionModelParameters>(env, regression),
            ISingleFeaturePredictionTransformer<BackPropagationMultiOutputModelParameters> several =>
                new BackPropagationTransformer<BackPropagationMultiOutputModelParameters>(env, several),
            ISingleFeaturePredictionTransformer<BackPropagationMultiLabelModelParameters> labels =>
                new BackPropagationTransformer<BackPropagationMultiLabelModelParameters>(env, labels),
            ISingleFeaturePredictionTransformer<BackPropagationBinaryModelParameters> binary =>
                new BackPropagationTransformer<BackPropagationBinaryModelParameters>(env, binary),
            ISingleFeaturePredictionTransformer<BackPropagationMulticlassModelParameters> multiclass =>
                new BackPropagationTransformer<BackPropagationMulticlassModelParameters>(env, multiclass),
            _ => throw env.ExceptDecode($"The saved model is a {rowByRow.Model.GetType()}, not one of a back-propagation trainer."),
        };
    }

    internal static VersionInfo GetVersionInfo() => TrainedNetwork.MakeVersionInfo("BPTRANSF", LoaderSignature);
}
