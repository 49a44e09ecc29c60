namespace BpTrainer.Tests.Optimizers;

/// <summary>
/// Momentum with an adaptive rate in its three readings, on one weight with E = ½(w − 1)²: with d = w − 1 the gradient is d, and a step is
/// w ← w + v for a new v of β v and a share of −η d.
/// </summary>
public class MomentumAdaptiveTests
{
    private static readonly DataSet<double> s_data = Samples.Pairs((1, 1));

    [Fact]
    public void TheRuleOfTheTextsIsTheDefault() =>
        Assert.Equal(Optimizer.AdaptiveMomentum(rule: AdaptiveMomentumRule.Textbook), Optimizer.AdaptiveMomentum());

    [Theory]
    [InlineData(AdaptiveMomentumRule.Textbook, "adaptive-momentum")]
    [InlineData(AdaptiveMomentumRule.MatlabCode, "adaptive-momentum-matlab-code")]
    [InlineData(AdaptiveMomentumRule.MatlabHelp, "adaptive-momentum-matlab-help")]
    public void TheNameSaysTheRule(AdaptiveMomentumRule rule, string name) =>
        Assert.Equal(name, Optimizer.AdaptiveMomentum(rule: rule).Name);

    // Full batch, β = 0.9, from w = 0, d = −1, E = 0.5.
    [Theory]

    // v ← 0.9 v − η d.
    // 1. η 3:       v 3, d 2.                                        E 2             rejected: η 2.1, v 0
    // 2. η 2.1:     v 2.1, d 1.1.                                    E 0.605         rejected: η 1.47, v 0
    // 3. η 1.47:    v 1.47, d 0.47.                                  E 0.11045       fell: η 1.5435
    // 4. η 1.5435:  v 0.9·1.47 − 1.5435·0.47 = 0.597555, d 1.067555. E 0.5698…       rejected: η 1.08045, v 0
    // 5. η 1.08045: v −1.08045·0.47 = −0.5078115, d −0.0378115.      E 0.0007…       fell: η 1.1344725
    // 6. v 0.9·−0.5078115 + 1.1344725·0.0378115 = −0.41413424306625, d −0.45194574306625.
    [InlineData(
        AdaptiveMomentumRule.Textbook,
        new[] { 3, 2.1, 1.47, 1.5435, 1.08045, 1.1344725 },
        new[] { 2, 1.1, 0.47, 1.067555, -0.0378115, -0.45194574306625 },
        new[] { false, false, true, false, true, false })]

    // v ← 0.9 v − 0.1 η d, and −η d after a rejection and in the beginning.
    // 1. to 3. as above, since every step is −η d.
    // 4. η 1.5435:  v 0.9·1.47 − 0.15435·0.47 = 1.2504555, d 1.7204555. E 1.4799…    rejected: η 1.08045, v 0
    // 5. η 1.08045: v −1.08045·0.47 = −0.5078115, d −0.0378115.         E 0.0007…    fell: η 1.1344725
    // 6. v 0.9·−0.5078115 + 0.11344725·0.0378115 = −0.452740739306625, d −0.490552239306625.
    [InlineData(
        AdaptiveMomentumRule.MatlabCode,
        new[] { 3, 2.1, 1.47, 1.5435, 1.08045, 1.1344725 },
        new[] { 2, 1.1, 0.47, 1.7204555, -0.0378115, -0.490552239306625 },
        new[] { false, false, true, false, true, false })]

