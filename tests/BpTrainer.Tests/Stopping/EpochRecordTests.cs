namespace BpTrainer.Tests.Stopping;

/// <summary>
/// What an epoch says besides its losses: the norm of the gradient, the checks against early stopping, whether it was undone.
/// </summary>
public class EpochRecordTests
{
    private static readonly DataSet<double> s_pair = Samples.Pairs((1, 1));

    [Fact]
    public void TheGradientNormIsThatAfterTheEpoch()
    {
        // ∂E/∂w = w − 1 = −0.9ⁿ after n updates.
        TrainingOptions options = Training.FullBatch(0.1, epochs: 3) with { MinimumGradient = 0 };
        TrainingResult result = Networks.OneWeight().Train(options, s_pair);
        Assert.All(result.History, epoch => Close.Absolute(Math.Pow(0.9, epoch.Epoch), epoch.GradientNorm!.Value, 1e-15));
    }

    [Fact]
    public void ItIsNullWhereNobodyMeasuresIt() =>
        Assert.All(Networks.OneWeight().Train(Training.FullBatch(0.1, epochs: 3), s_pair).History,
            epoch => Assert.Null(epoch.GradientNorm));

    [Fact]
    public void OfAnUndoneEpochItIsThatOfTheWeightsThatStay()
    {
        // η = 2.5 is undone before there is any norm; η = 1.75 leads to w = 1.75; η = 5.25 is undone.
        TrainingOptions options = Training.FullBatch(2.5, epochs: 3) with
        {
            Optimizer = Optimizer.AdaptiveGradientDescent(2.5, increase: 3),
            MinimumGradient = 0,
        };
        TrainingResult result = Networks.OneWeight().Train(options, s_pair);
        Assert.Equal([false, true, false], result.History.Select(epoch => epoch.IsAccepted));
        Assert.Equal([null, 0.75, 0.75], result.History.Select(epoch => epoch.GradientNorm));
    }

    [Fact]
    public void SearchersKnowItAnyway()
    {
        // L-BFGS after its step, Levenberg–Marquardt before it.
        DataSet<double> data = Samples.Random<double>(1, rows: 40, inputs: 3, targets: 2);
        TrainingOptions options = Training.FullBatch(1, epochs: 6) with { Regularization = new() { L2 = 0.01 } };
        double[] lbfgs = Norms(Optimizer.Lbfgs(), minimum: null), lbfgsMeasured = Norms(Optimizer.Lbfgs(), minimum: 0);
        Assert.All(lbfgsMeasured.Zip(lbfgs), pair => Close.Relative(pair.First, pair.Second, 1e-9));
        double[] lm = Norms(Optimizer.LevenbergMarquardt(), minimum: null), lmMeasured = Norms(Optimizer.LevenbergMarquardt(), minimum: 0);
        Assert.All(lmMeasured.Zip(lm.Skip(1)), pair => Close.Relative(pair.First, pair.Second, 1e-9));

        double[] Norms(Optimizer optimizer, double? minimum)
        {
            Network<double> network = Networks.Random<double>(
                2, 3, new LayerSpec(4, Activation.Tanh) { Bias = BiasKind.Shared }, new LayerSpec(2, Activation.Linear));
            TrainingResult result = network.Train(options.With(optimizer) with { MinimumGradient = minimum }, data);
            return [.. result.History.Select(epoch => epoch.GradientNorm!.Value)];
        }
    }

    [Fact]
    public void ChecksCountTheEpochsSinceTheLastLow()
    {
        // w: 0.1, 0.19, 0.271, 0.3439; the target 0.2 of the validation set is nearest to the second.
        TrainingResult result = Networks.OneWeight().Train(Training.FullBatch(0.1, epochs: 4), s_pair, Samples.Pairs((1, 0.2)));
        Assert.Equal([0, 0, 1, 2], result.History.Select(epoch => epoch.ValidationChecks));
    }

    [Fact]
    public void AnEpochOnThePlateauIsATenthOfACheck()
    {
        // Validation targets 0 and 1 at x = 1: the constant 0.5 has the loss 0.125, and w, which climbs from 0.5 to 0.6, loses to it.
        TrainingOptions options = Training.FullBatch(0.02, epochs: 4);
        TrainingResult result = Networks.OneWeight(0.5).Train(options, s_pair, Samples.Pairs((1, 0), (1, 1)));
        Assert.All(result.History, epoch => Close.Absolute((epoch.Epoch - 1) / 10.0, epoch.ValidationChecks!.Value, 1e-15));
    }

    [Fact]
    public void WithoutAValidationSetThereAreNone() =>
        Assert.Null(Networks.OneWeight().Train(Training.FullBatch(0.1, epochs: 1), s_pair).History[0].ValidationChecks);

    [Fact]
    public void OnlyAnAdaptiveRateUndoesEpochs() =>
        Assert.All(Networks.OneWeight().Train(Training.FullBatch(2.5, epochs: 3), s_pair).History, epoch => Assert.True(epoch.IsAccepted));
}
