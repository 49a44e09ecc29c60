using BpTrainer.Kernels;
using BpTrainer.Tests.Files;

namespace BpTrainer.Tests.Checkpoints;

/// <summary>A checkpoint that is damaged, or that of another training, is refused and leaves the network as it was.</summary>
public sealed class CheckpointFileTests : IDisposable
{
    private static readonly DataSet<float> s_training = Samples.Random<float>(1, rows: 10, inputs: 2, targets: 1);
    private static readonly DataSet<float> s_validation = Samples.Random<float>(2, rows: 6, inputs: 2, targets: 1);
    private static readonly TrainingOptions s_options = new() { Epochs = 3, BatchSize = 4 };
    private static readonly byte[] s_file = Write();

    private readonly string _directory = Directory.CreateTempSubdirectory("bp-checkpoint-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void AFileAlwaysHoldsTheLastCheckpointAndNothingElseIsLeft()
    {
        string path = Path.Combine(_directory, "run.checkpoint");
        var sizes = new List<bool>();
        TrainingOptions options = s_options with { Epochs = 6, Checkpoint = Checkpoint.ToFile(path, everyEpochs: 2) };
        Network<float> whole = Start(), resumed = Start();
        TrainingResult expected = whole.Train(options, s_training, stopWhen: _ => Note(sizes, File.Exists(path)));
        Assert.Equal([false, false, true, true, true, true], sizes);
        Assert.Equal([path], Directory.GetFiles(_directory));
        using FileStream stream = File.OpenRead(path);
        TrainingResult result = new NetworkTrainer<float>(resumed, options).Resume(stream, s_training);
        Assert.Equal(expected.History, result.History);
        Assert.Equal(whole.ToBytes(), resumed.ToBytes());
    }

    [Fact]
    public void AFileThatCannotBeWrittenEndsTheTrainingWithItsName()
    {
        string path = Path.Combine(_directory, "missing", "run.checkpoint");
        var error = Assert.Throws<DirectoryNotFoundException>(
            () => Start().Train(s_options with { Checkpoint = Checkpoint.ToFile(path) }, s_training));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void ThereIsAnEpochBetweenTwoWritings(int epochs)
    {
        Assert.Throws<ArgumentOutOfRangeException>("everyEpochs", () => Checkpoint.ToFile("x", epochs));
        Assert.Throws<ArgumentOutOfRangeException>("everyEpochs", () => Checkpoint.ToStream(() => new MemoryStream(), epochs));
    }

    [Fact]
    public void AFileCutOffAnywhereIsRefused()
    {
        for (int length = 0; length < s_file.Length; length += 7)
        {
            AssertDamaged(s_file[..length]);
        }
    }

    [Fact]
    public void AFileWithAnyByteChangedIsRefused()
    {
        for (int i = 0; i < s_file.Length; i += 3)
        {
            byte[] file = [.. s_file];
            file[i] ^= 0x41;
            AssertDamaged(file);
        }
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0xFF)]
    public void ABodyThatMakesNoSenseIsRefusedOrHarmlessEvenWithTheRightChecksum(byte change)
    {
        (int start, int length) = Examples.Body(s_file).GetOffsetAndLength(s_file.Length);
        for (int i = start; i < start + length; i++)
        {
            byte[] file = [.. s_file];
            file[i] ^= change;
            Network<float> network = Build(units: 3, seed: 5);
            byte[] before = network.ToBytes();
            Exception? error = Record.Exception(() => Resume(network, s_options with { Epochs = 4 }, Examples.Reseal(file)));
            Assert.True(error is null or InvalidDataException or ArgumentException, $"byte {i}: {error}");
            Assert.True(error is null || before.AsSpan().SequenceEqual(network.ToBytes()), $"byte {i}: the network has changed");
        }
    }

    [Fact]
    public void ANetworkIsNoCheckpoint()
    {
        InvalidDataException error = AssertDamaged(Start().ToBytes());
        Assert.Contains("BPCK", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, TrainingOptions> OtherOptions
    {
        get
        {
            var data = new TheoryData<string, TrainingOptions>
            {
                { "Loss was half-squared-error, but is huber(delta=1)", s_options with { Loss = Loss.Huber() } },
                { "Name = momentum", s_options with { Optimizer = Optimizer.GradientDescent() } },
                { "Coefficient = 0.9, Rule = Textbook, but is", s_options with { Optimizer = Optimizer.Momentum(momentum: 0.8) } },
                { "Regularization was", s_options with { Regularization = new Regularization { L2 = 0.1 } } },
                {
                    "Regularization was none, but is HiddenDropout = [0.5]",
                    s_options with { Regularization = new() { HiddenDropout = [0.5] } }
                },
                { "Rate = 0.02", s_options with { Optimizer = Optimizer.Momentum(0.02) } },
                { "Schedule was Constant", s_options with { Schedule = LearningRateSchedule.Exponential() } },
                { "Averaging was none", s_options with { Averaging = WeightAveraging.LastEpochs(2) } },
                { "BiasRateFactor = 2", s_options with { Optimizer = Optimizer.Momentum() with { BiasRateFactor = 2 } } },
                { "BatchSize was 4, but is 5", s_options with { BatchSize = 5 } },
                { "Shuffle was True, but is False", s_options with { Shuffle = false } },
                { "Seed was 0, but is 1", s_options with { Seed = 1 } },
            };
            if (Kernel.Best != KernelKind.Naive)
            {
                data.Add("Kernel was", s_options with { Kernel = KernelKind.Naive });
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(OtherOptions))]
    public void OtherOptionsAreRefusedByName(string message, TrainingOptions options) =>
        AssertRefused(message, Start(), options, s_training, s_validation);

    [Fact]
    public void AnotherNetworkOrOtherDataAreRefused()
    {
        AssertRefused(
            "layers was 3 tanh PerUnit, 1 linear PerUnit, but is 4 tanh", Build(units: 4), s_options, s_training, s_validation);
        AssertRefused(
            "layers was",
            new NetworkBuilder(2).Add(3, Activation.ReLU).Add(1, Activation.Linear).Build<float>(),
            s_options,
            s_training,
            s_validation);
        AssertRefused("scaling", Build(units: 3, ColumnScaling.StandardizeInputs(s_training)), s_options, s_training, s_validation);
        AssertRefused("scaling", Build(units: 3, ColumnScaling.LimitInputs(s_training)), s_options, s_training, s_validation);
        AssertRefused("training rows was 10, but is 9", Start(), s_options, s_training.Take([0, 1, 2, 3, 4, 5, 6, 7, 8]), s_validation);
        AssertRefused("training data", Start(), s_options, Samples.Random<float>(9, rows: 10, inputs: 2, targets: 1), s_validation);
        AssertRefused("validation rows was 6, but is 0", Start(), s_options, s_training, null);
        AssertRefused("validation data", Start(), s_options, s_training, Samples.Random<float>(9, rows: 6, inputs: 2, targets: 1));
    }

    [Fact]
    public void TheOtherNumberTypeIsRefused()
    {
        Network<double> network = new NetworkBuilder(2).Add(3, Activation.Tanh).Add(1, Activation.Linear).Build<double>();
        var error = Assert.Throws<ArgumentException>(() => new NetworkTrainer<double>(network, s_options)
            .Resume(new MemoryStream(s_file), Samples.Random<double>(1, rows: 10, inputs: 2, targets: 1)));
        Assert.Contains("number type was Single, but is Double", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AScheduleSpreadOverTheTrainingRefusesAnotherLength()
    {
        var checkpoints = new List<MemoryStream>();
        TrainingOptions options =
            s_options with { Schedule = LearningRateSchedule.Cosine(), Checkpoint = ResumeTests.Into(checkpoints, every: 1) };
        Start().Train(options, s_training);
        var error = Assert.Throws<ArgumentException>(
            () => new NetworkTrainer<float>(Start(), options with { Epochs = 4 }).Resume(ResumeTests.Copy(checkpoints[0]), s_training));
        Assert.Contains("length of the training", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALengthBeyondTheEndTakesNoMemory()
    {
        byte[] file = [.. s_file];
        BitConverter.TryWriteBytes(file.AsSpan(8), int.MaxValue);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertDamaged(file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    private static void AssertRefused(
        string message, Network<float> network, TrainingOptions options, DataSet<float> training, DataSet<float>? validation)
    {
        byte[] before = network.ToBytes();
        var error = Assert.Throws<ArgumentException>(
            () => new NetworkTrainer<float>(network, options).Resume(new MemoryStream(s_file), training, validation));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, network.ToBytes());
    }

    private static InvalidDataException AssertDamaged(byte[] file)
    {
        Network<float> network = Build(units: 3, seed: 5);
        byte[] before = network.ToBytes();
        var error = Assert.Throws<InvalidDataException>(() => Resume(network, s_options, file));
        Assert.Equal(before, network.ToBytes());
        return error;
    }

    private static void Resume(Network<float> network, TrainingOptions options, byte[] file) =>
        new NetworkTrainer<float>(network, options).Resume(new MemoryStream(file), s_training, s_validation);

    private static bool Note(List<bool> list, bool value)
    {
        list.Add(value);
        return false;
    }

    private static byte[] Write()
    {
        var checkpoints = new List<MemoryStream>();
        Start().Train(s_options with { Checkpoint = ResumeTests.Into(checkpoints, every: 2) }, s_training, s_validation);
        return checkpoints[0].ToArray();
    }

    private static Network<float> Start() => Build(units: 3);

    private static Network<float> Build(int units, ColumnScaling? scaling = null, int seed = 0)
    {
        NetworkBuilder builder = new NetworkBuilder(2).Add(units, Activation.Tanh).Add(1, Activation.Linear);
        return (scaling is null ? builder : builder.ScaleInputs(scaling)).Build<float>(seed);
    }
}
