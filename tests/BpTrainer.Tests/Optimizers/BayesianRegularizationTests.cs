using BpTrainer.Kernels;
using BpTrainer.Optimizers;
using BpTrainer.Threads;

namespace BpTrainer.Tests.Optimizers;

/// <summary>Bayesian regularization against MATLAB's trainbr, written down plainly here, and what it is for.</summary>
public class BayesianRegularizationTests
{
    private const double Damping = 0.005;

    [Theory]
    [InlineData("half", false)]
    [InlineData("half", true)]
    [InlineData("mean", true)]
    public void EveryStepIsThatOfTheFormulas(string loss, bool weighted)
    {
        const int Epochs = 8;
        bool isMean = loss == "mean";
        DataSet<double> data = Samples.Random<double>(1, rows: 60, inputs: 3, targets: 2, weighted);
        Network<double> network = Networks.Random<double>(
            3,
            3,
            new LayerSpec(4, Activation.PReLU()),
            new LayerSpec(3, Activation.Tanh) { Bias = BiasKind.Shared },
            new LayerSpec(2, Activation.Linear));
        Network<double> plain = network.Clone();
        Parameter[] parameters = [.. Parameter.Trained(network)];
        var steps = new List<double[]>();
        TrainingOptions options = Training.FullBatch(1, Epochs).With(Optimizer.BayesianRegularization()) with
        {
            Loss = isMean ? Loss.MeanSquaredError : Loss.HalfSquaredError,
        };
        TrainingResult result = network.Train(
            options, data, onEpoch: _ => steps.Add([.. parameters.Select(parameter => parameter.Get(network))]));

        var reference = new PlainBayes(plain, parameters, data, isMean);
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            Close.Relative(reference.Mu, result.History[epoch].LearningRate, 1e-12, $"μ of epoch {epoch + 1}");
            reference.Step();
            for (int k = 0; k < parameters.Length; k++)
            {
                Close.Relative(parameters[k].Get(plain), steps[epoch][k], 1e-4, $"{parameters[k]} after epoch {epoch + 1}", 1);
            }
        }

