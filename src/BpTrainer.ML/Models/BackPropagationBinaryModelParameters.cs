using System.Buffers;
using BpTrainer.ML;
using BpTrainer.ML.Models;
using BpTrainer.ML.Onnx;
using BpTrainer.ML.Training;

[assembly: LoadableClass(typeof(BackPropagationBinaryModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation binary classification model", BackPropagationBinaryModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// The model of <see cref="BackPropagationBinaryTrainer"/>. Score is the net input of the output unit (the log-odds), Probability its
/// output 1 / (1 + exp(−Score)), and PredictedLabel whether Score is above the threshold, which is 0 unless it was changed. An ensemble has
/// the mean of the probabilities of its networks, and Score is the log-odds of that.
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
        new(env, Load(env, ctx, s_version));

    ValueMapper<TSource, TScore, TProbability> IValueMapperDist.GetMapper<TSource, TScore, TProbability>()
    {
        var map = ((IValueMapper)this).GetMapper<TSource, float>();
        ValueMapper<TSource, float, float> both = (in TSource row, ref float score, ref float probability) =>
        {
            map(row, ref score);
            probability = Probability(score);
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
        file.AddOutput(DefaultColumnNames.Score, 1, isKey: false);
        file.AddOutput(DefaultColumnNames.Probability, 1, isKey: false);
    }

    private protected override void Score(ReadOnlySpan<float> inputs, Span<float> scores, int rows) =>
        MeanLogOdds.Predict(Trained.Predictor, inputs, sparse: null, scores, rows);

    private protected override void Score(SparseMatrix<float> inputs, Span<float> scores) =>
        MeanLogOdds.Predict(Trained.Predictor, [], inputs, scores, inputs.Rows);

    private protected override Delegate? CreateGetter(string column, CurrentScores current, float threshold) => column switch
    {
        DefaultColumnNames.Probability => (ValueGetter<float>)((ref float probability) => probability = Probability(current()[0])),
        DefaultColumnNames.PredictedLabel => (ValueGetter<bool>)((ref bool label) => label = current()[0] > threshold),
        _ => null,
    };

    private static float Probability(float score) => 1 / (1 + MathF.Exp(-score));
}

/// <summary>
/// The log-odds of the mean probability of several networks: ln(Σ wₖ σ(zₖ) / Σ wₖ σ(−zₖ)), where zₖ is the net input of the output of
/// network k and wₖ its weight. Computed from both sums it keeps its digits where the mean probability rounds to 0 or 1.
/// </summary>
internal static class MeanLogOdds
{
    /// <summary>Scores dense rows × inputs of the networks, or sparse ones; a single network gives its net input.</summary>
    public static void Predict(
        NetworkEnsemble<float> ensemble, ReadOnlySpan<float> dense, SparseMatrix<float>? sparse, Span<float> scores, int rows)
    {
        if (ensemble.Networks is [var alone])
        {
            PredictNetInput(alone, dense, sparse, scores, rows);
            return;
        }

        double[] rented = ArrayPool<double>.Shared.Rent(2 * rows);
        Span<double> yes = rented.AsSpan(0, rows);
        Span<double> no = rented.AsSpan(rows, rows);
        yes.Clear();
        no.Clear();
        for (int k = 0; k < ensemble.Networks.Count; k++)
        {
            double weight = ensemble.Weights[k];
            PredictNetInput(ensemble.Networks[k], dense, sparse, scores, rows);
            for (int row = 0; row < rows; row++)
            {
                yes[row] += weight / (1 + Math.Exp(-(double)scores[row]));
                no[row] += weight / (1 + Math.Exp((double)scores[row]));
            }
        }

        for (int row = 0; row < rows; row++)
        {
            scores[row] = (float)Math.Log(yes[row] / no[row]);
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    private static void PredictNetInput(
        Network<float> network, ReadOnlySpan<float> dense, SparseMatrix<float>? sparse, Span<float> scores, int rows)
    {
        if (sparse is null)
        {
            network.PredictNetInput(dense, scores, rows);
        }
        else
        {
            network.PredictNetInput(sparse, scores);
        }
    }
}
