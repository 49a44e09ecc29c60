using BpTrainer.ML;
using BpTrainer.ML.Training;

[assembly: LoadableClass(typeof(BackPropagationMultiOutputModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation regression model of several outputs", BackPropagationMultiOutputModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// The model of <see cref="BackPropagationMultiOutputTrainer"/>: Score is a vector with a prediction for every slot of the label, in its
/// units, or with the quantiles of the label.
/// </summary>
public sealed class BackPropagationMultiOutputModelParameters : BackPropagationVectorModelParameters
{
    internal const string LoaderSignature = "BackPropVectorRegression";

    private static readonly VersionInfo s_version = TrainedNetwork.MakeVersionInfo("BPVECREG", LoaderSignature);

    internal BackPropagationMultiOutputModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, s_version, trained)
    {
    }

    private protected override PredictionKind PredictionKind => PredictionKind.Regression;

    internal override (string Kind, (string Name, PrimitiveDataViewType Type)[] Columns) PredictedColumns =>
        (AnnotationUtils.Const.ScoreColumnKind.Regression, [(DefaultColumnNames.Score, NumberDataViewType.Single)]);

    internal static BackPropagationMultiOutputModelParameters Create(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env, Load(env, ctx, s_version));
}
