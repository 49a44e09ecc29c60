using BpTrainer.ML;
using BpTrainer.ML.Models;
using BpTrainer.ML.Training;

[assembly: LoadableClass(typeof(BackPropagationRegressionModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation regression model", BackPropagationRegressionModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// The model of <see cref="BackPropagationRegressionTrainer"/>: Score is the output of the network, in the units of the label.
/// </summary>
public sealed class BackPropagationRegressionModelParameters : BackPropagationModelParameters<float>, IFeatureContributionModel
{
    internal const string LoaderSignature = "BackPropRegression";

    private static readonly VersionInfo s_version = TrainedNetwork.MakeVersionInfo("BPREGRES", LoaderSignature);

    internal BackPropagationRegressionModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, s_version, trained)
    {
    }

    private protected override PredictionKind PredictionKind => PredictionKind.Regression;

    internal static BackPropagationRegressionModelParameters Create(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env, Load(env, ctx, s_version));
}
