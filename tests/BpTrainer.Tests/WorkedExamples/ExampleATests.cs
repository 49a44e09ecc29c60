namespace BpTrainer.Tests.WorkedExamples;

/// <summary>2-2-2, logistic everywhere, half squared error, biases 0.35 and 0.60, η = 0.5.</summary>
public class ExampleATests
{
    private static readonly WorkedExample s_example = new(
        X: [0.05, 0.10],
        Y: [0.01, 0.99],
        // w1 = x1→h1, w2 = x2→h1, w3 = x1→h2, w4 = x2→h2
        Hidden: new[,] { { 0.15, 0.25 }, { 0.20, 0.30 } },
        HiddenBias: 0.35,
        // w5 = h1→o1, w6 = h2→o1, w7 = h1→o2, w8 = h2→o2
        Output: new[,] { { 0.40, 0.50 }, { 0.45, 0.55 } },
        OutputBias: 0.60);

    [Fact]
    public void TheHiddenLayerIsAsPublished()
    {
        // net h1 = 0.15·0.05 + 0.20·0.10 + 0.35 = 0.3775; out = 1 / (1 + e^−0.3775)
        Close.Absolute(0.3775, s_example.HiddenNetInput()[0], 1e-15);
        double[] h = s_example.HiddenOutput();
        Close.Absolute(0.593269992107, h[0], WorkedExample.Tolerance);
        Close.Absolute(0.596884378260, h[1], WorkedExample.Tolerance);
    }

    [Fact]
    public void TheOutputsAreAsPublished()
    {
        // net o1 = 0.40·0.593269992 + 0.45·0.596884378 + 0.60 = 1.105905967
        Close.Absolute(1.105905967, s_example.OutputNetInput()[0], 1e-9);
        double[] o = s_example.Network().Predict<double>(s_example.X);
        Close.Absolute(0.751365069552, o[0], WorkedExample.Tolerance);
        Close.Absolute(0.772928465321, o[1], WorkedExample.Tolerance);
    }

    [Fact]
    public void TheErrorIsAsPublished()
    {
        double[] o = s_example.Network().Predict<double>(s_example.X);
        Close.Absolute(0.274811083, 0.5 * Math.Pow(0.01 - o[0], 2), 1e-9);
        Close.Absolute(0.023560026, 0.5 * Math.Pow(0.99 - o[1], 2), 1e-9);
        Close.Absolute(0.298371108760, s_example.Error(s_example.Network()), WorkedExample.Tolerance);
    }

    [Fact]
    public void TheErrorTermsAreAsPublished()
    {
        // δ o1 = (0.751365070 − 0.01)·0.751365070·(1 − 0.751365070)
        Close.Absolute(0.138498561629, s_example.Deltas(1)[0], WorkedExample.Tolerance);
        Close.Absolute(-0.038098236517, s_example.Deltas(1)[1], WorkedExample.Tolerance);
        // δ h1 = (δ o1·w5 + δ o2·w7)·h1·(1 − h1)
        Close.Absolute(0.008771354689, s_example.Deltas(0)[0], WorkedExample.Tolerance);
        Close.Absolute(0.009954254705, s_example.Deltas(0)[1], WorkedExample.Tolerance);
    }

    [Fact]
    public void TheGradientsAreAsPublished()
    {
        // ∂E/∂w5 = δ o1·h1, ∂E/∂w1 = δ h1·x1
        Close.Absolute(0.082167040564, s_example.Slope(layer: 1, input: 0, output: 0), WorkedExample.Tolerance);
        Close.Absolute(0.000438567734, s_example.Slope(layer: 0, input: 0, output: 0), WorkedExample.Tolerance);
    }

    [Fact]
    public void AnInspectionHasEveryNumber()
    {
        // net h2 = 0.25·0.05 + 0.30·0.10 + 0.35 = 0.3925
        Inspection<double> seen = s_example.Inspect();
        LayerInspection<double> hidden = seen.Layers[0], output = seen.Layers[1];
        WorkedExample.AssertMatrix(new[,] { { 0.3775, 0.3925 } }, hidden.NetInputs);
        WorkedExample.AssertMatrix(new[,] { { 0.593269992107, 0.596884378260 } }, hidden.Outputs);
        Close.Absolute(1.105905967, output.NetInputs[0, 0], 1e-9);
        WorkedExample.AssertMatrix(new[,] { { 0.751365069552, 0.772928465321 } }, output.Outputs);
        Close.Absolute(0.298371108760, seen.Loss, WorkedExample.Tolerance);
        Close.Absolute(0.298371108760, Assert.Single(seen.RowLosses), WorkedExample.Tolerance);
        WorkedExample.AssertMatrix(new[,] { { 0.138498561629, -0.038098236517 } }, output.ErrorTerms);
        WorkedExample.AssertMatrix(new[,] { { 0.008771354689, 0.009954254705 } }, hidden.ErrorTerms);
        Close.Absolute(0.082167040564, output.WeightGradients[0, 0], WorkedExample.Tolerance);
        Close.Absolute(0.000438567734, hidden.WeightGradients[0, 0], WorkedExample.Tolerance);
        WorkedExample.AssertMatrix(new[,] { { 0.358916479718, 0.511301270239 }, { 0.408666186076, 0.561370121108 } }, s_example.Updated(1));
        WorkedExample.AssertMatrix(new[,] { { 0.149780716133, 0.249751143632 }, { 0.199561432266, 0.299502287265 } }, s_example.Updated(0));
    }

