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
        var kept = new Matrix<float>(Rows, stride);
        float[] z = values.Values.ToArray();
        float[] g = delta.Values.ToArray();

        ActivationFunction<float> function = Activation.PReLU().CreateFunction<float>(kind);
        fixed (float* v = values, d = delta, s = slopes, k = kept)
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
            Assert.Equal(isUnit && z[i] < 0 ? g[i] * z[i] : 0, kept.Values[i]);
        }

        values.AssertGuardsStand();
        delta.AssertGuardsStand();
        kept.AssertGuardsStand();
    }

    [Fact]
    public void ScoringKeepsNothingAndGivesTheSame()
    {
        foreach (KernelKind kind in Kinds.Supported)
        {
            Matrix<double> scored = Matrix<double>.Random(2, 9, 16, seed: 4);
            Matrix<double> trained = Matrix<double>.Random(2, 9, 16, seed: 4);
            Matrix<double> slopes = Matrix<double>.Random(1, 9, 16, seed: 5);
            var kept = new Matrix<double>(2, 16);
            ActivationFunction<double> function = Activation.PReLU().CreateFunction<double>(kind);
            fixed (double* v = scored, w = trained, s = slopes, k = kept)
            {
                function.Apply(v, s, null, 2, 9, 16);
                function.Apply(w, s, k, 2, 9, 16);
            }

            Assert.Equal(trained.Values.ToArray(), scored.Values.ToArray());
        }
    }

    [Theory]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(88f, 88f)]
    [InlineData(-88f, -22f)]
    public void TheEdgesAreRight(float z, float expected)
    {
        foreach (KernelKind kind in Kinds.Supported)
        {
            var values = new Matrix<float>(1, 16);
            var slopes = new Matrix<float>(1, 16);
            values.Values.Fill(z);
            slopes.Values.Fill(0.25f);
            fixed (float* v = values, s = slopes)
            {
                Activation.PReLU().CreateFunction<float>(kind).Apply(v, s, null, 1, 16, 16);
            }

            Assert.All(values.Values.ToArray(), value => Assert.Equal(expected, value));
        }
    }
}
