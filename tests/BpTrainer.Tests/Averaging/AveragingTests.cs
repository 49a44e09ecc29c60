using System.Numerics;
using BpTrainer.Kernels;
using BpTrainer.Training;

namespace BpTrainer.Tests.Averaging;

/// <summary>
/// Averages of the weights on one weight with the training target 1: with η = 0.1 the weight climbs 0.1, 0.19, 0.271, 0.3439, 0.40951, …
/// </summary>
public class AveragingTests
{
    private static readonly DataSet<double> s_pair = Samples.Pairs((1, 1));

    [Fact]
    public void TheExponentialAverageWeighsUpdatesByPowersOfTheDecay()
    {
        // β = 0.5, corrected: (w₃ + w₂/2 + w₁/4) / (1 + 1/2 + 1/4).
        double weight = Train(WeightAveraging.Exponential(0.5), epochs: 3).Weight();
        Close.Absolute((0.271 + (0.19 / 2) + (0.1 / 4)) / 1.75, weight, 1e-15);
        Close.Absolute(0.1, Train(WeightAveraging.Exponential(), epochs: 1).Weight(), 1e-15);
    }

    [Fact]
    public void TheAverageOfTheLastEpochsIsTheirMean()
    {
        Close.Absolute((0.271 + 0.3439 + 0.40951) / 3, Train(WeightAveraging.LastEpochs(3), epochs: 5).Weight(), 1e-15);
        Close.Absolute((0.1 + 0.19) / 2, Train(WeightAveraging.LastEpochs(3), epochs: 2).Weight(), 1e-15);
    }

    [Fact]
    public void MoreEpochsThanThereAreMakeTheMeanOfAll()
    {
        Close.Absolute((0.1 + 0.19 + 0.271) / 3, Train(WeightAveraging.LastEpochs(int.MaxValue), epochs: 3).Weight(), 1e-15);
        Network<float> network = Build();
        long Memory(int lastEpochs) => TrainingMemory.Of<float>(
            network.Layouts,
            new TrainingOptions { Epochs = 7, Averaging = WeightAveraging.LastEpochs(lastEpochs) },
            trainingRows: 10,
            validationRows: 0).Copies;
        Assert.Equal(Memory(7), Memory(int.MaxValue));
        Assert.True(Memory(6) < Memory(7));
    }

    [Theory]
    [InlineData(32, 2)]
    [InlineData(16, 2)]
    [InlineData(1, 2)]
    [InlineData(48, 2)]
    [InlineData(64, 1)]
    public void SmallBatchesAreLookedAtEvery32Samples(int batchSize, int looks)
    {
        // All samples are the same, so n updates lead to w = 1 − 0.9ⁿ.
        int updates = (64 + batchSize - 1) / batchSize;
        int first = batchSize >= 32 ? 1 : 32 / batchSize;
        double expected = looks == 1
            ? 0.1
            : ((1 - Math.Pow(0.9, updates)) + (0.5 * (1 - Math.Pow(0.9, first)))) / 1.5;
        Network<double> network = Networks.OneWeight();
        network.Train(
            Training.FullBatch(0.1, epochs: 1) with { BatchSize = batchSize, Averaging = WeightAveraging.Exponential(0.5) },
            Samples.Pairs([.. Enumerable.Repeat((1.0, 1.0), 64)]));
        Close.Absolute(expected, network.Weight(), 1e-14);
    }

    [Fact]
    public void TheValidationSetJudgesTheAverageAndTrainingGoesOnWithoutIt()
    {
        // Means of the last two epochs: 0.1, 0.145, 0.2305, 0.30745, 0.376705; the target 0.3 is nearest to the fourth.
        Network<double> network = Networks.OneWeight();
        TrainingOptions options = Training.FullBatch(0.1, epochs: 100) with { Averaging = WeightAveraging.LastEpochs(2) };
        TrainingResult result = network.Train(options, s_pair, Samples.Pairs((1, 0.3)));
        Assert.Equal(4, result.BestEpoch);
        Close.Absolute(0.30745, network.Weight(), 1e-15);
        Close.Absolute(0.5 * Math.Pow(0.30745 - 0.3, 2), result.History[3].ValidationLoss!.Value, 1e-15);
        Close.Absolute(0.5 * Math.Pow(0.81, 4), result.History[4].TrainingLoss, 1e-15);
    }

    [Fact]
    public void ACallbackSeesTheWeightsThatLearn()
    {
        Network<double> network = Networks.OneWeight();
        var seen = new List<double>();
        network.Train(
            Training.FullBatch(0.1, epochs: 3) with { Averaging = WeightAveraging.LastEpochs(2) },
            s_pair,
            onEpoch: _ => seen.Add(network.Weight()));
        Assert.All(seen.Zip([0.1, 0.19, 0.271]), pair => Close.Absolute(pair.Second, pair.First, 1e-15));
    }

    public static TheoryData<WeightAveraging> Averagings => [WeightAveraging.Exponential(0.5), WeightAveraging.LastEpochs(4)];

    [Theory]
    [MemberData(nameof(Averagings))]
    public void AnEpochThatIsUndoneLeavesNoTrace(WeightAveraging averaging)
    {
        // η = 2.5 overshoots to w = 2.5 and is undone; η = 1.75 leads to 1.75, where E falls to 0.28125; then η = 1.8375.
        Network<double> network = Networks.OneWeight();
        TrainingResult result = network.Train(
            Training.FullBatch(2.5, epochs: 2) with { Optimizer = Optimizer.AdaptiveGradientDescent(2.5), Averaging = averaging }, s_pair);
        Assert.Equal(2, result.BestEpoch);
        Close.Absolute(1.75, network.Weight(), 1e-15);
    }

