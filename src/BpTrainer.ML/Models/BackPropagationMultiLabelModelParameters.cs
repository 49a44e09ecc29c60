using BpTrainer.ML;
using BpTrainer.ML.Models;
using BpTrainer.ML.Onnx;
using BpTrainer.ML.Training;

[assembly: LoadableClass(typeof(BackPropagationMultiLabelModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation multi-label classification model", BackPropagationMultiLabelModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// The model of <see cref="BackPropagationMultiLabelTrainer"/>. All columns are vectors with a slot for every label: Score holds the
/// log-odds, Probability holds 1 / (1 + exp(−Score)), and PredictedLabel says whether Score is above 0. For an ensemble, Probability holds
/// the means of the probabilities of its networks, and Score the log-odds of these means.
/// </summary>
public sealed class BackPropagationMultiLabelModelParameters : BackPropagationVectorModelParameters
{
    internal const string LoaderSignature = "BackPropMultiLabel";

    private const string ColumnKind = "MultiLabelClassification";

    private static readonly VersionInfo s_version = TrainedNetwork.MakeVersionInfo("BPMULTIL", LoaderSignature);

    internal BackPropagationMultiLabelModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, s_version, trained)
    {
    }

    private protected override PredictionKind PredictionKind => PredictionKind.Custom;

    internal override (string Kind, (string Name, PrimitiveDataViewType Type)[] Columns) PredictedColumns => (ColumnKind,
    [
        (DefaultColumnNames.Score, NumberDataViewType.Single),
        (DefaultColumnNames.Probability, NumberDataViewType.Single),
        (DefaultColumnNames.PredictedLabel, BooleanDataViewType.Instance),
    ]);

    internal static BackPropagationMultiLabelModelParameters Create(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env, ProbabilityOutput.CheckLoaded(env, Load(env, ctx, s_version), isSoftmax: false));

    private protected override void Score(ReadOnlySpan<float> inputs, Span<float> scores, int rows) =>
        MeanLogOdds.Predict(Trained.Predictor, inputs, sparse: null, scores, rows);

    private protected override void Score(SparseMatrix<float> inputs, Span<float> scores) =>
        MeanLogOdds.Predict(Trained.Predictor, [], inputs, scores, inputs.Rows);

    private protected override Delegate? CreateGetter(string column, CurrentScores current, float threshold) => column switch
    {
        DefaultColumnNames.Probability => Convert(current, MeanLogOdds.Probability),
        DefaultColumnNames.PredictedLabel => Convert(current, score => score > threshold),
        _ => null,
    };

    private protected override void WriteOnnx(OnnxGraph graph, string inputs, string[] outputs)
    {
        string score = OnnxEnsemble.LogOdds(graph, Trained.Predictor, inputs, outputs[0]);
        graph.Node("Sigmoid", [score], outputs[1]);
        graph.Node("Greater", [score, graph.Constant(0)], outputs[2]);
    }

    private protected override void WriteOnnxOutputs(OnnxFile file, string inputs)
    {
        string[] columns = [.. PredictedColumns.Columns.Select(column => column.Name)];
        WriteOnnx(file, inputs, columns);
        file.AddOutput(columns[0], Network.Outputs);
        file.AddOutput(columns[1], Network.Outputs);
        file.AddOutput(columns[2], Network.Outputs, OnnxGraph.Boolean);
    }

    private static ValueGetter<VBuffer<T>> Convert<T>(CurrentScores current, Func<float, T> convert) => (ref VBuffer<T> values) =>
    {
        ReadOnlySpan<float> scores = current();
        VBufferEditor<T> editor = VBufferEditor.Create(ref values, scores.Length);
        for (int i = 0; i < scores.Length; i++)
        {
            editor.Values[i] = convert(scores[i]);
        }

        values = editor.Commit();
    };
}
