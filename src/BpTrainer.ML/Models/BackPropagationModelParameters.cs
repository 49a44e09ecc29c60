using System.Buffers;
using BpTrainer.Files;
using BpTrainer.ML.Models;
using BpTrainer.ML.Onnx;
using BpTrainer.ML.Training;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>A model of a back-propagation trainer: the trained networks and how their training went.</summary>
/// <typeparam name="TOutput">The type of the score: a number, or a vector of numbers.</typeparam>
public abstract class BackPropagationModelParameters<TOutput>
    : ModelParametersBase<TOutput>, IValueMapper, ISingleCanSaveOnnx, IBlockScoredModel
{
    private readonly VersionInfo _version;

    private protected BackPropagationModelParameters(IHostEnvironment env, VersionInfo version, TrainedNetwork trained)
        : base(env, version.LoaderSignature)
    {
        _version = version;
        Trained = trained;
    }

    private protected TrainedNetwork Trained { get; }

    /// <summary>What replaces missing features; null if a row with a missing feature has no score.</summary>
    internal MeanImputation? Imputation => Trained.Imputation;

    /// <summary>
    /// The trained network; the best one if several were trained. You can inspect it and predict with it; if you change it, this model
    /// changes too.
    /// </summary>
    public Network<float> Network => Trained.Network;

    /// <summary>
    /// The networks that predict together, including <see cref="Network"/>; <see langword="null"/> if it predicts alone.
    /// </summary>
    public NetworkEnsemble<float>? Ensemble => Trained.Ensemble;

    /// <summary>
    /// The optimizer state of each network that predicts, in their order, if <see cref="BackPropagationOptions.KeepOptimizerState"/> was
    /// set; otherwise empty.
    /// </summary>
    public IReadOnlyList<OptimizerState> OptimizerStates => Trained.OptimizerStates;

    /// <summary>
    /// The losses, the learning rate and the time of every epoch of <see cref="Network"/>; <see cref="TrainingHistory.SaveCsv(string)"/>
    /// writes them to a file.
    /// </summary>
    public TrainingHistory History => Trained.History;

    /// <summary>Why the training of <see cref="Network"/> stopped.</summary>
    public StopReason StopReason => Trained.StopReason;

    /// <summary>The epoch whose weights <see cref="Network"/> has.</summary>
    public int BestEpoch => Trained.BestEpoch;

    /// <summary>
    /// The trials that chose the number of hidden units, if <see cref="HiddenLayers.Try"/> or <see cref="HiddenLayers.TryRule"/> was used;
    /// otherwise <see langword="null"/>.
    /// </summary>
    public HiddenSizeTrials? HiddenSizeTrials => Trained.HiddenSizeTrials;

    /// <summary>
    /// The stages in which the hidden layer of <see cref="Network"/> grew, if <see cref="HiddenLayers.Grow"/> was used; otherwise empty.
    /// </summary>
    public IReadOnlyList<GrowthStage> GrowthStages => Trained.GrowthStages;

    /// <summary>
    /// What went wrong or looks wrong: rows that were left out, features from which nothing can be learned, training that diverged, a model
    /// that is hardly better than a constant. Usually empty. Each warning was also sent to <c>MLContext.Log</c>.
    /// </summary>
    public IReadOnlyList<(string Id, string Text)> Warnings => Trained.Warnings;

    DataViewType IValueMapper.InputType => new VectorDataViewType(NumberDataViewType.Single, Trained.Features);

    DataViewType IValueMapper.OutputType => typeof(TOutput) == typeof(float)
        ? NumberDataViewType.Single
        : new VectorDataViewType(NumberDataViewType.Single, Network.Outputs);

    TrainedNetwork IBlockScoredModel.Trained => Trained;

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    ValueMapper<TSource, TTarget> IValueMapper.GetMapper<TSource, TTarget>()
    {
        Host.Check(typeof(TSource) == typeof(VBuffer<float>));
        Host.Check(typeof(TTarget) == typeof(TOutput));

        // Each mapper has its own memory, because cursors run in parallel.
        var scorer = new RowScorer(this);
        Delegate mapper = typeof(TOutput) == typeof(float)
            ? (ValueMapper<VBuffer<float>, float>)((in VBuffer<float> row, ref float score) => score = scorer.Score(row)[0])
            : (ValueMapper<VBuffer<float>, VBuffer<float>>)(
                (in VBuffer<float> row, ref VBuffer<float> scores) => CopyTo(scorer.Score(row), ref scores));
        return (ValueMapper<TSource, TTarget>)mapper;
    }

    bool ISingleCanSaveOnnx.SaveAsOnnx(OnnxContext ctx, string[] outputNames, string featureColumn)
    {
        ctx.CheckOpSetVersion(OnnxGraph.OperatorSet, GetType().Name);
        var graph = new ConverterGraph(ctx);
        WriteOnnx(graph, OnnxInputs(graph, featureColumn), outputNames);
        return true;
    }

    /// <summary>Describes the network layer by layer, with its numbers of parameters, and how its training went.</summary>
    /// <returns>Lines of text, in the invariant culture.</returns>
    public string Summary() => Trained.Summary();

    /// <summary>
    /// Creates a model that returns the codes that a hidden layer of <see cref="Network"/> computes from the features; for an ensemble,
    /// this is the best network. See <see cref="Network{T}.ToEncoder"/>.
    /// </summary>
    /// <param name="hiddenLayer">The hidden layer, counted from 1.</param>
    /// <returns>A model that shares no network with this one and replaces missing features in the same way.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such hidden layer.</exception>
    public BackPropagationEncoderModelParameters ToEncoder(int hiddenLayer) => new(Host, Trained.ToEncoder(hiddenLayer));

    /// <summary>
    /// Writes the model as an ONNX file. Its input is Features, rows × features; its outputs are the predicted columns that come from the
    /// network: Score; Probability of a binary or multi-label classification; PredictedLabel of a multi-label classification, as Booleans,
    /// or of a multiclass classification, as a key that counts from 1. An encoder has the output Codes instead.
    /// </summary>
    /// <param name="stream">A writable stream; it stays open.</param>
    /// <remarks>
    /// This needs no other package. To write the whole pipeline around the model, use <c>mlContext.Model.ConvertToOnnx</c> of the package
    /// <c>Microsoft.ML.OnnxConverter</c>.
    /// </remarks>
    public void SaveAsOnnx(Stream stream)
    {
        Host.CheckValue(stream, nameof(stream));
        var file = new OnnxFile(DefaultColumnNames.Features, Trained.Features);
        WriteOnnxOutputs(file, OnnxInputs(file, DefaultColumnNames.Features));
        file.Save(stream);
    }

    /// <summary>Writes the model as an ONNX file, completely or not at all.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <inheritdoc cref="SaveAsOnnx(Stream)"/>
    public void SaveAsOnnx(string path) => AtomicFile.Write(path, SaveAsOnnx);

    void IBlockScoredModel.Score(ReadOnlySpan<float> features, Span<float> scores, int rows)
    {
        if (Imputation is null)
        {
            Score(features, scores, rows);
            return;
        }

        float[] rented = ArrayPool<float>.Shared.Rent(rows * Imputation.Inputs);
        Span<float> inputs = rented.AsSpan(0, rows * Imputation.Inputs);
        Imputation.Apply(features, inputs);
        Score(inputs, scores, rows);
        ArrayPool<float>.Shared.Return(rented);
    }

    void IBlockScoredModel.Score(SparseMatrix<float> features, Span<float> scores) => Score(features, scores);

    Delegate IBlockScoredModel.CreateGetter(string column, CurrentScores current, float threshold)
    {
        if (column != DefaultColumnNames.Score)
        {
            return CreateGetter(column, current, threshold)
                ?? throw Host.ExceptParam(nameof(column), $"A {PredictionKind} has no column '{column}'.");
        }

        return typeof(TOutput) == typeof(float)
            ? (ValueGetter<float>)((ref float score) => score = current()[0])
            : CreateVectorGetter(current);
    }

    /// <summary>Scores rows × inputs of the network; the result is rows × outputs.</summary>
    private protected virtual void Score(ReadOnlySpan<float> inputs, Span<float> scores, int rows)
    {
        if (Ensemble is not null)
        {
            Ensemble.Predict(inputs, scores, rows);
        }
        else if (rows == 1)
        {
            Network.Predict(inputs, scores);
        }
        else
        {
            Network.Predict(inputs, scores, rows);
        }
    }

    /// <summary>Scores rows × inputs of the network that are stored without their zeros; the result is rows × outputs.</summary>
    private protected virtual void Score(SparseMatrix<float> inputs, Span<float> scores)
    {
        if (Ensemble is not null)
        {
            Ensemble.Predict(inputs, scores);
        }
        else
        {
            Network.Predict(inputs, scores);
        }
    }

    /// <summary>Creates the getter of an output column other than Score; null if there is no such column.</summary>
    private protected virtual Delegate? CreateGetter(string column, CurrentScores current, float threshold) => null;

    /// <summary>
    /// Writes the model as nodes of an ONNX graph. <paramref name="outputs"/> are the names of the output columns in the order of ML.NET's
    /// scorers: PredictedLabel first, if there is one.
    /// </summary>
    private protected virtual void WriteOnnx(OnnxGraph graph, string inputs, string[] outputs) =>
        OnnxEnsemble.Predict(graph, Trained.Predictor, inputs, outputs[0]);

    /// <summary>Writes the model into an ONNX file of its own, with its outputs.</summary>
    private protected virtual void WriteOnnxOutputs(OnnxFile file, string inputs)
    {
        WriteOnnx(file, inputs, [DefaultColumnNames.Score]);
        file.AddOutput(DefaultColumnNames.Score, Network.Outputs);
    }

    /// <summary>The inputs of the networks as an ONNX variable.</summary>
    private string OnnxInputs(OnnxGraph graph, string features) =>
        Imputation is null ? features : OnnxImputation.Write(graph, Imputation, features);

    private protected sealed override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SetVersionInfo(_version);
        ctx.Writer.Flush();
        Trained.Save(ctx.Writer.BaseStream);
    }

    private protected static ValueGetter<VBuffer<float>> CreateVectorGetter(CurrentScores current) =>
        (ref VBuffer<float> scores) => CopyTo(current(), ref scores);

    private static void CopyTo(ReadOnlySpan<float> values, ref VBuffer<float> vector)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref vector, values.Length);
        values.CopyTo(editor.Values);
        vector = editor.Commit();
    }

    /// <summary>Reads what <see cref="SaveCore"/> wrote.</summary>
    private protected static TrainedNetwork Load(IHostEnvironment env, ModelLoadContext ctx, VersionInfo version)
    {
        // *** Binary format ***
        // int: sizeof(float), which ML.NET's base class writes
        // the network and all that belongs to it, as TrainedNetwork describes them
        ctx.CheckAtModel(version);
        env.CheckDecode(ctx.Reader.ReadInt32() == sizeof(float), "The file was saved by an incompatible version of ML.NET.");
        TrainedNetwork trained = TrainedNetwork.Load(env, ctx.Reader.BaseStream);
        int outputs = trained.Network.Outputs;
        env.CheckDecode(
            typeof(TOutput) != typeof(float) || outputs == 1, $"The saved network has {outputs} outputs, but should have one.");
        return trained;
    }
}