    // v ← 0.9 v − 0.9 η d.
    // 1. η 3:       v 2.7, d 1.7.                                              E 1.445     rejected: η 2.1, v 0
    // 2. η 2.1:     v 1.89, d 0.89.                                            E 0.39605   fell: η 2.205
    // 3. η 2.205:   v 0.9·1.89 − 0.9·2.205·0.89 = −0.065205, d 0.824795.       E 0.3401…   fell: η 2.31525
    // 4. η 2.31525: v 0.9·−0.065205 − 0.9·2.31525·0.824795 = −1.777330461375, d −0.952535461375.   rejected: η 1.620675, v 0
    // 5. v −0.9·1.620675·0.824795 = −1.20305217…, d −0.37825717…
    [InlineData(
        AdaptiveMomentumRule.MatlabHelp,
        new[] { 3, 2.1, 2.205, 2.31525, 1.620675 },
        new[] { 1.7, 0.89, 0.824795, -0.952535461375, 0.824795 * (1 - (0.9 * 1.620675)) },
        new[] { false, true, true, false, true })]
    public void InFullBatch(AdaptiveMomentumRule rule, double[] rates, double[] distances, bool[] areAccepted)
    {
        Network<double> network = Networks.OneWeight();
        AssertEpochs(network.Train(FullBatch(rates[0], rates.Length, rule), s_data), rates, distances, areAccepted);
        Close.Absolute(1 + distances[Array.LastIndexOf(areAccepted, true)], network.Weight(), 1e-14);
    }

    [Theory]

    // Without a rejection, η = 0.1, which grows to 0.105.
    // Δ = 0.1              w = 0.1      Δ = 0.9·0.1 + 0.105·0.9         = 0.1845      w = 0.2845
    [InlineData(AdaptiveMomentumRule.Textbook, 0.2845)]

    // Δ = 0.1              w = 0.1      Δ = 0.9·0.1 + 0.1·0.105·0.9     = 0.09945     w = 0.19945
    [InlineData(AdaptiveMomentumRule.MatlabCode, 0.19945)]

    // Δ = 0.1·0.9 = 0.09   w = 0.09     Δ = 0.9·0.09 + 0.105·0.9·0.91   = 0.166995    w = 0.256995
    [InlineData(AdaptiveMomentumRule.MatlabHelp, 0.256995)]
    public void TwoStepsThatLowerTheLoss(AdaptiveMomentumRule rule, double weight)
    {
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(FullBatch(0.1, epochs: 2, rule), s_data);
        Close.Absolute(weight, network.Weight(), 1e-15);
        Close.Absolute(0.105, result.History[1].LearningRate, 1e-15);
    }

    [Fact]
    public void ARiseWithinTheToleranceStaysAndKeepsRateAndMomentum()
    {
        // η = 2.01: Δ = 2.01, E = ½·1.01² = 0.5·1.0201 < 0.5·1.04: kept
        // Δ = 0.9·2.01 − 2.01·1.01 = −0.2211, w = 1.7889. Without the momentum Δ would be −2.0301.
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(FullBatch(2.01, epochs: 2), s_data);
        Close.Absolute(1.7889, network.Weight(), 1e-14);
        Close.Absolute(0.5 * 1.0201, result.History[0].TrainingLoss, 1e-14);
        Assert.Equal(2.01, result.History[1].LearningRate);
    }

    // Two equal samples one at a time, β = 0.5, growth 12, from d = −1: an epoch is judged by ½d² at its end.
    [Theory]

    // v ← v/2 − η d, d ← d + v.
    // 1. η 0.25: v 0.25, d −0.75 → v 0.3125, d −0.4375.                            fell: η 3
    // 2. η 3:    v 1.46875, d 1.03125 → v −2.359375, d −1.328125.                  rejected: η 2.1, v 0
    // 3. η 2.1:  d −0.4375 → v 0.91875, d 0.48125 → v −0.55125, d −0.07.           fell
    [InlineData(
        AdaptiveMomentumRule.Textbook, new[] { 0.25, 3, 2.1 }, new[] { -0.4375, -1.328125, -0.07 }, new[] { true, false, true })]

    // v ← v/2 − η d/2, in the first batch of all and in that after a rejection −η d.
    // 1. η 0.5:  v 0.5, d −0.5 → v 0.375, d −0.125.                                fell: η 6
    // 2. η 6:    v 0.5625, d 0.4375 → v −1.03125, d −0.59375.                      rejected: η 4.2, v 0
    // 3. η 4.2:  d −0.125 → v 0.525, d 0.4 → v −0.5775, d −0.1775.                 rejected: η 2.94, v 0
    // 4. η 2.94: d −0.125 → v 0.3675, d 0.2425 → v −0.172725, d 0.069775.          fell
    [InlineData(
        AdaptiveMomentumRule.MatlabCode,
        new[] { 0.5, 6, 4.2, 2.94 }, new[] { -0.125, -0.59375, -0.1775, 0.069775 }, new[] { true, false, false, true })]

