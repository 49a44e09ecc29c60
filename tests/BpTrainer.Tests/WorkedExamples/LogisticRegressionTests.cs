namespace BpTrainer.Tests.WorkedExamples;

/// <summary>One logistic unit with binary cross-entropy: ∂J/∂w = (1/m) Xᵀ(a − y), ∂J/∂b = mean(a − y).</summary>
public class LogisticRegressionTests
{
    [Fact]
    public void ItsGradientIsTheMeanOfInputTimesError()
    {
        const int Rows = 40, Inputs = 3;
        DataSet<double> data = Samples.Random<double>(seed: 5, Rows, Inputs, targets: 1);
        Network<double> unit = Networks.Of(
            BiasKind.PerUnit, new GivenLayer(Activation.Logistic, new[,] { { 0.3 }, { -0.8 }, { 0.5 } }, [0.1]));

        var expected = new double[Inputs + 1];
        for (int row = 0; row < Rows; row++)
        {
            double[] x = [1, .. data.Inputs.Span.Slice(row * Inputs, Inputs)];
            double z = (0.1 * x[0]) + (0.3 * x[1]) - (0.8 * x[2]) + (0.5 * x[3]);
            double error = (1 / (1 + Math.Exp(-z))) - data.Targets.Span[row];
            for (int i = 0; i <= Inputs; i++)
            {
                expected[i] += x[i] * error / Rows;
            }
        }

        // The bias comes first, as in the list of parameters.
        double[] actual = Gradient.Computed(unit, Loss.BinaryCrossEntropy(), data);
        foreach ((double e, double a) in expected.Zip(actual))
        {
            Close.Absolute(e, a, 1e-14);
        }
    }

    /// <summary>
    /// The figures are those of scikit-learn 1.2.1 on the rows of examples/data/breast-cancer.csv, standardized with numpy's mean(0) and
    /// std(0): LogisticRegression(C=1.0, solver='lbfgs', tol=1e-10, max_iter=10000).fit(X, y), then log_loss(y, predict_proba(X)), and
    /// with 0.5·Σcoef²/(C·569) added. It minimizes C·Σloss + ½Σw², which is our mean loss + ½λ₂Σw² with λ₂ = 1/(569·C), times
    /// 569·C; neither penalizes the bias.
    /// </summary>
    [Theory]
    [InlineData(1.0, 0.0533920399099172, 0.0663601863797622)]
    [InlineData(0.1, 0.08317268013432548, 0.11647032118649836)]
    public void ItFindsWhatLBFGSFindsOnBreastCancer(double c, double logLoss, double penalized)
    {
        DataSet<double> data = BreastCancer.Load();
        Network<double> network = new NetworkBuilder(BreastCancer.Inputs)
            .ScaleInputs(ColumnScaling.StandardizeInputs(data))
            .Add(1, Activation.Logistic)
            .Build<double>(seed: 1);
        var options = new TrainingOptions
        {
            Loss = Loss.BinaryCrossEntropy(),
            Optimizer = Optimizer.Momentum(0.1, momentum: 0.95),
            BatchSize = TrainingOptions.FullBatch,
            Epochs = 2000,
            Regularization = new Regularization { L2 = 1 / (data.Rows * c) },
        };
        network.Train(options, data);

        using var probe = new LossProbe(network, Loss.BinaryCrossEntropy(), data);
        Close.Relative(logLoss, probe.Measure(), 0.01, "log-loss");
        Close.Relative(penalized, probe.Measure() + options.Regularization.Penalty(network), 0.001, "log-loss with penalty");
        Close.Relative(
            logLoss,
            -network.Predict(data.Inputs.Span).Zip(data.Targets.ToArray(), (p, y) => Math.Log(y == 1 ? p : 1 - p)).Average(),
            0.01,
            "log-loss of the predictions");
    }
}
