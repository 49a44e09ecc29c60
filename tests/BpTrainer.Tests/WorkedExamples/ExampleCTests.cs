namespace BpTrainer.Tests.WorkedExamples;

/// <summary>2-3-2, logistic, biases 0.35 and 0.65 frozen, η = 0.5. A published E of 0.1391829 is an erratum.</summary>
public class ExampleCTests
{
    private static readonly WorkedExample s_example = new(
        X: [5, 10],
        Y: [0.01, 0.99],
        // h1: w1, w2; h2: w3, w4; h3: w5, w6
        Hidden: new[,] { { 0.10, 0.20, 0.30 }, { 0.15, 0.25, 0.35 } },
        HiddenBias: 0.35,
        // o1: w7, w9, w11; o2: w8, w10, w12
        Output: new[,] { { 0.40, 0.45 }, { 0.50, 0.55 }, { 0.60, 0.65 } },
        OutputBias: 0.65);

    [Fact]
    public void TheForwardPassIsExact()
    {
        // net h1 = 0.10·5 + 0.15·10 + 0.35 = 2.35
        double[] net = s_example.HiddenNetInput();
        Close.Absolute(2.35, net[0], 1e-14);
        Close.Absolute(3.85, net[1], 1e-14);
        Close.Absolute(5.35, net[2], 1e-14);

        double[] h = s_example.HiddenOutput();
        Close.Absolute(0.912934227560, h[0], WorkedExample.Tolerance);
        Close.Absolute(0.979163655481, h[1], WorkedExample.Tolerance);
        Close.Absolute(0.995274287398, h[2], WorkedExample.Tolerance);

        double[] o = s_example.Network().Predict<double>(s_example.X);
        Close.Absolute(0.891089661477, o[0], WorkedExample.Tolerance);
        Close.Absolute(0.904329924850, o[1], WorkedExample.Tolerance);
        Close.Absolute(0.391829176669, s_example.Error(s_example.Network()), WorkedExample.Tolerance);
    }

    [Fact]
    public void TheErrorTermsAreExact()
    {
        Close.Absolute(0.085508761906, s_example.Deltas(1)[0], WorkedExample.Tolerance);
        Close.Absolute(-0.007411944610, s_example.Deltas(1)[1], WorkedExample.Tolerance);
    }

    [Fact]
    public void AnInspectionHasEveryNumber()
    {
        Inspection<double> seen = s_example.Inspect();
        LayerInspection<double> hidden = seen.Layers[0], output = seen.Layers[1];
        WorkedExample.AssertMatrix(new[,] { { 2.35, 3.85, 5.35 } }, hidden.NetInputs);
        WorkedExample.AssertMatrix(new[,] { { 0.912934227560, 0.979163655481, 0.995274287398 } }, hidden.Outputs);
        WorkedExample.AssertMatrix(new[,] { { 0.891089661477, 0.904329924850 } }, output.Outputs);
        Close.Absolute(0.391829176669, seen.Loss, WorkedExample.Tolerance);
        WorkedExample.AssertMatrix(new[,] { { 0.085508761906, -0.007411944610 } }, output.ErrorTerms);
        double[,] w = s_example.Updated(0), v = s_example.Updated(1);
        WorkedExample.AssertMatrix(new[,] { { 0.360968062250, 0.458136464058, 0.557447663964 } }, new[,] { { v[0, 0], v[1, 0], v[2, 0] } });
        WorkedExample.AssertMatrix(new[,] { { 0.093866091799, 0.137732183597 } }, new[,] { { w[0, 0], w[1, 0] } });
    }

    [Fact]
    public void OneUpdateGivesTheExactWeights()
    {
        Network<double> network = s_example.After(1);
        Close.Absolute(0.360968062250, network.Layers[1].GetWeight(0, 0), WorkedExample.Tolerance, "w7");
        Close.Absolute(0.458136464058, network.Layers[1].GetWeight(1, 0), WorkedExample.Tolerance, "w9");
        Close.Absolute(0.557447663964, network.Layers[1].GetWeight(2, 0), WorkedExample.Tolerance, "w11");
        Close.Absolute(0.093866091799, network.Layers[0].GetWeight(0, 0), WorkedExample.Tolerance, "w1");
        Close.Absolute(0.137732183597, network.Layers[0].GetWeight(1, 0), WorkedExample.Tolerance, "w2");
        Close.Absolute(0.380736352433, s_example.Error(network), WorkedExample.Tolerance);
    }
}
