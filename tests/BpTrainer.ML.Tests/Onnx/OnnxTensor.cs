using System.Runtime.InteropServices;

namespace BpTrainer.ML.Tests.Onnx;

/// <summary>A matrix of numbers or of texts; a vector is one row.</summary>
internal sealed record OnnxTensor(int Rows, int Columns, double[] Numbers, string[] Texts)
{
    public OnnxTensor(int rows, int columns, double[] numbers) : this(rows, columns, numbers, [])
    {
    }

    /// <summary>TensorProto: dims 1, data_type 2, float_data 4, int32_data 5, string_data 6, int64_data 7, raw_data 9.</summary>
    public static OnnxTensor Read(ProtobufMessage message)
    {
        long[] shape = message.Wholes(1);
        double[] numbers =
        [
            .. message.Reals(4).Select(x => (double)x),
            .. message.Wholes(5).Concat(message.Wholes(7)).Select(x => (double)x),
            .. ReadRaw(message),
        ];
        string[] texts = message.Texts(6);
        int count = Math.Max(numbers.Length, texts.Length);
        int columns = shape.Length == 0 ? count : (int)shape[^1];
        return new OnnxTensor(columns == 0 ? 0 : count / columns, columns, numbers, texts);
    }

    /// <summary>Float is type 1, int64 type 7.</summary>
    private static IEnumerable<double> ReadRaw(ProtobufMessage message) => message.Wholes(2)[0] switch
    {
        7 => MemoryMarshal.Cast<byte, long>(message.Bytes(9).Span).ToArray().Select(x => (double)x),
        _ => MemoryMarshal.Cast<byte, float>(message.Bytes(9).Span).ToArray().Select(x => (double)x),
    };

    /// <summary>The number at a place; a single row or column serves for all.</summary>
    public double At(int row, int column) => Numbers[((Rows == 1 ? 0 : row) * Columns) + (Columns == 1 ? 0 : column)];

    public OnnxTensor Map(Func<double, double> map) => new(Rows, Columns, [.. Numbers.Select(map)]);

    public OnnxTensor With(OnnxTensor other, Func<double, double, double> combine)
    {
        int rows = Math.Max(Rows, other.Rows);
        int columns = Math.Max(Columns, other.Columns);
        return Fill(rows, columns, (r, c) => combine(At(r, c), other.At(r, c)));
    }

    public static OnnxTensor Fill(int rows, int columns, Func<int, int, double> value)
    {
        var numbers = new double[rows * columns];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = value(i / columns, i % columns);
        }

        return new OnnxTensor(rows, columns, numbers);
    }
}
