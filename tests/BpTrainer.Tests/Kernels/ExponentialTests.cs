using System.Numerics;
using BpTrainer.Activations;
using BpTrainer.Kernels;

namespace BpTrainer.Tests;

/// <summary>The exponential activation in every kernel, to the limits of the number type.</summary>
public sealed unsafe class ExponentialTests
{
    public static TheoryData<string> Kinds => [.. Tests.Kinds.Names];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ValuesAndSlopesAreRightInFloat(string kindName) =>
        AssertRight<float>(
            Tests.Kinds.Parse(kindName), [0, -0.0, 1e-6, -1e-6, 0.5, -0.5, 1, -1, 5, -5, 17, -17, 50, -50, 87, -87, 88, 88.7]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ValuesAndSlopesAreRightInDouble(string kindName) =>
        AssertRight<double>(
            Tests.Kinds.Parse(kindName), [0, -0.0, 1e-9, -1e-9, 0.5, -0.5, 1, -1, 5, -5, 88, -88, 300, -300, 708, -708, 709.7]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void BeyondTheLimitsItIs0OrInfinite(string kindName)
    {
        KernelKind kind = Tests.Kinds.Parse(kindName);
        float[] a = Apply<float>(kind, [-1000, -1e30, double.NegativeInfinity, 89, 1000, 1e30, double.PositiveInfinity]);
        Assert.Equal([0, 0, 0, float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity], a);
        Assert.True(float.IsNaN(Assert.Single(Apply<float>(kind, [double.NaN]))));
        Assert.InRange(Assert.Single(Apply<float>(kind, [-88])), 0, 6.1e-39f);
    }

    private static void AssertRight<T>(KernelKind kind, double[] points) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double unit = double.CreateChecked(T.BitIncrement(T.One) - T.One);
        for (int offset = 0; offset < 3; offset++)
        {
            double[] z = [.. points[offset..].Select(p => double.CreateChecked(T.CreateChecked(p)))];
            T[] a = Apply<T>(kind, z);
            for (int i = 0; i < z.Length; i++)
            {
                Close.Relative(Math.Exp(z[i]), double.CreateChecked(a[i]), 6 * unit, $"exp({z[i]})");
            }
        }
    }

    private static T[] Apply<T>(KernelKind kind, double[] z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new Matrix<T>(1, z.Length);
        var delta = new Matrix<T>(1, z.Length);
        for (int i = 0; i < z.Length; i++)
        {
            values.Values[i] = T.CreateChecked(z[i]);
            delta.Values[i] = T.One;
        }

        ActivationFunction<T> function = Activation.Exponential.CreateFunction<T>(kind);
        fixed (T* to = values, slopes = delta)
        {
            function.Apply(to, null, null, 1, z.Length, z.Length);
            function.MultiplyByDerivative(slopes, to, null, null, 1, z.Length, z.Length);
        }

        values.AssertGuardsStand();
        delta.AssertGuardsStand();

        // e^z is its own derivative.
        T[] a = values.Values.ToArray();
        Assert.Equal(a, delta.Values.ToArray());
        return a;
    }
}
