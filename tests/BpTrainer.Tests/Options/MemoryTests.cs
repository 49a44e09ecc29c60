using BpTrainer.Ensembles;
using BpTrainer.Numbers;
using BpTrainer.Training;

namespace BpTrainer.Tests.Options;

/// <summary>What would take more memory than there is is refused before any is taken, with its name, its value and the bytes.</summary>
public class MemoryTests
{
    /// <summary>Checks may take memory for names and messages, but not for networks.</summary>
    private const long LittleMemory = 1 << 20;

    private static readonly TrainingOptions s_options = new() { Optimizer = Optimizer.Momentum(0.1) };
    private static readonly TrainingOptions s_fullBatch = new() { BatchSize = TrainingOptions.FullBatch };

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1_000_000_000)]
    public void TheHistoryOfLbfgs(int history) => AssertRefused(
        $"History is {history}, but must be less: it would take ", "TB",
        () => new NetworkTrainer<float>(Small(), s_fullBatch with { Optimizer = Optimizer.Lbfgs(history) }),
        () => new EnsembleTrainer<float>(SmallBuilder(), s_fullBatch with { Optimizer = Optimizer.Lbfgs(history) }, size: 2));

    [Fact]
    public void TheEpochsOfAnAverage() => AssertRefused(
        $"Averaging is {WeightAveraging.LastEpochs(int.MaxValue)}, but must be less: it would take ", "TB",
        () => new NetworkTrainer<float>(
            Small(), s_options with { Averaging = WeightAveraging.LastEpochs(int.MaxValue), Epochs = int.MaxValue }));

    [Fact]
    public void AnAverageTakesNoMoreEpochsThanThereAre() =>
        Assert.Single(Small().Train(s_options with { Averaging = WeightAveraging.LastEpochs(int.MaxValue), Epochs = 1 }, Data()).History);

    [Fact]
    public void TheNumberOfNetworks() => AssertRefused(
        "size is 2147483647, but must be less: it would take ",
        "TB",
        () => new EnsembleTrainer<float>(SmallBuilder(), s_options, int.MaxValue));

    [Fact]
    public void TheUpdatesOfARangeTest() => AssertRefused(
        "updates is 1000000000, but must be from 10 to 1000000", "",
        () => new NetworkTrainer<float>(Small(), s_options).FindLearningRate(Data(), updates: 1_000_000_000));

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1_000_000_000)]
    [InlineData(100_000_000, 100)]
    [InlineData(3, 100_000_000, 64)]
    [InlineData(50_000, 50_000)]
    public void TheUnitsOfALayer(params int[] units)
    {
        NetworkBuilder builder = Builder(units);
        AssertRefused(
            "The network is too large: with layer ", "GB",
            () => builder.Build<float>(),
            () => TrainingMemory.Check<double>(builder, s_options, trainingRows: 1),
            () => new EnsembleTrainer<float>(builder, s_options, size: 1));
    }

    [Fact]
    public void LayersThatEachFindRoomButNotAllOfThem()
    {
        NetworkBuilder builder = Builder([.. Enumerable.Range(0, 100).Select(k => k % 2 == 0 ? 4_000_000 : 1)]);
        AssertRefused(
            "The network 10-4000000-1-4000000-1-", "workspace of a batch ",
            () => TrainingMemory.Check<float>(builder, s_options with { BatchSize = TrainingOptions.FullBatch }, trainingRows: 10_000));
    }

    [Fact]
    public void AMatrixOfABatchThatIsLargerThanAnArray() => AssertRefused(
        "The network 10-8000000-2 is too large", "and a matrix has at most",
        () => TrainingMemory.Check<float>(Builder([8_000_000]), s_options, trainingRows: 10, validationRows: 512));

    [Fact]
    public void ASolverThatMayTakeAllMemoryTakesNoMoreThanThereIs() => AssertRefused(
        "The network 10-", "optimizer ",
        () => TrainingMemory.Check<double>(
            Builder([(int)Math.Min(Math.Sqrt(MemorySize.Available / 8.0) / 13, 3_500)]),
            s_fullBatch with { Optimizer = Optimizer.LevenbergMarquardt(maximumMemory: long.MaxValue) },
            1));

    [Fact]
    public void MoreThreadsThanAMachineHasAreNoMoreThreads()
    {
        TrainingOptions options = s_options with { NumberOfThreads = int.MaxValue, Epochs = 2, Seed = 3 };
        EnsembleResult<float> result = new EnsembleTrainer<float>(SmallBuilder(), options, size: 3).Run(Data());
        Assert.Equal(
            new EnsembleTrainer<float>(SmallBuilder(), options with { NumberOfThreads = 1 }, size: 3).Run(Data()).Best.Network.ToBytes(),
            result.Best.Network.ToBytes());
    }

    [Fact]
    public void ASumOfBytesDoesNotWrapRound() =>
        Assert.Equal(long.MaxValue, new TrainingMemory(long.MaxValue, long.MaxValue, 1, 2, 3).Total);

    private static void AssertRefused(string begin, string also, params Action[] actions) => Assert.All(actions, action =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.ThrowsAny<ArgumentException>(action);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, LittleMemory);
        Assert.StartsWith(begin, error.Message, StringComparison.Ordinal);
        Assert.Contains(also, error.Message, StringComparison.Ordinal);
    });

    private static NetworkBuilder Builder(int[] units)
    {
        var builder = new NetworkBuilder(10);
        foreach (int count in units)
        {
            builder.Add(count, Activation.Tanh);
        }

        return builder.Add(2, Activation.Linear);
    }

    private static NetworkBuilder SmallBuilder() => new NetworkBuilder(3).Add(5, Activation.Tanh).Add(2, Activation.Linear);

    private static Network<float> Small() => SmallBuilder().Build<float>(seed: 1);

    private static DataSet<float> Data() => Samples.Random<float>(4, rows: 30, inputs: 3, targets: 2);
}
