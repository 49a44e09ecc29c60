using BpTrainer.Activations;
using BpTrainer.Kernels;

namespace BpTrainer.Tests;

/// <summary>PReLU in every kernel: each unit has its slope, and the backward pass leaves the gradient of each.</summary>
public sealed unsafe class PReLUFunctionTests
{
    public static TheoryData<string, int, int> Shapes
    {
        get
        {
            var data = new TheoryData<string, int, int>();
            foreach (KernelKind kind in Kinds.Supported)
            {
                foreach ((int columns, int stride) in new[] { (1, 1), (3, 3), (7, 7), (1, 16), (9, 16), (16, 16), (17, 32), (45, 48) })
                {
                    data.Add(kind.ToString(), columns, stride);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> KindNames => [.. Kinds.Names];

    /// <summary>A net input and what a slope of ¼ makes of it.</summary>
    public static TheoryData<string, float, float> KindsAndEdges
    {
        get
        {
            var data = new TheoryData<string, float, float>();
            foreach (string kind in Kinds.Names)
            {
                data.Add(kind, float.NaN, float.NaN);
                data.Add(kind, float.PositiveInfinity, float.PositiveInfinity);
                data.Add(kind, float.NegativeInfinity, float.NegativeInfinity);
                data.Add(kind, 88, 88);
                data.Add(kind, -88, -22);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ValuesDerivativesAndSlopeGradientsAreRight(string kindName, int columns, int stride)
    {
        KernelKind kind = Kinds.Parse(kindName);
        const int Rows = 3;
        Matrix<float> values = Matrix<float>.Random(Rows, columns, stride, seed: 1);
        Matrix<float> delta = Matrix<float>.Random(Rows, columns, stride, seed: 2);
        Matrix<float> slopes = Matrix<float>.Random(1, columns, ((stride + 15) / 16) * 16, seed: 3);
        slopes.Values[0] = 0;
        var forwardCache = new Matrix<float>(Rows, stride);
        float[] z = values.Values.ToArray();
        float[] g = delta.Values.ToArray();

        ActivationFunction<float> function = Activation.PReLU().CreateFunction<float>(kind);
        fixed (float* v = values, d = delta, s = slopes, k = forwardCache)
        {
            function.Apply(v, s, k, Rows, columns, stride);
            function.MultiplyByDerivative(d, v, s, k, Rows, columns, stride);
        }

        for (int i = 0; i < z.Length; i++)
        {
            bool isUnit = i % stride < columns;
            float slope = isUnit ? slopes.Values[i % stride] : 0;
            Assert.Equal(z[i] > 0 ? z[i] : z[i] * slope, values.Values[i]);
            Assert.Equal(isUnit ? g[i] * (z[i] > 0 ? 1 : slope) : 0, delta.Values[i]);
            Assert.Equal(isUnit && z[i] < 0 ? g[i] * z[i] : 0, forwardCache.Values[i]);
        }

        values.AssertGuardsStand();
        delta.AssertGuardsStand();
        forwardCache.AssertGuardsStand();
    }

    [Theory]
    [MemberData(nameof(KindNames))]
    public void ScoringKeepsNothingAndGivesTheSame(string kindName)
    {
        Matrix<double> scored = Matrix<double>.Random(2, 9, 16, seed: 4);
        Matrix<double> trained = Matrix<double>.Random(2, 9, 16, seed: 4);
        Matrix<double> slopes = Matrix<double>.Random(1, 9, 16, seed: 5);
        var forwardCache = new Matrix<double>(2, 16);
        ActivationFunction<double> function = Activation.PReLU().CreateFunction<double>(Kinds.Parse(kindName));
        fixed (double* v = scored, w = trained, s = slopes, k = forwardCache)
        {
            function.Apply(v, s, null, 2, 9, 16);
            function.Apply(w, s, k, 2, 9, 16);
        }

        Assert.Equal(trained.Values.ToArray(), scored.Values.ToArray());
    }

    [Theory]
    [MemberData(nameof(KindsAndEdges))]
    public void TheEdgesAreRight(string kindName, float z, float expected)
    {
        var values = new Matrix<float>(1, 16);
        var slopes = new Matrix<float>(1, 16);
        values.Values.Fill(z);
        slopes.Values.Fill(0.25f);
        fixed (float* v = values, s = slopes)
        {
            Activation.PReLU().CreateFunction<float>(Kinds.Parse(kindName)).Apply(v, s, null, 1, 16, 16);
        }

        Assert.All(values.Values.ToArray(), value => Assert.Equal(expected, value));
    }
}
