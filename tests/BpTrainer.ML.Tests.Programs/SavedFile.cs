using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests.Programs;

/// <summary>One kind of file, large enough that a process can be killed while it writes it.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Write">Writes it to a path.</param>
/// <param name="Check">Throws unless a path has a whole one.</param>
internal sealed record SavedFile(string Kind, Action<string> Write, Action<string> Check)
{
    private const int Inputs = 1000;
    private const int Units = 2000;

    private static readonly Lazy<Network<float>> s_network = new(
        () => new NetworkBuilder(Inputs).Add(Units, Activation.Tanh).Add(1, Activation.Linear).Build<float>());
    private static readonly Lazy<(MLContext Context, ITransformer Model, DataViewSchema Schema)> s_model = new(Fit);

    public static IReadOnlyList<SavedFile> All { get; } =
    [
        new("network", path => s_network.Value.Save(path), path => Network<float>.Load(path)),
        new(
            "ensemble",
            path => new NetworkEnsemble<float>(s_network.Value, s_network.Value).Save(path),
            path => NetworkEnsemble<float>.Load(path)),
        new("json", path => s_network.Value.SaveJson(path), path => System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(path)).Dispose()),
        new("checkpoint", path => Train(Checkpoint.ToFile(path)), path => Resume(path)),
        new("onnx", path => Model.SaveAsOnnx(path), path => CheckOnnx(path)),
    ];

    private static BackPropagationRegressionModelParameters Model =>
        ((BackPropagationTransformer<BackPropagationRegressionModelParameters>)s_model.Value.Model).Model;

    private static DataSet<float> OneRow { get; } = new(new float[Inputs], Inputs, new float[1], 1);

    private static void Train(Checkpoint checkpoint) =>
        new NetworkTrainer<float>(s_network.Value, new TrainingOptions { Epochs = 1, Checkpoint = checkpoint }).Train(OneRow);

    private static void Resume(string path)
    {
        using FileStream stream = File.OpenRead(path);
        new NetworkTrainer<float>(s_network.Value, new TrainingOptions { Epochs = 1 }).Resume(stream, OneRow);
    }

    private static (MLContext Context, ITransformer Model, DataViewSchema Schema) Fit()
    {
        var context = new MLContext(seed: 1);
        IDataView data = context.Data.LoadFromEnumerable([new Row(), new Row { Label = 1 }]);
        return (context, context.Regression.Trainers.BackPropagation(hiddenLayers: [Units], numberOfEpochs: 1).Fit(data), data.Schema);
    }

    /// <summary>The message ends with the operator set: field 8, two bytes long.</summary>
    private static void CheckOnnx(string path)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        if (file.Length < sizeof(float) * Inputs * Units || !file[^4..].SequenceEqual((ReadOnlySpan<byte>)[0x42, 2, 0x10, 9]))
        {
            throw new InvalidDataException($"{path} is no whole ONNX file: it has {file.Length} bytes.");
        }
    }

    private sealed class Row
    {
        public float Label { get; set; }

        [VectorType(Inputs)]
        public float[] Features { get; set; } = new float[Inputs];
    }
}
