using BpTrainer.ML;
using BpTrainer.ML.BlockScoring;
using BpTrainer.ML.Models;
using BpTrainer.ML.Onnx;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

[assembly: LoadableClass(typeof(BackPropagationRegressionModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation regression model", BackPropagationRegressionModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>The model of <see cref="BackPropagationRegressionTrainer"/>: Score is the network's output, in the units of the label.</summary>
/// <remarks>Where the label was a vector, the model is a <see cref="BackPropagationVectorRegressionModelParameters"/>.</remarks>
public class BackPropagationRegressionModelParameters : BackPropagationModelParameters<float>, ICalculateFeatureContribution, IFeatureContributionMapper
{
    internal const string LoaderSignature = "BackPropRegression";

    internal BackPropagationRegressionModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, LoaderSignature, trained)
    {
    }

    private BackPropagationRegressionModelParameters(IHostEnvironment env, ModelLoadContext ctx)
        : base(env, LoaderSignature, ctx)
    {
        Host.CheckDecode(Network.Outputs == 1, $"The saved network has {Network.Outputs} outputs, but should have one.");
    }

    private protected BackPropagationRegressionModelParameters(IHostEnvironment env, string name, TrainedNetwork trained)
        : base(env, name, trained)
    {
    }

    private protected BackPropagationRegressionModelParameters(IHostEnvironment env, string name, ModelLoadContext ctx)
        : base(env, name, ctx)
    {
    }

    FeatureContributionCalculator ICalculateFeatureContribution.FeatureContributionCalculator => new(this);

    private protected sealed override PredictionKind PredictionKind => PredictionKind.Regression;

    private protected override DataViewType OutputType => NumberDataViewType.Single;

    private protected override VersionInfo VersionInfo => GetVersionInfo();

    internal static BackPropagationRegressionModelParameters Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new BackPropagationRegressionModelParameters(env, ctx);
    }

    ValueMapper<TSource, VBuffer<float>> IFeatureContributionMapper.GetFeatureContributionMapper<TSource, TContributions>(int top, int bottom, bool normalize) =>
        (ValueMapper<TSource, VBuffer<float>>)CreateContributionMapper(top, bottom, normalize);

    private protected override Delegate CreateMapper()
    {
        var scorer = new RowScorer(this, Features);
        return (ValueMapper<VBuffer<float>, float>)((in VBuffer<float> row, ref float score) => score = scorer.Score(row)[0]);
    }

    private protected override Delegate CreateGetter(string column, CurrentScores current, float threshold) => column switch
    {
        DefaultColumnNames.Score => (ValueGetter<float>)((ref float score) => score = current()[0]),
        _ => throw Host.ExceptParam(nameof(column), $"A regression has no column '{column}'."),
    };

    private protected sealed override void WriteOnnx(OnnxGraph graph, string inputs, string[] outputs) =>
        OnnxEnsemble.Predict(graph, Networks, inputs, outputs[0]);

    private static VersionInfo GetVersionInfo() => MakeVersionInfo("BPREGRES", LoaderSignature);
}