        BayesianFigures figures = result.BayesianRegularization!;
        Close.Relative(reference.Alpha, figures.Alpha, 1e-4);
        Close.Relative(reference.Beta, figures.Beta, 1e-4);
        Close.Relative(reference.Gamma, figures.EffectiveParameters, 1e-4);
        Assert.Equal(parameters.Length, figures.Parameters);
        Assert.Equal(Epochs, result.BestEpoch);
    }

    [Fact]
    public void FrozenBiasesAreNoParameters()
    {
        DataSet<double> data = Samples.Random<double>(1, rows: 20, inputs: 3, targets: 2);
        Network<double> network = Networks.Random<double>(
            3, 3, new LayerSpec(4, Activation.Tanh) { Bias = BiasKind.Frozen }, new LayerSpec(2, Activation.Linear));
        TrainingResult result = network.Train(Training.FullBatch(1, epochs: 3).With(Optimizer.BayesianRegularization()), data);
        Assert.Equal(12 + 8 + 2, result.BayesianRegularization!.Parameters);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void OnANoisySineItUsesFewParametersAndGeneralizes(int seed)
    {
        // 41 points of sin πx with noise of 0.2, and 1-20-1 with 61 parameters, which can go through all of them.
        DataSet<double> noisy = Sine(seed + 1, noise: 0.2), clean = Sine(seed, noise: 0);
        Network<double> bayesian = new NetworkBuilder(1).Add(20, Activation.Tanh).Add(1, Activation.Linear).Build<double>(seed);
        Network<double> plain = bayesian.Clone();
        TrainingResult result = bayesian.Train(Training.FullBatch(1, epochs: 200).With(Optimizer.BayesianRegularization()), noisy);
        plain.Train(Training.FullBatch(1, epochs: 200).With(Optimizer.LevenbergMarquardt()), noisy);
        BayesianFigures figures = result.BayesianRegularization!;
        Assert.Equal(61, figures.Parameters);
        Assert.InRange(figures.EffectiveParameters, 2, 15);

        // 1/(2β) is an estimate of the variance of the noise, 0.04.
        Assert.InRange(1 / (2 * figures.Beta), 0.02, 0.08);
        double ofBayesian = RootMeanSquare(bayesian, clean), ofPlain = RootMeanSquare(plain, clean);
        Assert.True(ofBayesian < 0.8 * ofPlain, $"{ofBayesian} against {ofPlain}");
        Assert.InRange(RootMeanSquare(bayesian, clean), 0, 0.12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void FourDifferentRowsDetermineFourParameters(int seed)
    {
        // The exclusive or, 100 times: of 17 parameters, γ is 4.
        DataSet<double> xor = Samples.Xor().Take([.. Enumerable.Range(0, 400).Select(row => row % 4)]);
        Network<double> network = new NetworkBuilder(2).Add(4, Activation.Tanh).Add(1, Activation.Logistic).Build<double>(seed);
        TrainingResult result = network.Train(Training.FullBatch(1, epochs: 200).With(Optimizer.BayesianRegularization()), xor);
        Close.Absolute(4, result.BayesianRegularization!.EffectiveParameters, 0.01);
        Assert.InRange(result.History[^1].TrainingLoss, 0, 1e-6);
    }

    [Fact]
    public void WithValidationTheFiguresAreThoseOfTheBestEpoch()
    {
        DataSet<double> noisy = Sine(1, noise: 0.2), validation = Sine(2, noise: 0.2);
        TrainingOptions options = Training.FullBatch(1, epochs: 60).With(Optimizer.BayesianRegularization());
        Network<double> Start() => new NetworkBuilder(1).Add(20, Activation.Tanh).Add(1, Activation.Linear).Build<double>(0);
        TrainingResult result = Start().Train(options, noisy, validation);
        Assert.InRange(result.BestEpoch, 1, result.History.Count - 1);
        TrainingResult toTheBest = Start().Train(options with { Epochs = result.BestEpoch }, noisy);
        Assert.Equal(toTheBest.BayesianRegularization, result.BayesianRegularization);
    }

    [Fact]
    public void OtherOptimizersHaveNoSuchFigures()
    {
        TrainingResult result = Networks.OneWeight().Train(
            Training.FullBatch(1, epochs: 1).With(Optimizer.LevenbergMarquardt()), Samples.Pairs((1, 1)));
        Assert.Null(result.BayesianRegularization);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1e-9)]
    public void ErrorsOrParametersOf0AreNoTrouble(double weight)
    {
        // y = x exactly: at w = 1 there is no error, at w = 0 no parameter.
        Network<double> network = Networks.OneWeight(weight);
        TrainingResult result = network.Train(
            Training.FullBatch(1, epochs: 50).With(Optimizer.BayesianRegularization()), Samples.Pairs((1, 1), (2, 2), (-1, -1)));
        Assert.NotEqual(StopReason.NonFinite, result.StopReason);
        Close.Absolute(1, network.Weight(), 1e-3);
        Assert.InRange(result.BayesianRegularization!.EffectiveParameters, 0, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(70)]
    public void TheTraceOfTheInverseIsThatOfElimination(int unknowns)
    {
        double Trace(int threads, out double[,] matrix)
        {
            using var team = new WorkTeam(threads);
            var equations = new NormalEquations(unknowns, Kernel.Default, team);
            equations.Clear();
            var random = new Random(unknowns);
            matrix = new double[unknowns, unknowns];
            for (int row = 0; row < NormalEquations.BlockRows; row++)
            {
                Span<double> values = equations.RowOf(row);
                for (int i = 0; i < unknowns; i++)
                {
                    values[i] = random.NextDouble() - 0.5;
                }

                for (int i = 0; i < unknowns; i++)
                {
                    for (int j = 0; j < unknowns; j++)
                    {
                        matrix[i, j] += values[i] * values[j];
                    }
                }
            }

            equations.AddBlock(NormalEquations.BlockRows);
            for (int i = 0; i < unknowns; i++)
            {
                equations.AddPenalty(i, 0.3, 1);
                matrix[i, i] += 0.3;
            }

            return equations.TraceOfInverse();
        }

        double one = Trace(1, out double[,] matrix);
        Close.Relative(PlainLeastSquares.TraceOfInverse(matrix), one, 1e-10);
        Assert.Equal(one, Trace(3, out _));
    }

    private static DataSet<double> Sine(int seed, double noise)
    {
        var random = new Random(seed);
        double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Samples.Pairs([.. Enumerable.Range(0, 41).Select(i => (i / 20.0) - 1)
            .Select(x => (x, Math.Sin(Math.PI * x) + (noise * Gaussian())))]);
    }

    private static double RootMeanSquare(Network<double> network, DataSet<double> data) => Math.Sqrt(
        network.Predict<double>(data.Inputs.Span).Zip(data.Targets.ToArray(), (a, y) => (a - y) * (a - y)).Average());

    /// <summary>
    /// F = β E_D + α E_W: steps −(βJᵀJ + (μ + α)I)⁻¹ (βJᵀe + αw) until F falls, then γ = N − α tr((βJᵀJ + αI)⁻¹) with the JᵀJ of the
    /// step, α = γ / (2 E_W) and β = (n − γ) / (2 E_D).
    /// </summary>
    private sealed class PlainBayes
    {
        private readonly Network<double> _network;
        private readonly Parameter[] _parameters;
        private readonly DataSet<double> _data;
        private readonly bool _isMean;

        public PlainBayes(Network<double> network, Parameter[] parameters, DataSet<double> data, bool isMean)
        {
            (_network, _parameters, _data, _isMean) = (network, parameters, data, isMean);
            Gamma = N;
            Alpha = N / (2 * OfParameters);
            Beta = (Errors - Gamma) / (2 * OfErrors);
        }

        public double Mu { get; private set; } = Damping;

        public double Alpha { get; private set; }

        public double Beta { get; private set; }

        public double Gamma { get; private set; }

        private int N => _parameters.Length;

        private int Errors => _data.Rows * _data.TargetColumns;

        private double OfErrors => PlainLeastSquares.SumOfSquares(_network, _data, _isMean);

        private double OfParameters => _parameters.Sum(parameter => Math.Pow(parameter.Get(_network), 2));

        private double Objective => (Beta * OfErrors) + (Alpha * OfParameters);

        public void Step()
        {
            (double[,] jj, double[] je) = PlainLeastSquares.Equations(_network, _parameters, _data, _isMean);
            double[] before = [.. _parameters.Select(parameter => parameter.Get(_network))];
            double objective = Objective;
            while (true)
            {
                double[] right = [.. je.Zip(before, (g, w) => -(Beta * g) - (Alpha * w))];
                double[] step = PlainLeastSquares.Solve(Hessian(jj, Alpha + Mu), right);
                Move(before, step);
                if (Objective < objective)
                {
                    break;
                }

                Mu *= 10;
            }

            Mu *= 0.1;
            Gamma = N - (Alpha * PlainLeastSquares.TraceOfInverse(Hessian(jj, Alpha)));
            Alpha = Gamma / (2 * OfParameters);
            Beta = (Errors - Gamma) / (2 * OfErrors);
        }

        private double[,] Hessian(double[,] jj, double diagonal)
        {
            var hessian = new double[N, N];
            for (int i = 0; i < N; i++)
            {
                for (int j = 0; j < N; j++)
                {
                    hessian[i, j] = (Beta * jj[i, j]) + (i == j ? diagonal : 0);
                }
            }

            return hessian;
        }

        private void Move(double[] before, double[] step)
        {
            for (int k = 0; k < N; k++)
            {
                _parameters[k].Set(_network, before[k] + step[k]);
            }
        }
    }
}
