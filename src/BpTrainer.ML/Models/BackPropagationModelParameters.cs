using System.Buffers;
using BpTrainer.Files;
using BpTrainer.ML.BlockScoring;
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
    private readonly TrainedNetwork _trained;
    private readonly VectorDataViewType _inputType;

    private protected BackPropagationModelParameters(IHostEnvironment env, VersionInfo version, TrainedNetwork trained)
        : base(env, version.LoaderSignature)
    {
        _version = version;
        _trained = trained;
        _inputType = new VectorDataViewType(NumberDataViewType.Single, trained.Features);
    }

    private protected BackPropagationModelParameters(IHostEnvironment env, VersionInfo version, ModelLoadContext ctx)
        : base(env, version.LoaderSignature, Checked(ctx, version))
    {
        // *** Binary format ***
        // <base info>
        // the network and all that belongs to it, as TrainedNetwork describes them
        _version = version;
        _trained = TrainedNetwork.Load(Host, ctx.Reader.BaseStream);
        Host.CheckDecode(
            typeof(TOutput) != typeof(float) || Network.Outputs == 1,
            $"The saved network has {Network.Outputs} outputs, but should have one.");
        _inputType = new VectorDataViewType(NumberDataViewType.Single, _trained.Features);
    }

    /// <summary>
    /// The trained network, the best one if several were trained. It may be read and used for prediction; changing it changes this model.
    /// </summary>
    public Network<float> Network => _trained.Network;

    /// <summary>
    /// The networks that predict together, <see cref="Network"/> among them; <see langword="null"/> when it predicts alone.
    /// </summary>
    public NetworkEnsemble<float>? Ensemble => _trained.Ensemble;

    /// <summary>
    /// The state of the optimizer of each network that predicts, in their order, if <see cref="BackPropagationOptions.KeepOptimizerState"/>
    /// was set; else empty.
    /// </summary>
    public IReadOnlyList<OptimizerState> OptimizerStates => _trained.OptimizerStates;

    /// <summary>The losses, the learning rate and the time of every epoch of <see cref="Network"/>.</summary>
    public IReadOnlyList<EpochRecord> History => _trained.History;

    /// <summary>Why its training stopped.</summary>
    public StopReason StopReason => _trained.StopReason;

    /// <summary>The epoch whose weights the network has.</summary>
    public int BestEpoch => _trained.BestEpoch;

    /// <summary>
    /// What went wrong or looks wrong: rows that were left out, features that teach nothing, training that diverged, a model that is hardly
    /// better than a constant. Usually empty. Each was also sent to <c>MLContext.Log</c>.
    /// </summary>
    public IReadOnlyList<(string Id, string Text)> Warnings => _trained.Warnings;

    DataViewType IValueMapper.InputType => _inputType;

    DataViewType IValueMapper.OutputType => typeof(TOutput) == typeof(float)
        ? NumberDataViewType.Single
        : new VectorDataViewType(NumberDataViewType.Single, Network.Outputs);

    int IBlockScoredModel.ScoresPerRow => Network.Outputs;

    bool IBlockScoredModel.TakesSparseRows => Imputation is null;

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    ValueMapper<TSource, TTarget> IValueMapper.GetMapper<TSource, TTarget>()
    {
        Host.Check(typeof(TSource) == typeof(VBuffer<float>));
        Host.Check(typeof(TTarget) == typeof(TOutput));

        // Each mapper has memory of its own, since cursors run side by side.
        var scorer = new RowScorer(this, Features);
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

    /// <summary>The network layer by layer as lines of text, with its parameters, and how its training went.</summary>
    /// <returns>Lines, in the invariant culture.</returns>
    public string Summary() => _trained.Summary();

    /// <summary>
    /// Writes the model as an ONNX file with the input Features, rows × features, and as outputs the columns of the predictions that come
    /// from the network: Score, Probability of a binary classification, PredictedLabel of a multiclass classification, as a key that counts
    /// from 1.
    /// </summary>
    /// <param name="stream">A stream that can be written; it stays open.</param>
    /// <remarks>
    /// It needs no package. With <c>Microsoft.ML.OnnxConverter</c>, <c>mlContext.Model.ConvertToOnnx</c> writes the whole pipeline around
    /// the model.
    /// </remarks>
    public void SaveAsOnnx(Stream stream)
    {
        Host.CheckValue(stream, nameof(stream));
        var file = new OnnxFile(DefaultColumnNames.Features, Features);
        WriteOnnxOutputs(file, OnnxInputs(file, DefaultColumnNames.Features));
        file.Save(stream);
    }

    /// <summary>Writes the model as an ONNX file, whole or not at all.</summary>
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
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> scores) => CopyTo(current(), ref scores));
    }

    /// <summary>Scores samples.</summary>
    /// <param name="inputs">rows × inputs of the network, row after row.</param>
    /// <param name="scores">Receives rows × outputs.</param>
    /// <param name="rows">The number of samples.</param>
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

    /// <summary>Scores samples without their zeros.</summary>
    /// <param name="inputs">rows × inputs of the network.</param>
    /// <param name="scores">Receives rows × outputs.</param>
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

    private protected int Features => _trained.Features;

    /// <summary>The names of the outputs; empty if they have none.</summary>
    private protected IReadOnlyList<string> OutputNames => _trained.SlotNames;

    /// <summary>What replaces missing features; null if a row without a feature has no score.</summary>
    internal MeanImputation? Imputation => _trained.Imputation;

    /// <summary>The networks whose mean is the prediction; usually one.</summary>
    internal IReadOnlyList<Network<float>> Networks => Ensemble?.Networks ?? [Network];

    /// <summary>Writes the model as nodes of an ONNX graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">The variable with the inputs of the networks.</param>
    /// <param name="outputs">The names of the output columns, in the order of ML.NET's scorers: PredictedLabel first, if there is
    /// one.</param>
    private protected abstract void WriteOnnx(OnnxGraph graph, string inputs, string[] outputs);

    /// <summary>Writes the model into an ONNX file of its own, with its outputs.</summary>
    private protected virtual void WriteOnnxOutputs(OnnxFile file, string inputs)
    {
        WriteOnnx(file, inputs, [DefaultColumnNames.Score]);
        file.AddOutput(DefaultColumnNames.Score, Network.Outputs, isKey: false);
    }

    /// <summary>The mapper from features to their contributions to the score, of a model with one score.</summary>
    private protected Delegate CreateContributionMapper(int top, int bottom, bool normalize)
    {
        var baselines = new float[Features];
        for (int c = 0; c < baselines.Length && Network.InputScaling is { } scaling; c++)
        {
            baselines[c] = (float)scaling.Offsets[c];
        }

        var contributions = new FeatureContributions(this, baselines);
        return (ValueMapper<VBuffer<float>, VBuffer<float>>)((in VBuffer<float> row, ref VBuffer<float> result) =>
            contributions.Compute(row, ref result, top, bottom, normalize));
    }

    /// <summary>The inputs of the networks as an ONNX variable.</summary>
    private string OnnxInputs(OnnxGraph graph, string features) =>
        Imputation is null ? features : OnnxImputation.Write(graph, Imputation, features);

    private protected sealed override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SetVersionInfo(_version);
        ctx.Writer.Flush();
        _trained.Save(ctx.Writer.BaseStream);
    }

    private static void CopyTo(ReadOnlySpan<float> values, ref VBuffer<float> vector)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref vector, values.Length);
        values.CopyTo(editor.Values);
        vector = editor.Commit();
    }

    private static ModelLoadContext Checked(ModelLoadContext ctx, VersionInfo version)
    {
        ctx.CheckAtModel(version);
        return ctx;
    }

    /// <summary>The version stamp of a model file. Both signatures are part of the file format.</summary>
    private protected static VersionInfo MakeVersionInfo(string modelSignature, string loaderSignature) => new(
        modelSignature: modelSignature,
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: loaderSignature,
        // The simple name: with the full name a model would load only where this version or a newer one is.
        loaderAssemblyName: typeof(BackPropagationModelParameters<>).Assembly.GetName().Name);
}
