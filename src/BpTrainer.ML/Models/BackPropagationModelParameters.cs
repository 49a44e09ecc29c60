using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>What the models of the back-propagation trainers have in common: the trained network and its history.</summary>
/// <typeparam name="TOutput">The type of the score: a number, or a vector with one number per class.</typeparam>
public abstract class BackPropagationModelParameters<TOutput> : ModelParametersBase<TOutput>, IValueMapper, IBlockScoredModel
{
    private readonly TrainedNetwork _trained;
    private readonly VectorDataViewType _inputType;

    private protected BackPropagationModelParameters(IHostEnvironment env, string name, TrainedNetwork trained)
        : base(env, name)
    {
        _trained = trained;
        _inputType = new VectorDataViewType(NumberDataViewType.Single, trained.Network.Inputs);
    }

    private protected BackPropagationModelParameters(IHostEnvironment env, string name, ModelLoadContext ctx)
        : base(env, name, ctx)
    {
        // *** Binary format ***
        // <base info>
        // the network and its history, as TrainedNetwork describes them
        _trained = TrainedNetwork.Load(Host, ctx.Reader);
        _inputType = new VectorDataViewType(NumberDataViewType.Single, _trained.Network.Inputs);
    }

    /// <summary>The trained network, the best one if several were trained. It may be read and used for prediction; to change it is to change this model.</summary>
    public Network<float> Network => _trained.Network;

    /// <summary>The networks that predict together, <see cref="Network"/> among them; <see langword="null"/> when it predicts alone.</summary>
    public NetworkEnsemble<float>? Ensemble => _trained.Ensemble;

    /// <summary>The losses, the learning rate and the time of every epoch of <see cref="Network"/>.</summary>
    public IReadOnlyList<EpochRecord> History => _trained.History;

    /// <summary>Why its training stopped.</summary>
    public StopReason StopReason => _trained.StopReason;

    /// <summary>The epoch whose weights the network has.</summary>
    public int BestEpoch => _trained.BestEpoch;

    DataViewType IValueMapper.InputType => _inputType;

    DataViewType IValueMapper.OutputType => OutputType;

    int IBlockScoredModel.ScoresPerRow => Network.Outputs;

    private protected abstract DataViewType OutputType { get; }

    private protected abstract VersionInfo VersionInfo { get; }

    ValueMapper<TSource, TTarget> IValueMapper.GetMapper<TSource, TTarget>()
    {
        Host.Check(typeof(TSource) == typeof(VBuffer<float>));
        Host.Check(typeof(TTarget) == OutputType.RawType);
        return (ValueMapper<TSource, TTarget>)CreateMapper();
    }

    void IBlockScoredModel.Score(ReadOnlySpan<float> features, Span<float> scores, int rows) => Score(features, scores, rows);

    Delegate IBlockScoredModel.CreateGetter(string column, CurrentScores current) => CreateGetter(column, current);

    /// <summary>
    /// The <see cref="ValueMapper{TSrc, TDst}"/> from features, which may be sparse, to a score of <see cref="OutputType"/>. Each mapper has memory of
    /// its own, since cursors run side by side.
    /// </summary>
    private protected abstract Delegate CreateMapper();

    /// <inheritdoc cref="IBlockScoredModel.Score"/>
    private protected virtual void Score(ReadOnlySpan<float> features, Span<float> scores, int rows)
    {
        if (Ensemble is not null)
        {
            Ensemble.Predict(features, scores, rows);
        }
        else if (rows == 1)
        {
            Network.Predict(features, scores);
        }
        else
        {
            Network.Predict(features, scores, rows);
        }
    }

    /// <inheritdoc cref="IBlockScoredModel.CreateGetter"/>
    private protected abstract Delegate CreateGetter(string column, CurrentScores current);

    private protected sealed override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SetVersionInfo(VersionInfo);
        _trained.Save(ctx.Writer);
        SaveMore(ctx.Writer);
    }

    /// <summary>Writes what a model has beside the network.</summary>
    private protected virtual void SaveMore(BinaryWriter writer)
    {
    }

    /// <summary>Copies numbers to a vector.</summary>
    private protected static void CopyTo(ReadOnlySpan<float> values, ref VBuffer<float> vector)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref vector, values.Length);
        values.CopyTo(editor.Values);
        vector = editor.Commit();
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
