using BpTrainer.ML;
using BpTrainer.ML.Models;
using BpTrainer.ML.Onnx;
using BpTrainer.ML.Training;

[assembly: LoadableClass(typeof(BackPropagationEncoderModelParameters), null, typeof(SignatureLoadModel),
    "Back-propagation encoder", BackPropagationEncoderModelParameters.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// The model of <see cref="BackPropagationEncoderTransformer"/>: the network of another model up to a hidden layer, whose outputs are the
/// codes of the features. The history and the stop reason are those of the training of the whole network.
/// </summary>
public sealed class BackPropagationEncoderModelParameters : BackPropagationModelParameters<VBuffer<float>>
{
    internal const string LoaderSignature = "BackPropEncoderModel";
    internal const string DefaultOutputColumnName = "Codes";

    private static readonly VersionInfo s_version = TrainedNetwork.MakeVersionInfo("BPENCMOD", LoaderSignature);

    internal BackPropagationEncoderModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, s_version, trained)
    {
    }

    private protected override PredictionKind PredictionKind => PredictionKind.Custom;

    internal static BackPropagationEncoderModelParameters Create(IHostEnvironment env, ModelLoadContext ctx) =>
        new(env, Load(env, ctx, s_version));

    private protected override Delegate CreateGetter(string column, CurrentScores current, float threshold) =>
        CreateVectorGetter(current);

    private protected override void WriteOnnxOutputs(OnnxFile file, string inputs)
    {
        WriteOnnx(file, inputs, [DefaultOutputColumnName]);
        file.AddOutput(DefaultOutputColumnName, Network.Outputs);
    }
}
