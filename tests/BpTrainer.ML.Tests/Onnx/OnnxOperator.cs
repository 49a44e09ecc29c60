namespace BpTrainer.ML.Tests.Onnx;

/// <summary>The operators that our models and the pipelines of the tests use, by the definitions of ONNX's operator documentation.</summary>
internal sealed class OnnxOperator(string name, ProtobufMessage[] attributes)
{
    public OnnxTensor Compute(OnnxTensor[] x) => name switch
    {
        "Identity" => x[0],
        "Add" => x[0].With(x[1], (a, b) => a + b),
        "Sub" => x[0].With(x[1], (a, b) => a - b),
        "Mul" => x[0].With(x[1], (a, b) => a * b),
        "Div" => x[0].With(x[1], (a, b) => a / b),
        "Less" => x[0].With(x[1], (a, b) => a < b ? 1 : 0),
        "IsNaN" => x[0].Map(a => double.IsNaN(a) ? 1 : 0),
        "Where" => x[0].With(x[1], (a, b) => a != 0 ? b : 0).With(x[0].With(x[2], (a, b) => a != 0 ? 0 : b), (a, b) => a + b),
        "Not" => x[0].Map(a => a == 0 ? 1 : 0),
        "Sum" => x.Aggregate((sum, next) => sum.With(next, (a, b) => a + b)),
        "Max" => x.Aggregate((most, next) => most.With(next, Math.Max)),
        "Clip" => x[0].With(x[1], Math.Max),
        "Tanh" => x[0].Map(Math.Tanh),
        "Sigmoid" => x[0].Map(a => 1 / (1 + Math.Exp(-a))),
        "Log" => x[0].Map(Math.Log),
        "Neg" => x[0].Map(a => -a),
        "Exp" => x[0].Map(Math.Exp),
        "Relu" => x[0].Map(a => Math.Max(0, a)),
        "Softplus" => x[0].Map(a => Math.Log(Math.Exp(a) + 1)),
        "LeakyRelu" => x[0].Map(a => a < 0 ? Real("alpha", 0.01) * a : a),
        "Elu" => x[0].Map(a => a < 0 ? Real("alpha", 1) * (Math.Exp(a) - 1) : a),
        "Selu" => x[0].Map(a => Real("gamma", 1.05070102214813232421875) * (a > 0 ? a : Real("alpha", 1.67326319217681884765625) * (Math.Exp(a) - 1))),
        "PRelu" => x[0].With(x[1], (a, slope) => a < 0 ? slope * a : a),
        "Softmax" => Softmax(x[0]),
        "MatMul" => Product(x[0], x[1]),
        "Gemm" => Product(x[0], x[1]).With(x[2], (a, b) => a + b),
        "ArgMax" => OnnxTensor.Fill(x[0].Rows, 1, (row, _) => Enumerable.Range(0, x[0].Columns).MaxBy(c => x[0].At(row, c))),
        "Concat" => Concat(x),
        "Gather" => Gather(x[0], x[1]),
        "FeatureVectorizer" => Join(x),
        "Scaler" => OnnxTensor.Fill(x[0].Rows, x[0].Columns, (r, c) => (x[0].At(r, c) - Reals("offset")[c]) * Reals("scale")[c]),
        "Binarizer" => x[0].Map(a => a > Real("threshold", 0) ? 1 : 0),
        "Cast" => Cast(x[0]),
        "LabelEncoder" => Encode(x[0]),
        _ => throw new NotSupportedException($"The test knows no operator {name}."),
    };

    private static OnnxTensor Product(OnnxTensor a, OnnxTensor b)
    {
        Assert.Equal(a.Columns, b.Rows);
        return OnnxTensor.Fill(a.Rows, b.Columns, (r, c) => Enumerable.Range(0, a.Columns).Sum(k => a.At(r, k) * b.Numbers[(k * b.Columns) + c]));
    }

    private OnnxTensor Softmax(OnnxTensor z)
    {
        Assert.Equal(1, Whole("axis", 1));
        double Denominator(int row) => Enumerable.Range(0, z.Columns).Sum(c => Math.Exp(z.At(row, c)));
        return OnnxTensor.Fill(z.Rows, z.Columns, (r, c) => Math.Exp(z.At(r, c)) / Denominator(r));
    }

    private OnnxTensor Concat(OnnxTensor[] parts)
    {
        Assert.Contains(Whole("axis", 0), new long[] { 1, -1 });
        return Join(parts);
    }

    private OnnxTensor Gather(OnnxTensor x, OnnxTensor columns)
    {
        Assert.Equal(1, Whole("axis", 0));
        return OnnxTensor.Fill(x.Rows, columns.Numbers.Length, (r, c) => x.At(r, (int)columns.Numbers[c]));
    }

    private static OnnxTensor Join(OnnxTensor[] parts)
    {
        double[] numbers = [.. Enumerable.Range(0, parts[0].Rows).SelectMany(row => parts.SelectMany(part => Enumerable.Range(0, part.Columns).Select(c => part.At(row, c))))];
        return new OnnxTensor(parts[0].Rows, parts.Sum(part => part.Columns), numbers);
    }

    /// <summary>To bool (9) every number but 0 is 1; to whole numbers the fraction falls away.</summary>
    private OnnxTensor Cast(OnnxTensor x) => Whole("to", 0) switch
    {
        1 or 11 => x,
        9 => x.Map(a => a != 0 ? 1 : 0),
        2 or 3 or 4 or 5 or 6 or 7 or 12 or 13 => x.Map(Math.Truncate),
        long type => throw new NotSupportedException($"The test knows no cast to type {type}."),
    };

    /// <summary>Maps the keys, texts or numbers, to the values.</summary>
    private OnnxTensor Encode(OnnxTensor x)
    {
        string[] keys = x.Texts.Length > 0 ? x.Texts : [.. x.Numbers.Select(a => a.ToString("R"))];
        string[] from = Keys("keys");
        string[] to = Keys("values");
        string[] found = [.. keys.Select(key => Array.IndexOf(from, key) is int at and >= 0 ? to[at] : Whole("default_int64", -1).ToString("D"))];
        return Attribute("values_strings") is null
            ? new OnnxTensor(x.Rows, x.Columns, [.. found.Select(double.Parse)])
            : new OnnxTensor(x.Rows, x.Columns, [], found);
    }

    private string[] Keys(string prefix) => (Attribute($"{prefix}_strings"), Attribute($"{prefix}_int64s"), Attribute($"{prefix}_floats")) switch
    {
        ({ } texts, _, _) => texts.Texts(9),
        (_, { } wholes, _) => [.. wholes.Wholes(8).Select(a => a.ToString("D"))],
        (_, _, { } reals) => [.. reals.Reals(7).Select(a => a.ToString("R"))],
        _ => throw new NotSupportedException($"LabelEncoder has no {prefix}."),
    };

    /// <summary>AttributeProto: name 1, f 2, i 3, floats 7, ints 8, strings 9.</summary>
    private ProtobufMessage? Attribute(string attribute) => attributes.SingleOrDefault(a => a.Text(1) == attribute);

    // A number that is 0 is not written.
    private double Real(string attribute, double otherwise) => Attribute(attribute) is { } given ? given.Reals(2).SingleOrDefault() : otherwise;

    private float[] Reals(string attribute) => Attribute(attribute)!.Reals(7);

    private long Whole(string attribute, long otherwise) => Attribute(attribute) is { } given ? given.Wholes(3).SingleOrDefault() : otherwise;
}