    [Theory]
    [InlineData(BiasKind.Frozen, 0.138498561629, -0.038098236517)]
    [InlineData(BiasKind.PerUnit, 0.138498561629, -0.038098236517)]
    [InlineData(BiasKind.Shared, 0.138498561629 - 0.038098236517, 0.138498561629 - 0.038098236517)]
    public void TheGradientOfABiasIsTheErrorTermOfAllItsUnits(BiasKind bias, double first, double second)
    {
        double[] gradients = s_example.Network(bias).Inspect(s_example.Sample, Loss.HalfSquaredError).Layers[1].BiasGradients;
        Close.Absolute(first, gradients[0], WorkedExample.Tolerance);
        Close.Absolute(second, gradients[1], WorkedExample.Tolerance);
    }

    [Fact]
    public void EvaluateGivesTheErrorAfterEveryUpdate()
    {
        Close.Absolute(0.298371108760, s_example.Network().Evaluate(s_example.Sample, Loss.HalfSquaredError), WorkedExample.Tolerance);
        Close.Absolute(0.291027773694, s_example.After(1).Evaluate(s_example.Sample, Loss.HalfSquaredError), WorkedExample.Tolerance);
    }

    [Fact]
    public void OneUpdateGivesThePublishedWeights()
    {
        Network<double> network = s_example.After(1);
        AssertWeights(network.Layers[1], w11: 0.358916479718, w21: 0.408666186076, w12: 0.511301270239, w22: 0.561370121108);
        AssertWeights(network.Layers[0], w11: 0.149780716133, w21: 0.199561432266, w12: 0.249751143632, w22: 0.299502287265);
        Close.Absolute(0.291027773694, s_example.Error(network), WorkedExample.Tolerance);
    }

    [Fact]
    public void FrozenBiasesStayAsTheyAre()
    {
        Network<double> network = s_example.After(10);
        Assert.Equal(0.35, network.Layers[0].GetBias(1));
        Assert.Equal(0.60, network.Layers[1].GetBias(1));
    }

    [Fact]
    public void TenThousandUpdatesGiveTheExactFiguresAndAboutThePublishedOnes()
    {
        Network<double> network = s_example.After(10000);
        double[] o = network.Predict<double>(s_example.X);
        Close.Relative(3.510187783e-5, s_example.Error(network), 1e-9);
        Close.Absolute(0.015913620444, o[0], WorkedExample.Tolerance);
        Close.Absolute(0.984064273515, o[1], WorkedExample.Tolerance);

        // The published run made two or three updates more.
        Close.Relative(0.000035085, s_example.Error(network), 1e-3);
        Close.Relative(0.015912196, o[0], 1e-3);
        Close.Relative(0.984065734, o[1], 1e-3);
    }

    [Fact]
    public void TenThousandUpdatesWithTrainedBiasesGiveTheExactFigures()
    {
        Network<double> network = s_example.After(10000, BiasKind.PerUnit);
        double[] o = network.Predict<double>(s_example.X);
        Close.Relative(2.447562236e-6, s_example.Error(network), 1e-9);
        Close.Absolute(0.011587527391, o[0], WorkedExample.Tolerance);
        Close.Absolute(0.988458935026, o[1], WorkedExample.Tolerance);
    }

    [Fact]
    public void ATrainedSharedBiasTakesTheErrorTermsOfAllUnits()
    {
        // b⁺ = 0.60 − 0.5·(0.138498561629 − 0.038098236517) = 0.549799837444
        // b⁺ = 0.35 − 0.5·(0.008771354689 + 0.009954254705) = 0.340637195303
        Network<double> network = s_example.After(1, BiasKind.Shared);
        Close.Absolute(0.549799837444, network.Layers[1].GetBias(0), WorkedExample.Tolerance);
        Close.Absolute(0.340637195303, network.Layers[0].GetBias(0), WorkedExample.Tolerance);
        Assert.Equal(network.Layers[1].GetBias(0), network.Layers[1].GetBias(1));
    }

    private static void AssertWeights(Layer<double> layer, double w11, double w21, double w12, double w22)
    {
        Close.Absolute(w11, layer.GetWeight(0, 0), WorkedExample.Tolerance);
        Close.Absolute(w21, layer.GetWeight(1, 0), WorkedExample.Tolerance);
        Close.Absolute(w12, layer.GetWeight(0, 1), WorkedExample.Tolerance);
        Close.Absolute(w22, layer.GetWeight(1, 1), WorkedExample.Tolerance);
    }
}
