using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests.Onnx;

/// <summary>
/// Microsoft's ONNX runtime for JavaScript, where there is one: the environment variable ONNXRUNTIME_MODULES names the folder
/// node_modules after <c>npm install onnxruntime-web</c>, and node is on the path.
/// </summary>
internal static class OnnxRuntime
{
    public const string Variable = "ONNXRUNTIME_MODULES";

    /// <summary>NaN, for which JSON has no number, is "NaN" there and back; JavaScript makes a number of it.</summary>
    private static readonly JsonSerializerOptions NamedNumbers = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static string? Modules { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    /// <summary>Runs a model on the columns of the data that it has as inputs.</summary>
    public static Dictionary<string, OnnxTensor> Run(byte[] file, IDataView data)
    {
        string folder = Directory.CreateTempSubdirectory("bptrainer-onnx-").FullName;
        try
        {
            string model = Path.Combine(folder, "model.onnx");
            string inputs = Path.Combine(folder, "inputs.json");
            File.WriteAllBytes(model, file);
            File.WriteAllText(inputs, JsonSerializer.Serialize(new OnnxModel(file).Inputs.ToDictionary(name => name, name => Describe(data, name))));
            return Start(Path.Combine(AppContext.BaseDirectory, "Onnx", "runtime", "run.mjs"), Modules!, model, inputs);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Tensor Describe(IDataView data, string name)
    {
        OnnxTensor values = OnnxInput.Read(data, name);
        int[] dims = [values.Rows, values.Columns];
        return data.Schema[name].Type switch
        {
            TextDataViewType => new Tensor("string", dims, JsonSerializer.SerializeToElement(values.Texts)),
            KeyDataViewType => new Tensor("uint32", dims, JsonSerializer.SerializeToElement(values.Numbers)),
            BooleanDataViewType => new Tensor("bool", dims, JsonSerializer.SerializeToElement(values.Numbers)),
            _ => new Tensor("float32", dims, JsonSerializer.SerializeToElement(values.Numbers, NamedNumbers)),
        };
    }

    private static Dictionary<string, OnnxTensor> Start(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return JsonSerializer.Deserialize<Dictionary<string, Tensor>>(output)!.ToDictionary(pair => pair.Key, pair => pair.Value.Read());
    }

    private sealed record Tensor(
        [property: JsonPropertyName("type")] string Type,
        [property: JsonPropertyName("dims")] int[] Dims,
        [property: JsonPropertyName("data")] JsonElement Data)
    {
        public OnnxTensor Read() => Type == "string"
            ? new OnnxTensor(Dims[0], Dims[^1], [], Data.Deserialize<string[]>()!)
            : new OnnxTensor(Dims[0], Dims[^1], Data.Deserialize<double[]>(NamedNumbers)!);
    }
}
