using System.Numerics;
using BpTrainer.Activations;
using BpTrainer.Kernels;

namespace BpTrainer.Tests;

/// <summary>Every activation in every kernel against the formula in double.</summary>
public sealed unsafe class ActivationFunctionTests
{
    private static readonly double[] s_points =
    [
        0, -0.0, 1e-30, -1e-30, 1e-6, -1e-6, 1e-3, -1e-3, 0.1, -0.1, 0.34657, -0.34658, 0.5, -0.5, 1, -1, 2, -2, 5, -5, 8.5, -8.5, 17, -17,
        50, -50, 87, -87, 88, -88, 89, -89, 103, -103, 500, -500, 708, -708, 709, -709, 1000, -1000, 1e30, -1e30,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    public static IEnumerable<string> Elementwise => Activations.Elementwise.Select(activation => activation.ToString());

    public static TheoryData<string, string> KindsAndElementwise => Combinations.Of(Kinds.Names, Elementwise);

    public static TheoryData<string, string, int> KindsElementwiseAndColumns =>
        Combinations.Of(Kinds.Names, Elementwise, [1, 7, 8, 15, 16]);

    public static TheoryData<string, int> KindsAndColumns =>
        Combinations.Of(Kinds.Names, [1, 2, 3, 7, 8, 9, 10, 16, 17, 33]);

    public static TheoryData<string> KindNames => [.. Kinds.Names];

    [Theory]
    [MemberData(nameof(KindsAndElementwise))]
    public void ValuesAndSlopesAreRightInFloat(string kindName, string name) => ValuesAndSlopes<float>(Kinds.Parse(kindName), name);

    [Theory]
    [MemberData(nameof(KindsAndElementwise))]
    public void ValuesAndSlopesAreRightInDouble(string kindName, string name) => ValuesAndSlopes<double>(Kinds.Parse(kindName), name);

    [Theory]
    [MemberData(nameof(KindNames))]
    public void TanhOfFloatsIsWithinThreeUnitsAndNeverAboveOne(string kindName)
    {
        // From 10⁻⁶ to 12 in steps of 3·10⁻⁴ of the number, 54,000 in all, which are multiples of no power of two.
        float[] points = [.. Enumerable.Range(0, 54_336).Select(i => (float)(1e-6 * Math.Exp(3e-4 * i)))];
        float[] values = [.. points];
        fixed (float* v = values)
        {
            Activation.Tanh.CreateFunction<float>(Kinds.Parse(kindName)).Apply(v, null, null, 1, values.Length, values.Length);
        }

        const double Unit = 1.1920928955078125e-7;
        for (int i = 0; i < points.Length; i++)
        {
            Close.Relative(Math.Tanh(points[i]), values[i], 3 * Unit, $"tanh({points[i]})");
            Assert.InRange(values[i], 0, 1);
        }
    }

    [Theory]
    [MemberData(nameof(KindsElementwiseAndColumns))]
    public void PaddingStaysZero(string kindName, string name, int columns)
    {
        KernelKind kind = Kinds.Parse(kindName);
        Matrix<float> values = Matrix<float>.Random(3, columns, 16, seed: 1);
        Matrix<float> delta = Matrix<float>.Random(3, columns, 16, seed: 2);
        var forwardCache = new Matrix<float>(3, 16);
        ActivationFunction<float> function = Activation.Parse(name).CreateFunction<float>(kind);
        fixed (float* v = values, d = delta, k = forwardCache)
        {
            function.Apply(v, null, k, 3, columns, 16);
            function.MultiplyByDerivative(d, v, null, k, 3, columns, 16);
        }

        for (int row = 0; row < 3; row++)
        {
            for (int column = columns; column < 16; column++)
            {
                Assert.Equal(0f, values[row, column]);
                Assert.Equal(0f, delta[row, column]);
            }
        }

        values.AssertGuardsStand();
        delta.AssertGuardsStand();
        forwardCache.AssertGuardsStand();
    }

    [Theory]
    [MemberData(nameof(KindsAndColumns))]
    public void SoftmaxSumsToOneAndSurvivesLargeNetInputs(string kindName, int columns)
    {
        int stride = ((columns + 15) / 16) * 16;
        Matrix<float> values = Matrix<float>.Random(2, columns, stride, seed: columns);
        for (int i = 0; i < columns; i++)
        {
            values.Values[stride + i] *= 2000;
        }

        double[] expected = [.. Softmax(values, 0, columns), .. Softmax(values, 1, columns)];
        ApplySoftmax(Kinds.Parse(kindName), values, columns);
        for (int i = 0; i < 2 * columns; i++)
        {
            Close.Absolute(expected[i], values[i / columns, i % columns], 3e-7, $"number {i}");
        }

        Assert.All(values.Values[(stride + columns)..].ToArray(), value => Assert.Equal(0f, value));
    }

    [Theory]
    [MemberData(nameof(KindsAndColumns))]
    public void TheDerivativeOfSoftmaxTakesOffTheMean(string kindName, int columns)
    {
        Matrix<double> outputs =
            Matrix<double>.Random(2, columns, columns, seed: 1), delta = Matrix<double>.Random(2, columns, columns, seed: 2);
        double[] expected = [.. Enumerable.Range(0, 2).SelectMany(row =>
        {
            double mean = Enumerable.Range(0, columns).Sum(c => outputs[row, c] * delta[row, c]);
            return Enumerable.Range(0, columns).Select(c => outputs[row, c] * (delta[row, c] - mean));
        })];
        fixed (double* a = outputs, d = delta)
        {
            Activation.Softmax.CreateFunction<double>(Kinds.Parse(kindName)).MultiplyByDerivative(d, a, null, null, 2, columns, columns);
        }

        for (int i = 0; i < expected.Length; i++)
        {
            Close.Absolute(expected[i], delta.Values[i], 1e-14, $"number {i}");
        }

        delta.AssertGuardsStand();
    }

    [Theory]
    [MemberData(nameof(KindNames))]
    public void ANaNSpoilsAllOfItsSoftmaxAndNothingElse(string kindName)
    {
        for (int place = 0; place < 37; place++)
        {
            Matrix<float> values = Matrix<float>.Random(2, columns: 37, stride: 48, seed: 1);
            values.Values[place] = float.NaN;
            ApplySoftmax(Kinds.Parse(kindName), values, 37);
            Assert.All(values.Values[..37].ToArray(), value => Assert.True(float.IsNaN(value), $"NaN at {place}"));
            Assert.All(values.Values[37..].ToArray(), value => Assert.True(float.IsFinite(value), $"NaN at {place}"));
        }
    }

    private static void ApplySoftmax(KernelKind kind, Matrix<float> values, int columns)
    {
        fixed (float* v = values)
        {
            Activation.Softmax.CreateFunction<float>(kind).Apply(v, null, null, values.Rows, columns, values.Stride);
        }
    }

    private static double[] Softmax(Matrix<float> values, int row, int columns)
    {
        double[] z = [.. Enumerable.Range(0, columns).Select(c => (double)values[row, c])];
        double[] e = [.. z.Select(x => Math.Exp(x - z.Max()))];
        return [.. e.Select(x => x / e.Sum())];
    }

    private static void ValuesAndSlopes<T>(KernelKind kind, string name) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ActivationFunction<T> function = Activation.Parse(name).CreateFunction<T>(kind);

        // All lengths from one number to several vectors, so that each point is met in a vector and as a remainder.
        for (int offset = 0; offset < 3; offset++)
        {
            int count = s_points.Length - offset;
            var values = new Matrix<T>(1, count);
            var scored = new Matrix<T>(1, count);
            var delta = new Matrix<T>(1, count);
            var forwardCache = new Matrix<T>(1, count);
            for (int i = 0; i < count; i++)
            {
                values.Values[i] = T.CreateChecked(s_points[i + offset]);
                scored.Values[i] = values.Values[i];
                delta.Values[i] = T.CreateChecked(2);
            }

            double[] inputs = [.. values.Values.ToArray().Select(double.CreateChecked)];
            fixed (T* v = values, s = scored, d = delta, k = forwardCache)
            {
                function.Apply(v, null, k, 1, count, count);
                function.Apply(s, null, null, 1, count, count);
                function.MultiplyByDerivative(d, v, null, k, 1, count, count);
            }

            Assert.Equal(values.Values.ToArray(), scored.Values.ToArray());
            for (int i = 0; i < count; i++)
            {
                (double value, double slope) = ActivationFormulas.Of(name, inputs[i]);
                double a = double.CreateChecked(values.Values[i]);

                // An exponent that is itself rounded shifts the value as if z had been another by a few units in the last place.
                double shift = name is "gelu" or "logistic(1.5;3)" && double.IsFinite(inputs[i]) ? Math.Abs(inputs[i] * slope) : 0;
                AssertNear<T>(value, a, $"{name}({inputs[i]})", shift: shift, timesInput: inputs[i]);
                if (double.IsNaN(value))
                {
                    continue;
                }

                AssertNear<T>(slope, double.CreateChecked(delta.Values[i]) / 2, $"{name}′({inputs[i]})", cancels: true);
            }

            values.AssertGuardsStand();
            delta.AssertGuardsStand();
            forwardCache.AssertGuardsStand();
        }
    }

    /// <summary>
    /// Within four units in the last place; slopes computed from an output near 1 keep its absolute error. What is not a
    /// normal number in T may be 0, before it is multiplied by z in a function such as z·s(z).
    /// </summary>
    private static void AssertNear<T>(
        double expected, double actual, string what, bool cancels = false, double shift = 0, double timesInput = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!double.IsFinite(double.CreateChecked(T.CreateTruncating(expected))))
        {
            // NaN, infinity, or beyond the largest number in T.
            Assert.Equal(double.CreateChecked(T.CreateTruncating(expected)), actual);
            return;
        }

        double epsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One);
        double smallest = typeof(T) == typeof(float) ? 1.1754944e-38 : 2.2250738585072014e-308;
        double scale = (cancels ? Math.Max(Math.Abs(expected), 1) : Math.Abs(expected)) + shift;
        double lost = smallest * Math.Clamp(Math.Abs(timesInput), 1, 1000);
        Close.Absolute(expected, actual, (4 * epsilon * scale) + lost, what);
    }
}
