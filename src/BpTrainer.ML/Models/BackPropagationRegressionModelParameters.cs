using BpTrainer.ML;
using BpTrainer.ML.BlockScoring;
using BpTrainer.ML.Models;
using BpTrainer.ML.Onnx;
using Microsoft.ML.Trainers;

[assembly: LoadableClass(typeof(BackPropagationRegressionModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation regression model", BackPropagationRegressionModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// The model of <see cref="BackPropagationRegressionTrainer"/>: Score is the output of the network, in the units of the label.
/// </summary>
public sealed class BackPropagationRegressionModelParameters
    : BackPropagationModelParameters<float>, ICalculateFeatureContribution, IFeatureContributionMapper
{
    internal const string LoaderSignature = "BackPropRegression";

    private static readonly VersionInfo s_version = MakeVersionInfo("BPREGRES", LoaderSignature);

    internal BackPropagationRegressionModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, s_version, trained)
    {
    }

    private BackPropagationRegressionModelParameters(IHostEnvironment env, ModelLoadContext ctx)
        : base(env, s_version, ctx)
    {
    }

    FeatureContributionCalculator ICalculateFeatureContribution.FeatureContributionCalculator => new(this);

    private protected override PredictionKind PredictionKind => PredictionKind.Regression;

    internal static BackPropagationRegressionModelParameters Create(IHostEnvironment env, ModelLoadContext ctx) => new(env, ctx);

    ValueMapper<TSource, VBuffer<float>> IFeatureContributionMapper.GetFeatureContributionMapper<TSource, TContributions>(
        int top, int bottom, bool normalize) => (ValueMapper<TSource, VBuffer<float>>)CreateContributionMapper(top, bottom, normalize);

    private protected override void WriteOnnx(OnnxGraph graph, string inputs, string[] outputs) =>
        OnnxEnsemble.Predict(graph, Networks, inputs, outputs[0]);
}
