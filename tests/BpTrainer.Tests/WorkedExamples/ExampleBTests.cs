namespace BpTrainer.Tests.WorkedExamples;

/// <summary>
/// 2-2-2, logistic, biases 0.1 and 0.2 frozen, η = 0.5, target (0, 1). Published texts print E = 0.2796, and ∂E/∂W without
/// the factor h(1 − h): errata, not goals.
/// </summary>
public class ExampleBTests
{
    private static readonly WorkedExample s_example = new(
        X: [0.05, 0.10],
        Y: [0, 1],
        Hidden: new[,] { { 0.15, 0.20 }, { 0.25, 0.30 } },
        HiddenBias: 0.1,
        Output: new[,] { { 0.40, 0.45 }, { 0.50, 0.55 } },
        OutputBias: 0.2);

    [Fact]
    public void TheForwardPassIsExact()
    {
        // h1 = logistic(0.15·0.05 + 0.25·0.10 + 0.1) = logistic(0.1325)
        AssertClose([0.533076622366, 0.534942945158], s_example.HiddenOutput());
        AssertClose([0.663895385634, 0.675705023010], s_example.Network().Predict<double>(s_example.X));
        Close.Absolute(0.272962157584, s_example.Error(s_example.Network()), WorkedExample.Tolerance);
    }

    [Fact]
    public void TheErrorTermsAreExact()
    {
        AssertClose([0.148140489433, -0.071062026987], s_example.Deltas(1));
        AssertClose([0.006789726748, 0.008703814074], s_example.Deltas(0));
    }

    [Fact]
    public void TheGradientsAreExact()
    {
        // ∂E/∂V = hᵀ·δ output, ∂E/∂W = xᵀ·δ hidden
        AssertMatrix(
            new[,] { { 0.078970231743, -0.037881505324 }, { 0.079246709714, -0.038014130005 } }, (i, o) => s_example.Slope(1, i, o));
        AssertMatrix(new[,] { { 0.000339486337, 0.000435190704 }, { 0.000678972675, 0.000870381407 } }, (i, o) => s_example.Slope(0, i, o));
    }

    [Fact]
    public void AnInspectionHasEveryNumber()
    {
        Inspection<double> seen = s_example.Inspect();
        LayerInspection<double> hidden = seen.Layers[0], output = seen.Layers[1];
        WorkedExample.AssertMatrix(new[,] { { 0.533076622366, 0.534942945158 } }, hidden.Outputs);
        WorkedExample.AssertMatrix(new[,] { { 0.663895385634, 0.675705023010 } }, output.Outputs);
        Close.Absolute(0.272962157584, seen.Loss, WorkedExample.Tolerance);
        WorkedExample.AssertMatrix(new[,] { { 0.148140489433, -0.071062026987 } }, output.ErrorTerms);
        WorkedExample.AssertMatrix(
            new[,] { { 0.078970231743, -0.037881505324 }, { 0.079246709714, -0.038014130005 } }, output.WeightGradients);
        WorkedExample.AssertMatrix(new[,] { { 0.006789726748, 0.008703814074 } }, hidden.ErrorTerms);
        WorkedExample.AssertMatrix(
            new[,] { { 0.000339486337, 0.000435190704 }, { 0.000678972675, 0.000870381407 } }, hidden.WeightGradients);
        WorkedExample.AssertMatrix(new[,] { { 0.360514884129, 0.468940752662 }, { 0.460376645143, 0.569007065003 } }, s_example.Updated(1));
        WorkedExample.AssertMatrix(new[,] { { 0.149830256831, 0.199782404648 }, { 0.249660513663, 0.299564809296 } }, s_example.Updated(0));
    }

    [Fact]
    public void OneUpdateGivesTheExactWeights()
    {
        Network<double> network = s_example.After(1);
        AssertMatrix(new[,] { { 0.360514884129, 0.468940752662 }, { 0.460376645143, 0.569007065003 } }, network.Layers[1].GetWeight);
        AssertMatrix(new[,] { { 0.149830256831, 0.199782404648 }, { 0.249660513663, 0.299564809296 } }, network.Layers[0].GetWeight);
    }

    [Fact]
    public void WithTheTargetInsideTheRangeTenUpdatesGiveTheExactError()
    {
        WorkedExample variant = s_example with { Y = [0.01, 0.99] };
        Close.Absolute(0.263180253957, variant.Error(variant.Network()), WorkedExample.Tolerance);
        Close.Absolute(0.193677891124, variant.Error(variant.After(10)), WorkedExample.Tolerance);
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach ((double e, double a) in expected.Zip(actual))
        {
            Close.Absolute(e, a, WorkedExample.Tolerance);
        }
    }

    private static void AssertMatrix(double[,] expected, Func<int, int, double> actual)
    {
        for (int i = 0; i < 2; i++)
        {
            for (int o = 0; o < 2; o++)
            {
                Close.Absolute(expected[i, o], actual(i, o), WorkedExample.Tolerance, $"[{i}, {o}]");
            }
        }
    }
}
