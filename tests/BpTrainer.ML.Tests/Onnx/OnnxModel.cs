using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Onnx;

namespace BpTrainer.ML.Tests.Onnx;

/// <summary>An ONNX file in Microsoft's runtime.</summary>
internal sealed class OnnxModel(byte[] file) : IDisposable
{
    private readonly InferenceSession _session = new(file);

    public IReadOnlyList<string> Inputs => _session.InputNames;

    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>The version of ONNX's own operators that the file asks for.</summary>
    public long OperatorSet { get; } = ReadOperatorSet(file);

    /// <summary>Computes outputs from the columns of the data that are named like the inputs.</summary>
    /// <returns>The rows of each output.</returns>
    public Dictionary<string, object[][]> Run(IDataView data, params string[] outputs)
    {
        using var values = _session.Run([.. Inputs.Select(name => Input(name, data.Rows(name)))], outputs);
        return values.ToDictionary(output => output.Name, output => output.ElementType switch
        {
            TensorElementType.Float => Rows<float>(output),
            TensorElementType.UInt32 => Rows<uint>(output),
            TensorElementType.Bool => Rows<bool>(output),
            TensorElementType.String => Rows<string>(output),
            TensorElementType type => throw new NotSupportedException($"The output {output.Name} has elements of type {type}."),
        });
    }

    /// <summary>The same by ML.NET's own transformer, which names the outputs of its converter after their columns.</summary>
    public Dictionary<string, object[][]> Apply(MLContext ml, IDataView data, string[] outputs)
    {
        // Given a stream, the transformer writes it to a file and leaves that behind.
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, file);
            using OnnxTransformer transformer = ml.Transforms.ApplyOnnxModel(outputs, [.. Inputs], path).Fit(data);
            IDataView applied = transformer.Transform(data);
            return outputs.ToDictionary(output => output, output => applied.Rows(output.Replace(".output", "", StringComparison.Ordinal)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    public void Dispose() => _session.Dispose();

    private static NamedOnnxValue Input(string name, object[][] rows) => rows[0][0] switch
    {
        float => Input<float>(name, rows),
        uint => Input<uint>(name, rows),
        bool => Input<bool>(name, rows),
        string => Input<string>(name, rows),
        object value => throw new NotSupportedException($"The column {name} has values of type {value.GetType()}."),
    };

    private static NamedOnnxValue Input<T>(string name, object[][] rows)
    {
        T[] values = [.. rows.SelectMany(row => row.Cast<T>())];
        return NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values, [rows.Length, rows[0].Length]));
    }

    private static object[][] Rows<T>(NamedOnnxValue output)
    {
        Tensor<T> tensor = output.AsTensor<T>();
        return [.. tensor.Cast<object>().Chunk((int)(tensor.Length / tensor.Dimensions[0]))];
    }

    /// <summary>ModelProto: opset_import 8; OperatorSetIdProto: domain 1, empty for ONNX's own, version 2.</summary>
    private static long ReadOperatorSet(byte[] file)
    {
        var model = new CodedInputStream(file);
        while (model.ReadTag() is uint tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) != 8)
            {
                model.SkipLastField();
                continue;
            }

            var (domain, version) = ("", 0L);
            CodedInputStream set = model.ReadBytes().CreateCodedInput();
            while (set.ReadTag() is uint field and not 0)
            {
                if (WireFormat.GetTagFieldNumber(field) == 1)
                {
                    domain = set.ReadString();
                }
                else
                {
                    version = set.ReadInt64();
                }
            }

            if (domain.Length == 0)
            {
                return version;
            }
        }

        throw new InvalidDataException("The file names no version of ONNX's own operators.");
    }
}
