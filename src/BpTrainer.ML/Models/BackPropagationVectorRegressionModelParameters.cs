using BpTrainer.ML;
using BpTrainer.ML.BlockScoring;
using BpTrainer.ML.Models;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(BackPropagationVectorRegressionModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation regression model of several outputs", BackPropagationVectorRegressionModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// The model of <see cref="BackPropagationRegressionTrainer"/> where the label is a vector: Score is a vector with a prediction of every
/// slot, in its units, and has the slot names of the label.
/// </summary>
/// <remarks>
/// It is a <see cref="BackPropagationRegressionModelParameters"/>, because ML.NET's regression transformer loads only what produces a
/// <see cref="float"/>; what it does produce, and what its mapper and its column say, is a vector.
/// </remarks>
public sealed class BackPropagationVectorRegressionModelParameters : BackPropagationRegressionModelParameters, ISchemaBindableMapper
{
    internal new const string LoaderSignature = "BackPropVectorRegression";

    private readonly VectorDataViewType _outputType;

    internal BackPropagationVectorRegressionModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, LoaderSignature, trained) =>
        _outputType = new VectorDataViewType(NumberDataViewType.Single, Network.Outputs);

    private BackPropagationVectorRegressionModelParameters(IHostEnvironment env, ModelLoadContext ctx)
        : base(env, LoaderSignature, ctx) =>
        _outputType = new VectorDataViewType(NumberDataViewType.Single, Network.Outputs);

    /// <summary>The slot names of the label, one an output; empty if it had none.</summary>
    public IReadOnlyList<string> SlotNames => OutputNames;

    private protected override DataViewType OutputType => _outputType;

    private protected override VersionInfo VersionInfo => GetVersionInfo();

    internal static new BackPropagationVectorRegressionModelParameters Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new BackPropagationVectorRegressionModelParameters(env, ctx);
    }

    ISchemaBoundMapper ISchemaBindableMapper.Bind(IHostEnvironment env, RoleMappedSchema schema) =>
        ((ISchemaBindableMapper)new VectorScoreMapper(this)).Bind(env, schema);

    private protected override Delegate CreateMapper()
    {
        var scorer = new RowScorer(this, Features);
        return (ValueMapper<VBuffer<float>, VBuffer<float>>)((in VBuffer<float> row, ref VBuffer<float> scores) => CopyTo(scorer.Score(row), ref scores));
    }

    private protected override Delegate CreateGetter(string column, CurrentScores current, float threshold) => column switch
    {
        DefaultColumnNames.Score => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> scores) => CopyTo(current(), ref scores)),
        _ => base.CreateGetter(column, current, threshold),
    };

    private static VersionInfo GetVersionInfo() => MakeVersionInfo("BPVECREG", LoaderSignature);
}
