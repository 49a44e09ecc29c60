using BpTrainer.Kernels;

namespace BpTrainer.Tests.Optimizers;

/// <summary>
/// Optimizers on networks of several layers, by each kernel, in batches and sample by sample: as their formulas, written here once
/// more number by number, say for gradients that plain gradient descent has shown.
/// </summary>
public class OptimizerFormulaTests
{
    private const double Rate = 0.01;
    private const int Updates = 4;

    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, bool>();
            foreach (string optimizer in s_formulas.Keys)
            {
                foreach (string kernel in Kinds.Names)
                {
                    cases.Add(optimizer, kernel, true);
                    cases.Add(optimizer, kernel, false);
                }
            }

            return cases;
        }
    }

    /// <summary>Δw from g, what is remembered of the parameter, and the number of the update.</summary>
    private static readonly Dictionary<string, Func<double, double[], int, double>> s_formulas = new()
    {
        ["gradient-descent"] = (g, _, _) => -Rate * g,
        ["momentum"] = (g, m, _) => m[0] = (0.9 * m[0]) - (Rate * g),
        ["nesterov"] = (g, m, _) =>
        {
            m[0] = (0.9 * m[0]) - (Rate * g);
            return (0.9 * m[0]) - (Rate * g);
        },
        ["adagrad"] = (g, m, _) =>
        {
            m[0] += g * g;
            return -Rate * g / (Math.Sqrt(m[0]) + 1e-10);
        },
        ["rmsprop"] = (g, m, _) =>
        {
            m[0] = (0.9 * m[0]) + (0.1 * g * g);
            return -Rate * g / (Math.Sqrt(m[0]) + 1e-8);
        },
        ["adam"] = (g, m, t) =>
        {
            Moments(g, m);
            return -Rate * (m[0] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(m[1] / (1 - Math.Pow(0.999, t))) + 1e-8);
        },
        ["nadam"] = (g, m, t) =>
        {
            static double Mu(int t) => 0.9 * (1 - (0.5 * Math.Pow(0.96, 0.004 * t)));
            Moments(g, m);
            double product = Enumerable.Range(1, t).Aggregate(1.0, (p, k) => p * Mu(k));
            double moment = (Mu(t + 1) * m[0] / (1 - (product * Mu(t + 1)))) + ((1 - Mu(t)) * g / (1 - product));
            return -Rate * moment / (Math.Sqrt(m[1] / (1 - Math.Pow(0.999, t))) + 1e-8);
        },
    };

    /// <summary>Those that adapt to the loss aside, and AdamW, which is Adam with a decay.</summary>
    [Fact]
    public void EveryOptimizerThatStepsHasAFormula() => Assert.Equal(
        EveryOptimizer.All.Where(optimizer => !optimizer.IsFullBatchOnly && optimizer.TakesSchedule).Select(optimizer => optimizer.Name)
            .Except(["adamw"]).ToHashSet(),
        s_formulas.Keys.ToHashSet());

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryParameterMovesByTheFormula(string optimizer, string kindName, bool isIncremental)
    {
        KernelKind kernel = Kinds.Parse(kindName);
        DataSet<double> data = Samples.Random<double>(1, rows: Updates, inputs: 5, targets: 3);
        Network<double> network = Networks.Random<double>(
            2,
            5,
            new LayerSpec(19, Activation.PReLU()),
            new LayerSpec(4, Activation.Tanh) { Bias = BiasKind.Shared },
            new LayerSpec(3, Activation.Linear));
        Network<double> expected = network.Clone();
        Parameter[] parameters = [.. Parameter.Trained(network)];
        var memory = parameters.ToDictionary(p => p, _ => new double[2]);
        for (int t = 1; t <= Updates; t++)
        {
            double[] gradient = Gradient.Computed(expected, Loss.HalfSquaredError, isIncremental ? data.Take([t - 1]) : data);
            foreach ((Parameter parameter, double g) in parameters.Zip(gradient))
            {
                parameter.Set(expected, parameter.Get(expected) + s_formulas[optimizer](g, memory[parameter], t));
            }
        }

        TrainingOptions options = isIncremental ? Training.Incremental(Rate, epochs: 1) : Training.FullBatch(Rate, Updates);
        network.Train(options with { Optimizer = EveryOptimizer.Of(optimizer).WithLearningRate(Rate), Kernel = kernel }, data);
        // The gradient by plain descent is exact to some 1e-16 of the weights; optimizers divide by roots of it, so that tiny slopes show
        // it.
        Assert.All(parameters, p => Close.Absolute(p.Get(expected), p.Get(network), 1e-9, p.ToString()));
    }

    private static void Moments(double g, double[] m)
    {
        m[0] = (0.9 * m[0]) + (0.1 * g);
        m[1] = (0.999 * m[1]) + (0.001 * g * g);
    }
}