    // v ← v/2 − η d/2: with twice the rate the steps of the texts.
    [InlineData(
        AdaptiveMomentumRule.MatlabHelp, new[] { 0.5, 6, 4.2 }, new[] { -0.4375, -1.328125, -0.07 }, new[] { true, false, true })]
    public void InMiniBatches(AdaptiveMomentumRule rule, double[] rates, double[] distances, bool[] areAccepted)
    {
        Network<double> network = Networks.OneWeight();
        var optimizer = Optimizer.AdaptiveMomentum(rates[0], momentum: 0.5, increase: 12, rule: rule);
        TrainingOptions options = Training.Incremental(rates[0], rates.Length) with { Optimizer = optimizer };
        AssertEpochs(network.Train(options, Samples.Pairs((1, 1), (1, 1))), rates, distances, areAccepted);
        Close.Absolute(1 + distances[^1], network.Weight(), 1e-14);
    }

    [Theory]
    [InlineData(AdaptiveMomentumRule.Textbook, 8)]
    [InlineData(AdaptiveMomentumRule.Textbook, TrainingOptions.FullBatch)]
    [InlineData(AdaptiveMomentumRule.MatlabCode, 8)]
    [InlineData(AdaptiveMomentumRule.MatlabCode, TrainingOptions.FullBatch)]
    public void WithoutMomentumItIsAdaptiveGradientDescent(AdaptiveMomentumRule rule, int batchSize)
    {
        DataSet<double> data = Samples.Random<double>(1, rows: 30, inputs: 3, targets: 2);
        Network<double> expected = Networks.Random<double>(2, 3, new LayerSpec(5, Activation.Tanh), new LayerSpec(2, Activation.Linear));
        Network<double> actual = expected.Clone();
        var options = new TrainingOptions { BatchSize = batchSize, Epochs = 20 };
        TrainingResult descent = expected.Train(options with { Optimizer = Optimizer.AdaptiveGradientDescent(1.5) }, data);
        TrainingResult result = actual.Train(
            options with { Optimizer = Optimizer.AdaptiveMomentum(1.5, momentum: 0, rule: rule) }, data);
        Assert.Contains(descent.History, epoch => !epoch.IsAccepted);
        Assert.Equal(descent.History.Select(epoch => epoch.IsAccepted), result.History.Select(epoch => epoch.IsAccepted));
        Assert.Equal(descent.History.Select(epoch => epoch.LearningRate), result.History.Select(epoch => epoch.LearningRate));
        Assert.All(descent.History.Zip(result.History), pair => Close.Relative(pair.First.TrainingLoss, pair.Second.TrainingLoss, 1e-10));
    }

    private static TrainingOptions FullBatch(
        double learningRate, int epochs, AdaptiveMomentumRule rule = AdaptiveMomentumRule.Textbook) =>
        Training.FullBatch(learningRate, epochs) with { Optimizer = Optimizer.AdaptiveMomentum(learningRate, rule: rule) };

    /// <summary>Of every epoch the rate, the distance d that it was judged at, and whether it stayed.</summary>
    private static void AssertEpochs(TrainingResult result, double[] rates, double[] distances, bool[] areAccepted)
    {
        Assert.Equal(areAccepted, result.History.Select(epoch => epoch.IsAccepted));
        Assert.All(result.History, (epoch, i) => Close.Absolute(rates[i], epoch.LearningRate, 1e-14, $"rate of epoch {i + 1}"));
        Assert.All(
            result.History,
            (epoch, i) => Close.Relative(0.5 * distances[i] * distances[i], epoch.TrainingLoss, 1e-12, $"loss of epoch {i + 1}"));
    }
}
