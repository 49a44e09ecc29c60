using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(BackPropagationRegressionModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation regression model", BackPropagationRegressionModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>The model of <see cref="BackPropagationRegressionTrainer"/>: Score is the network's output, in the units of the label.</summary>
/// <remarks>Where the label was a vector, the model is a <see cref="BackPropagationVectorRegressionModelParameters"/>.</remarks>
public class BackPropagationRegressionModelParameters : BackPropagationModelParameters<float>
{
    internal const string LoaderSignature = "BackPropRegression";

    internal BackPropagationRegressionModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, LoaderSignature, trained)
    {
    }

    private BackPropagationRegressionModelParameters(IHostEnvironment env, ModelLoadContext ctx)
        : base(env, LoaderSignature, ctx)
    {
        Host.CheckDecode(Network.Outputs == 1);
    }

    private protected BackPropagationRegressionModelParameters(IHostEnvironment env, string name, TrainedNetwork trained)
        : base(env, name, trained)
    {
    }

    private protected BackPropagationRegressionModelParameters(IHostEnvironment env, string name, ModelLoadContext ctx)
        : base(env, name, ctx)
    {
    }

    private protected sealed override PredictionKind PredictionKind => PredictionKind.Regression;

    private protected override DataViewType OutputType => NumberDataViewType.Single;

    private protected override VersionInfo VersionInfo => GetVersionInfo();

    internal static BackPropagationRegressionModelParameters Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new BackPropagationRegressionModelParameters(env, ctx);
    }

    private protected override Delegate CreateMapper()
    {
        var scorer = new RowScorer(this, Network.Inputs);
        return (ValueMapper<VBuffer<float>, float>)((in VBuffer<float> row, ref float score) => score = scorer.Score(row)[0]);
    }

    private protected override Delegate CreateGetter(string column, CurrentScores current) => column switch
    {
        DefaultColumnNames.Score => (ValueGetter<float>)((ref float score) => score = current()[0]),
        _ => throw Host.ExceptParam(nameof(column), $"A regression has no column '{column}'."),
    };

    private static VersionInfo GetVersionInfo() => MakeVersionInfo("BPREGRES", LoaderSignature);
}
