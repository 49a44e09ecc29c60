using BpTrainer.ML;
using BpTrainer.ML.Models;
using BpTrainer.ML.Onnx;
using BpTrainer.ML.Training;

[assembly: LoadableClass(typeof(BackPropagationBinaryModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation binary classification model", BackPropagationBinaryModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// The model of <see cref="BackPropagationBinaryTrainer"/>. Score is the log-odds: the net input z of the output unit, or 2z for tanh.
/// Probability is 1 / (1 + exp(−Score)). PredictedLabel says whether Score is above the threshold, which is 0 unless it was changed. For an
/// ensemble, Probability is the mean of the probabilities of its networks, and Score is the log-odds of that mean.
/// </summary>
public sealed class BackPropagationBinaryModelParameters : BackPropagationModelParameters<float>, IValueMapperDist,
    IDistPredictorProducing<float, float>, IFeatureContributionModel
{
    internal const string LoaderSignature = "BackPropBinary";

    private static readonly VersionInfo s_version = TrainedNetwork.MakeVersionInfo("BPBINARY", LoaderSignature);

    internal BackPropagationBinaryModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, s_version, trained)
    {
    }

    DataViewType IValueMapperDist.DistType => NumberDataViewType.Single;

    private protected override PredictionKind PredictionKind => PredictionKind.BinaryClassification;

    internal static BackPropagationBinaryModelParameters Create(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env, ProbabilityOutput.CheckLoaded(env, Load(env, ctx, s_version), isSoftmax: false));

    ValueMapper<TSource, TScore, TProbability> IValueMapperDist.GetMapper<TSource, TScore, TProbability>()
    {
        var map = ((IValueMapper)this).GetMapper<TSource, float>();
        ValueMapper<TSource, float, float> both = (in TSource row, ref float score, ref float probability) =>
        {
            map(row, ref score);
            probability = MeanLogOdds.Probability(score);
        };
        return (ValueMapper<TSource, TScore, TProbability>)(Delegate)both;
    }

    private protected override void WriteOnnx(OnnxGraph graph, string inputs, string[] outputs)
    {
        // All of PredictedLabel, Score and Probability, where ML.NET's scorer writes the first; or Score alone, under a calibrator.
        string score = OnnxEnsemble.LogOdds(graph, Trained.Predictor, inputs, outputs.Length == 1 ? outputs[0] : outputs[1]);
        if (outputs.Length > 2)
        {
            graph.Node("Sigmoid", [score], outputs[2]);
        }
    }

    private protected override void WriteOnnxOutputs(OnnxFile file, string inputs)
    {
        WriteOnnx(file, inputs, [DefaultColumnNames.PredictedLabel, DefaultColumnNames.Score, DefaultColumnNames.Probability]);
        file.AddOutput(DefaultColumnNames.Score, 1);
        file.AddOutput(DefaultColumnNames.Probability, 1);
    }

    private protected override void Score(ReadOnlySpan<float> inputs, Span<float> scores, int rows) =>
        MeanLogOdds.Predict(Trained.Predictor, inputs, sparse: null, scores, rows);

    private protected override void Score(SparseMatrix<float> inputs, Span<float> scores) =>
        MeanLogOdds.Predict(Trained.Predictor, [], inputs, scores, inputs.Rows);

    private protected override Delegate? CreateGetter(string column, CurrentScores current, float threshold) => column switch
    {
        DefaultColumnNames.Probability => (ValueGetter<float>)((ref float p) => p = MeanLogOdds.Probability(current()[0])),
        DefaultColumnNames.PredictedLabel => (ValueGetter<bool>)((ref bool label) => label = current()[0] > threshold),
        _ => null,
    };
}
