using BpTrainer.Kernels;

namespace BpTrainer.Tests.Modes;

/// <summary>
/// Samples that are learned one by one, with layers, activations, losses and optimizers in the code of the step, against batches of one
/// sample in plain loops.
/// </summary>
public sealed class OnlineStepTests
{
    private static readonly Dictionary<string, (int Inputs, LayerSpec[] Layers, TrainingOptions Options)> s_cases = new()
    {
        ["one vector"] = (10, [new(8, Activation.Tanh), new(1, Activation.Linear)], new()),
        ["two vectors"] = (10, [new(20, Activation.Tanh), new(1, Activation.Linear)], new()),
        ["three vectors"] = (7, [new(40, Activation.ReLU), new(1, Activation.Linear)], new()),
        ["four vectors"] = (13, [new(50, Activation.Tanh), new(1, Activation.Linear)], new()),
        ["many vectors"] = (33, [new(130, Activation.LeakyReLU()), new(1, Activation.Linear)],
            new() { Optimizer = Optimizer.Nesterov(1e-4) }),
        ["narrow first layer"] = (21, [new(3, Activation.Tanh), new(20, Activation.Logistic), new(1, Activation.Linear)], new()),
        ["single layer"] = (17, [new(1, Activation.Tanh)], new()),
        ["single wide layer"] = (5, [new(12, Activation.Logistic)], new()),
        ["deep"] = (6, [new(20, Activation.Tanh), new(9, Activation.ReLU), new(17, Activation.Tanh), new(2, Activation.Linear)], new()),
        ["padding that is not 0 by itself"] = (
            4, [new(9, Activation.Logistic), new(10, Activation.Logistic), new(1, Activation.Tanh)], new()),
        ["activations that are called"] = (
            6, [new(20, Activation.Gelu), new(9, Activation.PReLU()), new(3, Activation.Mish), new(2, Activation.Softplus)], new()),
        ["called output"] = (6, [new(20, Activation.SiLU), new(1, Activation.PReLU())], new()),
        ["biases"] = (
            6,
            [
                new(20, Activation.Tanh) { Bias = BiasKind.Shared }, new(9, Activation.Tanh) { Bias = BiasKind.Frozen },
                new(1, Activation.Linear) { Bias = BiasKind.Frozen },
            ],
            new()),
        ["bias rate"] = (6, [new(20, Activation.Tanh), new(1, Activation.Linear)],
            new() { Optimizer = Optimizer.Momentum(0.01) with { BiasRateFactor = 3 } }),
        ["Adam"] = (6, [new(20, Activation.Tanh), new(1, Activation.Linear)], new() { Optimizer = Optimizer.Adam(0.01) }),
        ["Nadam, three outputs"] = (6, [new(20, Activation.Tanh), new(3, Activation.Linear)],
            new() { Optimizer = Optimizer.Nadam(0.01) }),
        ["binary"] = (6, [new(20, Activation.Tanh), new(1, Activation.Logistic)], new() { Loss = Loss.BinaryCrossEntropy() }),
        ["binary, not matched"] = (6, [new(20, Activation.Tanh), new(1, Activation.ScaledLogistic(1, 2))],
            new() { Loss = Loss.BinaryCrossEntropy(labelSmoothing: 0.1) }),
        ["classes"] = (6, [new(20, Activation.Tanh), new(10, Activation.Softmax)], new() { Loss = Loss.CategoricalCrossEntropy() }),
        ["few classes"] = (6, [new(20, Activation.Tanh), new(3, Activation.Softmax)], new() { Loss = Loss.CategoricalCrossEntropy() }),
        ["absolute error"] = (6, [new(20, Activation.Tanh), new(1, Activation.Tanh)], new() { Loss = Loss.MeanAbsoluteError }),
        ["Huber"] = (6, [new(20, Activation.Tanh), new(1, Activation.Linear)], new() { Loss = Loss.Huber(0.3) }),
        ["quantiles"] = (6, [new(20, Activation.Tanh), new(2, Activation.CumulativeSoftplus)], new() { Loss = Loss.Quantiles(0.2, 0.7) }),
        ["Poisson"] = (6, [new(20, Activation.Tanh), new(1, Activation.Exponential)], new() { Loss = Loss.Poisson }),
        ["Poisson, not matched"] = (6, [new(20, Activation.Tanh), new(1, Activation.Softplus)], new() { Loss = Loss.Poisson }),
    };

    public static TheoryData<string, string> KindsAndCases => Combinations.Of(Kinds.Names, s_cases.Keys);

    [Theory]
    [MemberData(nameof(KindsAndCases))]
    public void EveryKernelLearnsWhatPlainBatchesDo(string kind, string name)
    {
        (int inputs, LayerSpec[] layers, TrainingOptions options) = s_cases[name];
        int outputs = layers[^1].Units;
        DataSet<double> data = Samples.RandomShares(3, rows: 40, inputs, outputs);
        Network<double> expected = Networks.Random<double>(1, inputs, layers);
        Network<double> actual = expected.Clone();
        options = options with { BatchSize = 1, Epochs = 3 };

        // A bound that no gradient reaches takes the way of batches.
        TrainingResult plain = expected.Train(
            options with { Kernel = KernelKind.Naive, Regularization = new() { ClipNorm = 1e9 } }, data);
        TrainingResult online = actual.Train(options with { Kernel = Kinds.Parse(kind) }, data);
        Close.Relative(plain.History[^1].TrainingLoss, online.History[^1].TrainingLoss, 1e-10);
        foreach (Parameter parameter in Parameter.Trained(expected))
        {
            Close.Relative(parameter.Get(expected), parameter.Get(actual), 1e-9, parameter.ToString(), floor: 0.01);
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndCases))]
    public void EveryKernelPredictsARowAsPlainLoopsDo(string kind, string name)
    {
        (int inputs, LayerSpec[] layers, _) = s_cases[name];
        Network<double> network = Networks.Random<double>(1, inputs, layers);
        double[] x = Samples.Random<double>(2, rows: 1, inputs, targets: 1).Inputs.ToArray();
        network.UseKernel(Kinds.Parse(kind));
        double[] actual = network.Predict<double>(x);
        double[] expected = PlainNetwork.Predict(network, x);
        var z = new double[actual.Length];
        network.PredictNetInput(x, z, rows: 1);
        var zOfBlock = new double[2 * z.Length];
        network.PredictNetInput([.. x, .. x], zOfBlock, rows: 2);
        for (int o = 0; o < actual.Length; o++)
        {
            Close.Relative(expected[o], actual[o], 1e-12, $"{o}", floor: 0.1);
            Close.Relative(zOfBlock[o], z[o], 1e-12, $"z {o}", floor: 0.1);
        }
    }
}
