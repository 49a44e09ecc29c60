using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests.Onnx;

/// <summary>Columns of a data view as inputs of an exported pipeline.</summary>
internal static class OnnxInput
{
    public static OnnxTensor Read(IDataView data, string name)
    {
        switch (data.Schema[name].Type)
        {
            case VectorDataViewType vector:
                return Numbers(data.Values<VBuffer<float>>(name).SelectMany(row => row.DenseValues().ToArray()), vector.Size);
            case TextDataViewType:
                string[] texts = [.. data.Values<ReadOnlyMemory<char>>(name).Select(text => text.ToString())];
                return new OnnxTensor(texts.Length, 1, [], texts);
            case KeyDataViewType:
                return Numbers(data.Values<uint>(name).Select(key => (float)key), 1);
            case BooleanDataViewType:
                return Numbers(data.Values<bool>(name).Select(flag => flag ? 1f : 0), 1);
            default:
                return Numbers(data.Values<float>(name), 1);
        }
    }

    private static OnnxTensor Numbers(IEnumerable<float> values, int columns)
    {
        double[] numbers = [.. values.Select(x => (double)x)];
        return new OnnxTensor(numbers.Length / columns, columns, numbers);
    }
}