    [Fact]
    public void TheExponentialAverageCountsTheEpochsThatAnAdaptiveRateAccepts()
    {
        // η = 0.1, then 0.105 as the error fell: w = 0.1, then 0.1 + 0.105·0.9.
        Network<double> network = Networks.OneWeight();
        network.Train(
            Training.FullBatch(0.1, epochs: 2) with
            {
                Optimizer = Optimizer.AdaptiveGradientDescent(0.1),
                Averaging = WeightAveraging.Exponential(0.5),
            },
            s_pair);
        Close.Absolute((0.1945 + (0.1 / 2)) / 1.5, network.Weight(), 1e-15);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnAverageSmoothsTheNoiseOfALargeRate(bool exponential)
    {
        DataSet<float> data = RealSets.Diabetes();
        double without = Loss(data, averaging: null);
        double with = Loss(data, exponential ? WeightAveraging.Exponential(0.99) : WeightAveraging.LastEpochs(10));
        Assert.True(with < without, $"{with} with, {without} without the average");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryKindOfKernelAveragesAlike(string kindName)
    {
        KernelKind kind = Tests.Kinds.Parse(kindName);
        Network<float> network = Build();
        DataSet<float> data = Samples.Random<float>(1, rows: 70, inputs: 5, targets: 2);
        var weights = new List<double[]>();
        var options = new TrainingOptions
        {
            Kernel = kind,
            Epochs = 4,
            BatchSize = 32,
            Averaging = WeightAveraging.Exponential(0.7),
            Optimizer = Optimizer.Momentum(0.01),
        };

        // The same training without the average, seen after every update by allowing one more each time.
        for (int updates = 1; updates <= 12; updates++)
        {
            Network<float> plain = Build();
            plain.TrainToTheLast(options with { Averaging = null, MaximumUpdates = updates }, data);
            weights.Add([.. Parameter.All(plain).Select(p => p.Get(plain))]);
        }

        network.Train(options, data);
        double total = Enumerable.Range(0, 12).Sum(i => Math.Pow(0.7, i));
        Parameter[] parameters = [.. Parameter.All(network)];
        for (int p = 0; p < parameters.Length; p++)
        {
            double expected = Enumerable.Range(0, 12).Sum(i => Math.Pow(0.7, 11 - i) * weights[i][p]) / total;
            Close.Absolute(expected, parameters[p].Get(network), 1e-6);
        }
    }

    public static TheoryData<Optimizer> Optimizers => [.. EveryOptimizer.All];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void EveryOptimizerIsAveragedAfterEveryUpdateOfAllSamples(Optimizer optimizer)
    {
        DataSet<double> data = Samples.Random<double>(1, rows: 20, inputs: 3, targets: 1);
        Network<double> After(int epochs, WeightAveraging? averaging)
        {
            Network<double> network = new NetworkBuilder(3).Add(4, Activation.Tanh).Add(1, Activation.Linear).Build<double>(seed: 2);
            network.Train(
                new TrainingOptions
                {
                    Optimizer = optimizer,
                    BatchSize = TrainingOptions.FullBatch,
                    Epochs = epochs,
                    Averaging = averaging,
                },
                data);
            return network;
        }

        Network<double>[] plain = [After(1, null), After(2, null), After(3, null)];
        Network<double> exponential = After(3, WeightAveraging.Exponential(0.5)), mean = After(3, WeightAveraging.LastEpochs(2));
        foreach (Parameter p in Parameter.All(mean))
        {
            Close.Absolute((p.Get(plain[1]) + p.Get(plain[2])) / 2, p.Get(mean), 1e-14);
            Close.Absolute((p.Get(plain[2]) + (p.Get(plain[1]) / 2) + (p.Get(plain[0]) / 4)) / 1.75, p.Get(exponential), 1e-14);
        }
    }

    public static TheoryData<string> Kinds => [.. Tests.Kinds.Names];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void ADecayIsBetween0And1(double decay) => AssertRefused(WeightAveraging.Exponential(decay), "decay", "above 0 and below 1");

    [Fact]
    public void AnAverageTakesTwoEpochs() => AssertRefused(WeightAveraging.LastEpochs(1), "epochs is 1", "2 or more");

    private static void AssertRefused(WeightAveraging averaging, params string[] parts)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new NetworkTrainer<double>(Networks.OneWeight(), new TrainingOptions { Averaging = averaging }));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private static Network<double> Train(WeightAveraging averaging, int epochs)
    {
        Network<double> network = Networks.OneWeight();
        network.Train(Training.FullBatch(0.1, epochs) with { Averaging = averaging }, s_pair);
        return network;
    }

    private static Network<float> Build() => new NetworkBuilder(5).Add(7, Activation.Tanh).Add(2, Activation.Linear).Build<float>(3);

    private static double Loss(DataSet<float> data, WeightAveraging? averaging)
    {
        Network<float> network = new NetworkBuilder(10)
            .ScaleInputs(ColumnScaling.StandardizeInputs(data)).ScaleOutputs(ColumnScaling.StandardizeTargets(data))
            .Add(10, Activation.Tanh).Add(1, Activation.Linear).Build<float>(1);
        network.Train(
            new TrainingOptions { Optimizer = Optimizer.GradientDescent(0.4), BatchSize = 8, Epochs = 40, Averaging = averaging }, data);
        float[] outputs = network.Predict(data.Inputs.Span);
        return outputs.Zip(data.Targets.ToArray(), (a, y) => (double)(a - y) * (a - y)).Average();
    }
}
