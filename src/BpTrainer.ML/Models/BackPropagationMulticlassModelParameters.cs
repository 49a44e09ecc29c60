using BpTrainer.ML;
using BpTrainer.ML.Models;
using BpTrainer.ML.Onnx;
using BpTrainer.ML.Training;
using Microsoft.ML.Internal.Utilities;

[assembly: LoadableClass(typeof(BackPropagationMulticlassModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation multiclass classification model", BackPropagationMulticlassModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// The model of <see cref="BackPropagationMulticlassTrainer"/>: Score holds the probability of every class (they sum to 1), and
/// PredictedLabel is the class with the highest probability.
/// </summary>
/// <remarks>
/// Output units other than softmax give each class its own probability, and <c>Network.Predict</c> returns these. Score holds them divided
/// by their sum; an ensemble predicts the mean of the scores of its networks.
/// </remarks>
public sealed class BackPropagationMulticlassModelParameters : BackPropagationModelParameters<VBuffer<float>>
{
    internal const string LoaderSignature = "BackPropMulticlass";

    private static readonly VersionInfo s_version = TrainedNetwork.MakeVersionInfo("BPMULTIC", LoaderSignature);

    internal BackPropagationMulticlassModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, s_version, trained)
    {
    }

    private protected override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

    internal static BackPropagationMulticlassModelParameters Create(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env, ProbabilityOutput.CheckLoaded(env, Load(env, ctx, s_version), isSoftmax: true));

    private bool IsSoftmax => Network.Layers[^1].Activation == Activation.Softmax;

    private protected override void Score(ReadOnlySpan<float> inputs, Span<float> scores, int rows)
    {
        if (IsSoftmax)
        {
            base.Score(inputs, scores, rows);
        }
        else
        {
            SharesOfClasses.Predict(Trained.Predictor, inputs, sparse: null, scores, rows);
        }
    }

    private protected override void Score(SparseMatrix<float> inputs, Span<float> scores)
    {
        if (IsSoftmax)
        {
            base.Score(inputs, scores);
        }
        else
        {
            SharesOfClasses.Predict(Trained.Predictor, [], inputs, scores, inputs.Rows);
        }
    }

    // A key counts from 1; 0 means missing, which is the result of a row of NaN.
    private protected override Delegate? CreateGetter(string column, CurrentScores current, float threshold) =>
        column == DefaultColumnNames.PredictedLabel
        ? (ValueGetter<uint>)((ref uint label) => label = (uint)(MathUtils.ArgMax(current()) + 1))
        : null;

    private protected override void WriteOnnx(OnnxGraph graph, string inputs, string[] outputs)
    {
        if (IsSoftmax)
        {
            OnnxEnsemble.Predict(graph, Trained.Predictor, inputs, outputs[1]);
        }
        else
        {
            OnnxEnsemble.SharesOfClasses(graph, Trained.Predictor, inputs, outputs[1]);
        }

        // A key counts from 1, so it is the index of the highest probability plus 1.
        string index = graph.Node("ArgMax", [outputs[1]], null, new OnnxAttribute("axis", 1), new OnnxAttribute("keepdims", 1));
        string number = graph.Node("Cast", [index], null, new OnnxAttribute("to", OnnxGraph.Float));
        string key = graph.Node("Add", [number, graph.Constant(1)]);
        graph.Node("Cast", [key], outputs[0], new OnnxAttribute("to", OnnxGraph.UInt32));
    }

    private protected override void WriteOnnxOutputs(OnnxFile file, string inputs)
    {
        WriteOnnx(file, inputs, [DefaultColumnNames.PredictedLabel, DefaultColumnNames.Score]);
        file.AddOutput(DefaultColumnNames.PredictedLabel, 1, OnnxGraph.UInt32);
        file.AddOutput(DefaultColumnNames.Score, Network.Outputs);
    }
}
