namespace BpTrainer.Tests.Optimizers;

/// <summary>
/// Scaled conjugate gradient against the nine steps of Møller, written down plainly here, and against solutions that are known.
/// </summary>
public class ScaledConjugateGradientTests
{
    private static readonly (double[] X, double Y)[] s_samples =
        [([1, 0.5], 0.8), ([-0.3, 1], -0.5), ([0.7, -1], 0.1), ([-1, -0.2], -0.9), ([0.2, 0.4], 0.6)];

    /// <summary>First weights and bias, λ and the penalty.</summary>
    public static TheoryData<double, double, double, double, double> Starts => new()
    {
        { 0.1, 0.2, 0.0, 5e-7, 0.0 },
        { 3.0, -2.0, 1.0, 5e-7, 0.0 },
        { -4.0, 4.0, 2.0, 5e-7, 0.0 },
        { -4.0, 4.0, 2.0, 1e-3, 0.01 },
        { 0.1, 0.2, 0.0, 10.0, 0.1 },
        { 0.5, -0.5, -1.5, 5e-7, 0.0 },
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public void EveryStepIsThatOfTheNine(double w1, double w2, double bias, double lambda, double l2)
    {
        // a = tanh(w·x + b); a restart comes every 3 steps.
        const int Epochs = 12;
        Network<double> network = Networks.Of(BiasKind.PerUnit, new GivenLayer(Activation.Tanh, new[,] { { w1 }, { w2 } }, [bias]));
        var data = new DataSet<double>(
            s_samples.SelectMany(sample => sample.X).ToArray(), 2, s_samples.Select(sample => sample.Y).ToArray(), 1);
        TrainingOptions options = Training.FullBatch(1, Epochs).With(
            Optimizer.ScaledConjugateGradient(lambda: lambda, minimumGradient: 0)) with
        { Regularization = new() { L2 = l2 } };
        var steps = new List<double[]>();
        network.Train(options, data, onEpoch: _ => steps.Add(
            [network.Layers[0].GetWeight(0, 0), network.Layers[0].GetWeight(1, 0), network.Layers[0].GetBias(0)]));

        var plain = new PlainMoller(w => Loss(w, l2), w => Slope(w, l2), [w1, w2, bias], lambda);
        Assert.InRange(steps.Count, 6, Epochs);
        for (int epoch = 0; epoch < steps.Count; epoch++)
        {
            double[] expected = plain.Step();
            for (int k = 0; k < 3; k++)
            {
                Close.Relative(expected[k], steps[epoch][k], 1e-6, $"parameter {k} after epoch {epoch + 1}", 1);
            }
        }
    }

    [Fact]
    public void TheCasesMeetNegativeCurvatureAndRejectedSteps()
    {
        int negative = 0, rejected = 0;
        foreach (double[] start in Starts.Select(row => Array.ConvertAll(row, number => (double)number)))
        {
            var plain = new PlainMoller(w => Loss(w, start[4]), w => Slope(w, start[4]), start[..3], start[3]);
            for (int step = 0; step < 12; step++)
            {
                plain.Step();
            }

            negative += plain.NegativeCurvatures;
            rejected += plain.Rejected;
        }

        Assert.InRange(negative, 1, 70);
        Assert.InRange(rejected, 1, 70);
    }

    [Fact]
    public void OnAParabolaItIsThereAfterAStepAParameter()
    {
        // Mean of ½(w·x − y)² with 6 weights: exact conjugate directions need 6 steps.
        DataSet<double> data = Samples.Random<double>(5, rows: 50, inputs: 6, targets: 1);
        Network<double> network = new NetworkBuilder(6).Add(
            new LayerSpec(1, Activation.Linear) { Bias = BiasKind.Frozen }).Build<double>(1);
        network.Train(Training.FullBatch(1, epochs: 6).With(Optimizer.ScaledConjugateGradient(minimumGradient: 0)), data);
        Assert.All(Gradient.Computed(network, BpTrainer.Loss.HalfSquaredError, data), slope => Close.Absolute(0, slope, 1e-6));
    }

    [Fact]
    public void TheLossNeverRisesAndEveryEpochReportsTheLengthOfTheStepBefore()
    {
        DataSet<double> data = Samples.Random<double>(3, rows: 30, inputs: 4, targets: 2);
        Network<double> network = Networks.Random<double>(4, 4, new LayerSpec(8, Activation.Tanh), new LayerSpec(2, Activation.Linear));
        TrainingResult result = network.Train(Training.FullBatch(1, epochs: 100).With(Optimizer.ScaledConjugateGradient()), data);
        Assert.All(result.History.Zip(result.History.Skip(1)), pair => Assert.True(pair.Second.TrainingLoss <= pair.First.TrainingLoss));
        Assert.InRange(result.History[^1].TrainingLoss, 0, 0.3 * result.History[0].TrainingLoss);
        Assert.Equal(0, result.History[0].LearningRate);
        Assert.All(result.History.Skip(1), epoch => Assert.InRange(Math.Abs(epoch.LearningRate), 1e-9, 1e9));
    }

    [Fact]
    public void InFloatItFollowsThePathInDouble()
    {
        // The paper's distance of 5e-5 along p would be lost in the rounding of float.
        Network<double> inDouble = Networks.Random<double>(4, 4, new LayerSpec(8, Activation.Tanh), new LayerSpec(2, Activation.Linear));
        Network<float> inFloat = Networks.Random<float>(4, 4, new LayerSpec(8, Activation.Tanh), new LayerSpec(2, Activation.Linear));
        TrainingOptions options = Training.FullBatch(1, epochs: 15).With(Optimizer.ScaledConjugateGradient());
        TrainingResult expected = inDouble.Train(options, Samples.Random<double>(3, rows: 30, inputs: 4, targets: 2));
        TrainingResult result = inFloat.Train(options, Samples.Random<float>(3, rows: 30, inputs: 4, targets: 2));
        Assert.All(expected.History.Zip(result.History), pair => Close.Relative(pair.First.TrainingLoss, pair.Second.TrainingLoss, 0.01));
    }

    [Fact]
    public void InFloatItEndsWhereTheLossCannotFallAnyMore()
    {
        // 11 samples and 31 parameters: the loss can be 0.
        DataSet<float> data = Samples.Random<float>(3, rows: 11, inputs: 4, targets: 1);
        Network<float> network = Networks.Random<float>(4, 4, new LayerSpec(5, Activation.Tanh), new LayerSpec(1, Activation.Linear));
        TrainingResult result = network.Train(
            Training.FullBatch(1, epochs: 5000).With(Optimizer.ScaledConjugateGradient(minimumGradient: 0)), data);
        Assert.InRange(result.History[^1].TrainingLoss, 0, 1e-6);
    }

    [Fact]
    public void AtAMinimumNoStepIsFound()
    {
        // a = w·x fits (1, 1) and (1, 2.1) best at w = 1.55, which a double does not hit exactly.
        Network<double> network = Networks.OneWeight(1.4);
        TrainingResult result = network.Train(
            Training.FullBatch(1, epochs: 100).With(Optimizer.ScaledConjugateGradient(minimumGradient: 0)),
            Samples.Pairs((1, 1), (1, 2.1)));
        Assert.Contains(result.StopReason, new[] { StopReason.NoLowerLossFound, StopReason.MinimumGradientReached });
        Close.Absolute(1.55, network.Weight(), 1e-7);
    }

    [Fact]
    public void ASmallGradientEndsTheTraining()
    {
        TrainingResult result = Networks.OneWeight().Train(
            Training.FullBatch(1, epochs: 100).With(Optimizer.ScaledConjugateGradient()), Samples.Pairs((1, 1)));
        Assert.Equal(StopReason.MinimumGradientReached, result.StopReason);
        Assert.InRange(result.History.Count, 2, 5);
    }

    [Fact]
    public void ALossBeyondAllNumbersMakesTheStepShorter()
    {
        // e^(w·x) for x = 300 overflows where the curvature at w = 0 sends it: the loss there is not finite.
        Network<double> network = Networks.Of(BiasKind.Frozen, new GivenLayer(Activation.Exponential, new[,] { { 0.0 } }, [0]));
        TrainingOptions options = Training.FullBatch(1, epochs: 50).With(Optimizer.ScaledConjugateGradient());
        options = options with { Loss = BpTrainer.Loss.Poisson };
        TrainingResult result = network.Train(options, Samples.Pairs((300, 1e6)));
        Close.Relative(Math.Log(1e6) / 300, network.Weight(), 1e-4);
        Assert.NotEqual(StopReason.NonFinite, result.StopReason);
    }

    [Fact]
    public void ABiasThatManyUnitsShareIsOneParameter()
    {
        const int Units = 12_000;
        Network<double> network = new NetworkBuilder(1).Add(
            new LayerSpec(Units, Activation.Linear) { Bias = BiasKind.Shared }).Build<double>();
        var data = new DataSet<double>(new double[1], 1, Enumerable.Repeat(1.0, Units).ToArray(), Units);
        network.Train(Training.FullBatch(1, epochs: 20).With(Optimizer.ScaledConjugateGradient()), data);
        Assert.All(network.Layers[0].Biases.ToArray(), bias => Close.Absolute(1, bias, 1e-8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void ItLearnsTheEncoder(int seed)
    {
        // 8-3-8: eight one-hot rows through three units.
        float[] rows = [.. Enumerable.Range(0, 64).Select(i => i % 9 == 0 ? 1f : 0)];
        var data = new DataSet<float>(rows, 8, rows, 8);
        Network<float> network = new NetworkBuilder(8).Add(3, Activation.Tanh).Add(8, Activation.Logistic).Build<float>(seed);
        network.Train(Training.FullBatch(1, epochs: 500).With(Optimizer.ScaledConjugateGradient()), data);
        float[] outputs = network.Predict<float>(rows);
        Assert.All(Enumerable.Range(0, 8), row => Assert.Equal(
            row, Enumerable.Range(0, 8).MaxBy(o => outputs[(row * 8) + o])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void ItFitsACurveInFloat(int seed)
    {
        float[] x = [.. Enumerable.Range(0, 41).Select(i => (i / 20f) - 1)];
        var data = new DataSet<float>(x, 1, Array.ConvertAll(x, value => MathF.Sin(MathF.PI * value)), 1);
        Network<float> network = new NetworkBuilder(1).Add(10, Activation.Tanh).Add(1, Activation.Linear).Build<float>(seed);
        TrainingResult result = network.Train(
            Training.FullBatch(1, epochs: 500).With(Optimizer.ScaledConjugateGradient()) with { TargetLoss = 1e-4 }, data);
        Assert.Equal(StopReason.TargetLossReached, result.StopReason);
    }

    private static double Loss(double[] w, double l2) =>
        s_samples.Average(s => 0.5 * Math.Pow(Output(w, s.X) - s.Y, 2)) + (0.5 * l2 * ((w[0] * w[0]) + (w[1] * w[1])));

    private static double[] Slope(double[] w, double l2)
    {
        double Mean(Func<double[], double> factor) => s_samples.Average(s =>
        {
            double a = Output(w, s.X);
            return (a - s.Y) * (1 - (a * a)) * factor(s.X);
        });

        return [Mean(x => x[0]) + (l2 * w[0]), Mean(x => x[1]) + (l2 * w[1]), Mean(_ => 1)];
    }

    private static double Output(double[] w, double[] x) => Math.Tanh((w[0] * x[0]) + (w[1] * x[1]) + w[2]);

    /// <summary>The nine steps as in the paper, with r = −E′; a restart every N accepted steps.</summary>
    private sealed class PlainMoller(Func<double[], double> loss, Func<double[], double[]> slope, double[] start, double lambda)
    {
        private const double Sigma = 5e-5;
        private readonly double _n = start.Length;
        private double[] _w = start;
        private double[] _r = Negative(slope(start));
        private double[] _p = Negative(slope(start));
        private double _lambda = lambda;
        private int _accepted;

        public int NegativeCurvatures { get; private set; }

        public int Rejected { get; private set; }

        /// <summary>Steps 2 to 9, until one is accepted.</summary>
        public double[] Step()
        {
            double norm2 = Dot(_p, _p);
            double sigma = Sigma / Math.Sqrt(norm2);
            double[] s = [.. slope(Plus(_w, sigma, _p)).Zip(slope(_w), (far, near) => (far - near) / sigma)];
            double delta = Dot(_p, s), bar = 0;
            while (true)
            {
                delta += (_lambda - bar) * norm2;
                if (delta <= 0)
                {
                    NegativeCurvatures++;
                    bar = 2 * (_lambda - (delta / norm2));
                    delta = -delta + (_lambda * norm2);
                    _lambda = bar;
                }

                double mu = Dot(_p, _r), alpha = mu / delta;
                double[] next = Plus(_w, alpha, _p);
                double comparison = 2 * delta * (loss(_w) - loss(next)) / (mu * mu);
                if (comparison >= 0)
                {
                    double[] r = Negative(slope(next));
                    double beta = (Dot(r, r) - Dot(r, _r)) / mu;
                    _accepted++;
                    _p = _accepted % _n == 0 ? r : Plus(r, beta, _p);
                    (_w, _r) = (next, r);
                    _lambda = comparison >= 0.75 ? _lambda / 4 : comparison < 0.25 ? _lambda + (delta * (1 - comparison) / norm2) : _lambda;
                    return _w;
                }

                Rejected++;
                bar = _lambda;
                _lambda += delta * (1 - comparison) / norm2;
            }
        }

        private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

        private static double[] Plus(double[] a, double factor, double[] b) => [.. a.Zip(b, (x, y) => x + (factor * y))];

        private static double[] Negative(double[] a) => [.. a.Select(x => -x)];
    }
}
