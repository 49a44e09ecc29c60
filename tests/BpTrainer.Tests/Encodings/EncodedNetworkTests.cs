using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer.Tests.Encodings;

/// <summary>
/// A network that encodes its inputs computes what a plain network does whose inputs are the scaled values and all their codes.
/// </summary>
public class EncodedNetworkTests
{
    private const int Inputs = 5;

    private static readonly PiecewiseLinearEncoding s_encoding = new(
        [[-0.9, -0.3, 0, 0.05, 0.8], [], [-1, 1], [-0.5, -0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.6, 0.7], [0, 0.5, 1]]);

    private static readonly ColumnScaling s_scaling = new(
        offsets: [0.1, -0.2, 0, 0.3, 0], scales: [1.5, 2, 1, 0.7, 3], lowest: [-2, -2, -2, -0.9, -2], highest: [2, 2, 2, 2, 0.9]);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(17)]
    [InlineData(70)]
    [InlineData(130)]
    public void PredictionsAreThoseOfThePlainNetwork(int units)
    {
        (Network<double> encoded, Network<double> plain) = Pair<double>(units);
        DataSet<double> data = Samples.Random<double>(seed: 3, rows: 400, Inputs, targets: 2);
        double[] expected = plain.Predict(Plain(data).Inputs.Span);
        AssertClose(expected, encoded.Predict(data.Inputs.Span), 1e-12);
        var one = new double[2];
        for (int row = 0; row < data.Rows; row++)
        {
            encoded.Predict(data.InputRow(row), one);
            AssertClose(expected.AsSpan(row * 2, 2), one, 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryKernelPredictsAlike(string kernel)
    {
        (Network<float> encoded, _) = Pair<float>(units: 37);
        float[] inputs = Samples.Random<float>(seed: 3, rows: 30, Inputs, targets: 2).Inputs.ToArray();
        encoded.UseKernel(KernelKind.Naive);
        float[] expected = encoded.Predict<float>(inputs);
        encoded.UseKernel(Enum.Parse<KernelKind>(kernel));
        float[] actual = encoded.Predict<float>(inputs);
        AssertClose(Array.ConvertAll(expected, x => (double)x), Array.ConvertAll(actual, x => (double)x), 1e-5);
    }

    public static TheoryData<string> Kernels() =>
        [.. Enum.GetValues<KernelKind>().Where(Kernel.IsSupported).Select(kind => kind.ToString())];

    [Theory]
    [MemberData(nameof(Trainings))]
    public void TrainingGoesAsWithThePlainNetwork(string name)
    {
        (Network<double> encoded, Network<double> plain) = Pair<double>(units: 19);
        DataSet<double> data = Samples.Random<double>(seed: 4, rows: 700, Inputs, targets: 2, weighted: true);
        DataSet<double> validation = Samples.Random<double>(seed: 5, rows: 40, Inputs, targets: 2);
        TrainingOptions options = s_trainings[name] with { Loss = Loss.MeanSquaredError, Epochs = 4, Seed = 2 };
        TrainingResult expected = new NetworkTrainer<double>(plain, options).Train(Plain(data), Plain(validation));
        TrainingResult actual = new NetworkTrainer<double>(encoded, options).Train(data, validation);
        Assert.Equal(expected.BestEpoch, actual.BestEpoch);
        for (int epoch = 0; epoch < expected.History.Count; epoch++)
        {
            Close.Relative(expected.History[epoch].TrainingLoss, actual.History[epoch].TrainingLoss, 1e-7, $"loss of epoch {epoch + 1}");
            Close.Relative(
                expected.History[epoch].ValidationLoss!.Value, actual.History[epoch].ValidationLoss!.Value, 1e-7, "validation loss");
        }

        AssertClose(plain.Predict(Plain(validation).Inputs.Span), encoded.Predict(validation.Inputs.Span), 1e-6);
        foreach (Parameter parameter in Parameter.All(plain))
        {
            Close.Absolute(parameter.Get(plain), parameter.Get(encoded), 1e-6, parameter.ToString());
        }
    }

    private static readonly Dictionary<string, TrainingOptions> s_trainings = new()
    {
        ["momentum"] = new() { Optimizer = Optimizer.Momentum(0.02), BatchSize = 16 },
        ["online"] = new() { Optimizer = Optimizer.Momentum(0.002), BatchSize = 1 },
        ["all rows in slices"] = new() { Optimizer = Optimizer.Momentum(0.1), BatchSize = 700 },
        ["Adam"] = new() { Optimizer = Optimizer.Adam(0.002), BatchSize = 33 },
        ["adaptive"] = new() { Optimizer = Optimizer.AdaptiveMomentum(0.3), BatchSize = 700 },
        ["resilient"] = new() { Optimizer = Optimizer.ResilientPlus(), BatchSize = TrainingOptions.FullBatch },
        ["L-BFGS"] = new() { Optimizer = Optimizer.Lbfgs(), BatchSize = TrainingOptions.FullBatch },
        ["scaled conjugate gradient"] = new() { Optimizer = Optimizer.ScaledConjugateGradient(), BatchSize = TrainingOptions.FullBatch },
        ["penalties"] = new()
        {
            Optimizer = Optimizer.Nesterov(0.02),
            BatchSize = 16,
            Regularization = new() { L1 = 0.001, L2 = 0.002, WeightDecay = 0.05, ClipNorm = 0.1 },
        },
        ["bounds"] = new()
        {
            Optimizer = Optimizer.Momentum(0.02),
            BatchSize = 16,
            Regularization = new() { MaxNorm = 0.8, ClipValue = 0.01 },
        },
        ["dropout"] = new() { Optimizer = Optimizer.Momentum(0.02), BatchSize = 16, Regularization = new() { HiddenDropout = [0.3] } },
        ["average"] = new() { Optimizer = Optimizer.Momentum(0.02), BatchSize = 16, Averaging = WeightAveraging.Exponential(0.9) },
        ["gradient norm"] = new() { Optimizer = Optimizer.Momentum(0.02), BatchSize = 16, MinimumGradient = 1e-9 },
    };

    public static TheoryData<string> Trainings() => [.. s_trainings.Keys];

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(40)]
    public void GradientsAreRight(int units)
    {
        Network<double> network = Pair<double>(units).Encoded;
        Gradient.AssertRight(network, Loss.HalfSquaredError, Samples.Random<double>(seed: 6, rows: 20, Inputs, targets: 2));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void ThreadsDoNotChangeABit(int threads)
    {
        byte[] Trained(int count)
        {
            Network<float> network = Pair<float>(units: 64).Encoded;
            new NetworkTrainer<float>(network, new TrainingOptions
            {
                Loss = Loss.MeanSquaredError,
                Optimizer = Optimizer.Momentum(0.01),
                BatchSize = 128,
                Epochs = 3,
                NumberOfThreads = count,
                Regularization = new() { ClipNorm = 1 },
            }).Train(Samples.Random<float>(seed: 4, rows: 900, Inputs, targets: 2));
            return network.ToBytes();
        }

        Assert.Equal(Trained(1), Trained(threads));
    }

    [Fact]
    public void AFileKeepsTheEncoding()
    {
        Network<float> network = Pair<float>(units: 12).Encoded;
        using var stream = new MemoryStream(network.ToBytes());
        Network<float> loaded = Network<float>.Load(stream);
        Assert.Equal(network.ToBytes(), loaded.ToBytes());
        for (int c = 0; c < Inputs; c++)
        {
            Assert.Equal(s_encoding.EdgesOf(c).ToArray(), loaded.InputEncoding!.EdgesOf(c).ToArray());
        }

        float[] inputs = Samples.Random<float>(seed: 3, rows: 30, Inputs, targets: 2).Inputs.ToArray();
        Assert.Equal(network.Predict<float>(inputs), loaded.Predict<float>(inputs));
        Assert.Equal(network.Predict<float>(inputs), network.Clone().Predict<float>(inputs));
        Assert.Contains("\"inputEncoding\": [", loaded.ToJson());
        Assert.Contains("5 inputs, scaled, 4 of them encoded by 19 codes", loaded.Summary());
    }

    [Fact]
    public void SparseRowsGetTheirZeros()
    {
        (Network<double> encoded, Network<double> plain) = Pair<double>(units: 9);
        double[] rows = [0, 0, 0.3, 0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, -1];
        var sparse = new SparseMatrix<double>(Inputs, new[] { 0, 1, 1, 3 }, new[] { 2, 0, 4 }, new[] { 0.3, 0.5, -1 });
        var outputs = new double[6];
        encoded.Predict(sparse, outputs);
        AssertClose(plain.Predict(Plain(new DataSet<double>(rows, Inputs, new double[3], 1)).Inputs.Span), outputs, 1e-12);

        var options = new TrainingOptions { Loss = Loss.MeanSquaredError, Epochs = 2 };
        Network<double> other = encoded.Clone();
        double[] targets = [1, 0, 0, 1, 0.5, 0.5];
        new NetworkTrainer<double>(encoded, options).Train(new DataSet<double>(sparse, targets, 2));
        new NetworkTrainer<double>(other, options).Train(new DataSet<double>(rows, Inputs, targets, 2));
        Assert.Equal(other.ToBytes(), encoded.ToBytes());
    }

    [Fact]
    public void WhatDoesNotGoWithAnEncodingIsRefusedByName()
    {
        Network<double> network = Pair<double>(units: 3).Encoded;
        Assert.Contains("InputDropout 0.1", Refusal(new() { Regularization = new() { InputDropout = 0.1 } }));
        Assert.Contains("encodes its inputs", Refusal(new()
        {
            Loss = Loss.MeanSquaredError,
            Optimizer = Optimizer.LevenbergMarquardt(),
            BatchSize = TrainingOptions.FullBatch,
        }));
        Assert.Contains(
            "5 columns, but the network has 4 inputs",
            Assert.Throws<ArgumentException>(() => new NetworkBuilder(4).EncodeInputs(s_encoding)).Message);

        string Refusal(TrainingOptions options) =>
            Assert.Throws<ArgumentException>(() => new NetworkTrainer<double>(network, options)).Message;
    }

    /// <summary>A network with the encoding, and the plain one with the same weights.</summary>
    private static (Network<T> Encoded, Network<T> Plain) Pair<T>(int units) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> encoded = new NetworkBuilder(Inputs).Add(units, Activation.Tanh).Add(6, Activation.SiLU).Add(2, Activation.Linear)
            .ScaleInputs(s_scaling).EncodeInputs(s_encoding).Build<T>(seed: 8);
        Network<T> plain = new NetworkBuilder(Inputs + s_encoding.Codes)
            .Add(units, Activation.Tanh).Add(6, Activation.SiLU).Add(2, Activation.Linear).Build<T>();
        foreach (Parameter parameter in Parameter.All(plain))
        {
            parameter.Set(plain, parameter.Get(encoded));
        }

        return (encoded, plain);
    }

    /// <summary>Rows of the scaled inputs and all codes.</summary>
    private static DataSet<double> Plain(DataSet<double> data)
    {
        var rows = new List<double>();
        for (int row = 0; row < data.Rows; row++)
        {
            double[] limited = [.. data.InputRow(row).ToArray().Select((x, c) => Math.Clamp(x, s_scaling.Lowest[c], s_scaling.Highest[c]))];
            rows.AddRange(limited.Select((x, c) => (x - s_scaling.Offsets[c]) * s_scaling.Scales[c]));
            rows.AddRange(limited.SelectMany((x, c) => s_encoding.Encode(c, x)));
        }

        return new DataSet<double>(rows.ToArray(), Inputs + s_encoding.Codes, data.Targets, data.TargetColumns, data.Weights);
    }

    private static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Close.Absolute(expected[i], actual[i], tolerance, $"number {i}");
        }
    }
}
