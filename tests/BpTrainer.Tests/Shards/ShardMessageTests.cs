using BpTrainer.Files;
using BpTrainer.Losses;
using BpTrainer.Shards;

namespace BpTrainer.Tests.Shards;

/// <summary>Plans, tasks and answers as bytes: they come back as they were, and others are refused.</summary>
public sealed class ShardMessageTests
{
    private static readonly Shard<float>[] s_shards =
        [.. Enumerable.Range(0, 3).Select(s => new Shard<float>(Samples.Random<float>(s, rows: 6, inputs: 2, targets: 1)))];

    private static readonly ShardPlan<float> s_plan = Plan(seed: 1);

    public static TheoryData<string> Losses => [.. Tests.Losses.All.Select(loss => loss.ToString())];

    [Fact]
    public void EveryMessageComesBack()
    {
        ShardPlan<float> plan = ShardPlan<float>.FromBytes(s_plan.ToBytes());
        Assert.Equal(s_plan.ToBytes(), plan.ToBytes());
        Assert.Equal(s_plan.Id, plan.Id);
        ShardTask<float> task = Task(7), read = ShardTask<float>.FromBytes(task.ToBytes());
        Assert.Equal(task.ToBytes(), read.ToBytes());
        Assert.Equal((task.Number, task.Place, task.Work), (read.Number, read.Place, read.Work));
        ShardSums<float> answer = Answer(task, 0, 3);
        Assert.Equal(answer.ToBytes(), ShardSums<float>.FromBytes(answer.ToBytes()).ToBytes());
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void EveryLossComesBack(string name)
    {
        Loss loss = Tests.Losses.Named(name);
        var block = new ChecksummedBlock("TEST", "loss");
        using var stream = new MemoryStream();
        block.Write(stream, writer => LossFile.Write(writer, loss));
        stream.Position = 0;
        Assert.Equal(loss, block.Read(stream, LossFile.Read));
    }

    [Fact]
    public void DamagedMessagesAreRefused()
    {
        (byte[] Bytes, Action<byte[]> Read)[] messages =
        [
            (s_plan.ToBytes(), bytes => ShardPlan<float>.FromBytes(bytes)),
            (Task(1).ToBytes(), bytes => ShardTask<float>.FromBytes(bytes)),
            (Answer(Task(1), 0, 3).ToBytes(), bytes => ShardSums<float>.FromBytes(bytes)),
        ];
        foreach ((byte[] bytes, Action<byte[]> read) in messages)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                byte[] damaged = [.. bytes];
                damaged[i] ^= 4;
                Assert.Throws<InvalidDataException>(() => read(damaged));
            }

            Assert.Throws<InvalidDataException>(() => read(bytes[..^1]));
            Assert.Throws<InvalidDataException>(() => read([]));
        }

        Assert.Throws<InvalidDataException>(() => ShardTask<double>.FromBytes(messages[1].Bytes));
        Assert.Throws<InvalidDataException>(() => ShardSums<double>.FromBytes(messages[2].Bytes));
        Assert.Throws<InvalidDataException>(() => ShardTask<float>.FromBytes(messages[0].Bytes));
    }

    [Fact]
    public void AWorkerRefusesForeignTasks()
    {
        using var worker = new ShardWorker<float>(Plan(seed: 2), 0, s_shards);
        var error = Assert.Throws<ArgumentException>("task", () => worker.Compute(Task(1)));
        Assert.Contains("belongs to the plan", error.Message, StringComparison.Ordinal);
        var shorter = new ShardTask<float>(Plan(seed: 2).Id, 1, ShardWork.TrainingLoss, new(0, 0, 1, 1, 0), new float[3]);
        Assert.Throws<ArgumentException>("task", () => worker.Compute(shorter));
    }

    [Fact]
    public void AWorkerRefusesOtherRowsThanThePlanHas()
    {
        Assert.Throws<ArgumentException>("shards", () => new ShardWorker<float>(
            s_plan, 0, [new Shard<float>(Samples.Random<float>(1, rows: 7, inputs: 2, targets: 1))]));
        Assert.Throws<ArgumentException>("firstShard", () => new ShardWorker<float>(s_plan, 1, s_shards));
        Assert.Throws<ArgumentException>("firstShard", () => new ShardWorker<float>(s_plan, -1, s_shards));
    }

    [Fact]
    public void AnswersThatDoNotGoTogetherAreNotJoined()
    {
        Assert.Throws<ArgumentException>("answers", () => ShardSums<float>.Join());
        Assert.Throws<ArgumentException>("answers", () => ShardSums<float>.Join(Answer(Task(1), 0, 2), Answer(Task(2), 2, 1)));
        Assert.Throws<ArgumentException>("answers", () => ShardSums<float>.Join(Answer(Task(1), 0, 2), Answer(Task(1), 1, 2)));
    }

    [Fact]
    public void JoiningDoesNotChangeTheAnswers()
    {
        ShardSums<float> left = Answer(Task(1), 0, 1), right = Answer(Task(1), 1, 2);
        byte[] before = left.ToBytes();
        byte[] once = ShardSums<float>.Join(left, right).ToBytes();
        Assert.Equal(before, left.ToBytes());
        Assert.Equal(once, ShardSums<float>.Join(right, left).ToBytes());
        Assert.Equal(Answer(Task(1), 0, 3).ToBytes(), once);
    }

    [Theory]
    [InlineData(true, "but the request was task")]
    [InlineData(false, "Of the shards 0 to 2, only 0 to 1 answered")]
    public void WrongAnswersEndTheTraining(bool isOld, string message)
    {
        using var shards = new WrongAnswers(isOld);
        var error = Assert.Throws<InvalidOperationException>(
            () => new NetworkTrainer<float>(Start(), new TrainingOptions()).Train(shards));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static Network<float> Start() => new NetworkBuilder(2).Add(3, Activation.Tanh).Add(1, Activation.Linear).Build<float>(1);

    private static ShardPlan<float> Plan(int seed) => new(
        Start(),
        new TrainingOptions { Seed = seed, Loss = Loss.Huber(0.3), Regularization = new() { InputDropout = 0.1, HiddenDropout = [0.2] } },
        Array.ConvertAll(s_shards, shard => shard.Size));

    private static ShardTask<float> Task(long number) =>
        new(s_plan.Id, number, ShardWork.Gradient, new BatchPlace(1, 0, 9, 9, 1), Start().Parameters.Memory);

    private static ShardSums<float> Answer(ShardTask<float> task, int first, int shards)
    {
        using var worker = new ShardWorker<float>(s_plan, first, s_shards[first..(first + shards)]);
        return worker.Compute(task);
    }

    /// <summary>Answers with what was asked for before, or without the last shard.</summary>
    private sealed class WrongAnswers(bool isOld) : IShardedRows<float>, IDisposable
    {
        private ShardWorker<float>? _worker;
        private ShardSums<float>? _old;

        public int InputColumns => 2;

        public int TargetColumns => 1;

        public IReadOnlyList<ShardSize> Sizes => Array.ConvertAll(s_shards, shard => shard.Size);

        public void Begin(ShardPlan<float> plan, CancellationToken cancellationToken) =>
            _worker = new ShardWorker<float>(plan, 0, isOld ? s_shards : s_shards[..2]);

        public ShardSums<float> Compute(ShardTask<float> task, CancellationToken cancellationToken)
        {
            ShardSums<float> answer = _worker!.Compute(task, cancellationToken);
            _old ??= answer;
            return isOld ? _old : answer;
        }

        public void Dispose() => _worker?.Dispose();
    }
}
