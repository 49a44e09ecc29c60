using System.Buffers;
using BpTrainer.ML;
using BpTrainer.ML.BlockScoring;
using BpTrainer.ML.Models;
using BpTrainer.ML.Onnx;
using Microsoft.ML.Trainers;

[assembly: LoadableClass(typeof(BackPropagationBinaryModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation binary classification model", BackPropagationBinaryModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// The model of <see cref="BackPropagationBinaryTrainer"/>. Score is the net input of the output unit (the log-odds), Probability its
/// output 1 / (1 + exp(−Score)), and PredictedLabel whether Score is above the threshold, which is 0 unless it was changed. An ensemble has
/// the mean of the probabilities of its networks, and Score is the log-odds of that.
/// </summary>
public sealed class BackPropagationBinaryModelParameters : BackPropagationModelParameters<float>, IValueMapperDist,
    IDistPredictorProducing<float, float>, ICalculateFeatureContribution, IFeatureContributionMapper
{
    internal const string LoaderSignature = "BackPropBinary";

    private static readonly VersionInfo s_version = MakeVersionInfo("BPBINARY", LoaderSignature);

    internal BackPropagationBinaryModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, s_version, trained)
    {
    }

    private BackPropagationBinaryModelParameters(IHostEnvironment env, ModelLoadContext ctx)
        : base(env, s_version, ctx)
    {
    }

    FeatureContributionCalculator ICalculateFeatureContribution.FeatureContributionCalculator => new(this);

    DataViewType IValueMapperDist.DistType => NumberDataViewType.Single;

    private protected override PredictionKind PredictionKind => PredictionKind.BinaryClassification;

    internal static BackPropagationBinaryModelParameters Create(IHostEnvironment env, ModelLoadContext ctx) => new(env, ctx);

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

    ValueMapper<TSource, VBuffer<float>> IFeatureContributionMapper.GetFeatureContributionMapper<TSource, TContributions>(
        int top, int bottom, bool normalize) => (ValueMapper<TSource, VBuffer<float>>)CreateContributionMapper(top, bottom, normalize);

    private protected override void WriteOnnx(OnnxGraph graph, string inputs, string[] outputs)
    {
        // All of PredictedLabel, Score and Probability, where ML.NET's scorer writes the first; or Score alone, under a calibrator.
        string score = OnnxEnsemble.LogOdds(graph, Networks, inputs, outputs.Length == 1 ? outputs[0] : outputs[1]);
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

    private protected override void Score(ReadOnlySpan<float> inputs, Span<float> scores, int rows)
    {
        if (Ensemble is null)
        {
            Network.PredictNetInput(inputs, scores, rows);
        }
        else
        {
            MeanLogOdds.Predict(Ensemble.Networks, inputs, scores, rows);
        }
    }

    private protected override void Score(SparseMatrix<float> inputs, Span<float> scores)
    {
        if (Ensemble is null)
        {
            Network.PredictNetInput(inputs, scores);
        }
        else
        {
            MeanLogOdds.Predict(Ensemble.Networks, inputs, scores);
        }
    }

    private protected override Delegate? CreateGetter(string column, CurrentScores current, float threshold) => column switch
    {
        DefaultColumnNames.Probability => (ValueGetter<float>)((ref float probability) => probability = Probability(current()[0])),
        DefaultColumnNames.PredictedLabel => (ValueGetter<bool>)((ref bool label) => label = current()[0] > threshold),
        _ => null,
    };

    private static float Probability(float score) => 1 / (1 + MathF.Exp(-score));
}

/// <summary>
/// The log-odds of the mean probability of several networks: ln(Σ σ(zₖ) / Σ σ(−zₖ)), where zₖ is the net input of the output of network k.
/// Computed from both sums it keeps its digits where the mean probability rounds to 0 or 1.
/// </summary>
internal static class MeanLogOdds
{
    /// <summary>Scores samples: inputs are rows × inputs of the networks, row after row, and scores has a number a row.</summary>
    public static void Predict(IReadOnlyList<Network<float>> networks, ReadOnlySpan<float> inputs, Span<float> scores, int rows) =>
        Predict(networks, inputs, sparse: null, scores, rows);

    /// <summary>Scores samples of which most inputs are 0.</summary>
    public static void Predict(IReadOnlyList<Network<float>> networks, SparseMatrix<float> inputs, Span<float> scores) =>
        Predict(networks, [], inputs, scores, inputs.Rows);

    private static void Predict(
        IReadOnlyList<Network<float>> networks, ReadOnlySpan<float> inputs, SparseMatrix<float>? sparse, Span<float> scores, int rows)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(2 * rows);
        Span<double> yes = rented.AsSpan(0, rows);
        Span<double> no = rented.AsSpan(rows, rows);
        yes.Clear();
        no.Clear();
        foreach (Network<float> network in networks)
        {
            if (sparse is null)
            {
                network.PredictNetInput(inputs, scores, rows);
            }
            else
            {
                network.PredictNetInput(sparse, scores);
            }

            for (int row = 0; row < rows; row++)
            {
                yes[row] += 1 / (1 + Math.Exp(-(double)scores[row]));
                no[row] += 1 / (1 + Math.Exp((double)scores[row]));
            }
        }

        for (int row = 0; row < rows; row++)
        {
            scores[row] = (float)Math.Log(yes[row] / no[row]);
        }

        ArrayPool<double>.Shared.Return(rented);
    }
}
