namespace BpTrainer.Tests.Data;

/// <summary>Sets that share the memory of others are as good as copies.</summary>
public class SharedSetTests
{
    private const int Rows = 90, Inputs = 4, Targets = 2;
    private static readonly double[] s_six = [1, 2, 3, 4, 5, 6];
    private static readonly double[] s_three = [1, 2, 3];

    [Theory]
    [InlineData(1, false)]
    [InlineData(8, false)]
    [InlineData(8, true)]
    [InlineData(600, true)]
    public void ChosenRowsTeachAsACopyOfThemDoes(int batchSize, bool isAdaptive)
    {
        DataSet<float> data = Samples.Random<float>(1, Rows, Inputs, Targets, weighted: true);
        int[] learn =
        [
            .. Enumerable.Range(0, Rows).Where(row => row % 3 != 1)], watch = [.. Enumerable.Range(0, Rows).Where(row => row % 3 == 1)
        ];
        AssertSameTraining(Options(batchSize, isAdaptive), data.Take(learn), data.Take(watch), data.Select(learn), data.Select(watch));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(8, true)]
    public void JoinedSetsTeachAsOneDoes(int batchSize, bool isAdaptive)
    {
        DataSet<float> data = Samples.Random<float>(1, Rows, Inputs, Targets, weighted: true);
        DataSet<float> joined = DataSet<float>.Join(Part(data, 0, 40), Part(data, 40, 80), Part(data, 80, 90));
        Assert.Equal(Rows, joined.Rows);
        AssertSameTraining(Options(batchSize, isAdaptive), data, data, joined, joined);

        int[] some = [89, 3, 41, 80, 79, 40, 3];
        AssertSameTraining(Options(batchSize, isAdaptive), data.Take(some), data, joined.Select(some), joined);
    }

    [Fact]
    public void RowsCanBeReadOneByOneAndCopied()
    {
        var data = new DataSet<double>(s_six, 2, s_three, 1, new double[] { 7, 8, 9 });
        DataSet<double> chosen = DataSet<double>.Join(Part(data, 0, 2), Part(data, 2, 3)).Select([2, 0]).Select([1, 0, 0]);
        Assert.Equal([1, 2], chosen.InputRow(0).ToArray());
        Assert.Equal([5, 6], chosen.InputRow(2).ToArray());
        Assert.Equal([3], chosen.TargetRow(1).ToArray());
        Assert.Equal(9, chosen.Weight(1));
        Assert.Equal(1, new DataSet<double>(s_six, 2, s_three, 1).Weight(1));
        DataSet<double> copy = chosen.Take([2, 0]);
        Assert.True(copy.IsContiguous);
        Assert.Equal([5, 6, 1, 2], copy.Inputs.ToArray());
        Assert.Equal([9, 7], copy.Weights.ToArray());
    }

    [Fact]
    public void ScatteredRowsHaveNoMatrix()
    {
        DataSet<double> data = new DataSet<double>(s_six, 2, s_three, 1).Select([0, 1]);
        Assert.False(data.IsContiguous);
        Assert.Contains("InputRow", Assert.Throws<InvalidOperationException>(() => data.Inputs).Message);
        Assert.Throws<InvalidOperationException>(() => data.Targets);
        Assert.Throws<InvalidOperationException>(() => data.Weights);
    }

    [Fact]
    public void ChoosingCopiesNoSample()
    {
        DataSet<float> data = Samples.Random<float>(1, rows: 500, inputs: 1000, targets: 1);
        int[] rows = [.. Enumerable.Range(0, 400)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        data.Select(rows);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 3000);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void ARowThatIsNotThereIsRefused(int row)
    {
        var data = new DataSet<double>(s_six, 2, s_three, 1);
        Assert.Contains($"row is {row}", Assert.Throws<ArgumentOutOfRangeException>(() => data.Select([row])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.InputRow(row));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.TargetRow(row));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Weight(row));
        Assert.Throws<ArgumentException>(() => data.Select([]));
    }

    [Fact]
    public void ChosenRowsHaveAWeight()
    {
        var data = new DataSet<double>(s_six, 2, s_three, 1, new double[] { 0, 1, 0 });
        Assert.Contains("All weights are 0", Assert.Throws<ArgumentException>(() => data.Select([0, 2])).Message);
    }

    [Fact]
    public void SetsThatDifferAreNotJoined()
    {
        var data = new DataSet<double>(s_six, 2, s_three, 1);
        DataSet<double>[] others =
        [
            new(s_six, 1, s_six, 1),
            new(s_six, 2, s_six, 2),
            new(s_six, 2, s_three, 1, s_three),
            new(new double[8], 2, new double[4], 1),
            data.Select([0, 1]),
        ];
        Assert.All(others, other => Assert.Contains(
            "Set 1 is", Assert.Throws<ArgumentException>("sets", () => DataSet<double>.Join(data, other)).Message));
        DataSet<double> shorter = data.Take([1]);
        Assert.Throws<ArgumentException>("sets", () => DataSet<double>.Join(data, shorter, shorter));
        Assert.Throws<ArgumentException>("sets", () => DataSet<double>.Join());
    }

    [Theory]
    [InlineData("most", false)]
    [InlineData("most", true)]
    [InlineData("all", false)]
    [InlineData("all", true)]
    [InlineData("mixed", false)]
    [InlineData("mixed", true)]
    [InlineData("backwards", false)]
    [InlineData("backwards", true)]
    [InlineData("join", true)]
    public void ScalingOfSharedRowsIsThatOfACopy(string which, bool isJoined)
    {
        DataSet<float> data = Samples.Random<float>(1, Rows, Inputs, Targets, weighted: true);
        int[] all = [.. Enumerable.Range(0, Rows)];
        int[] rows = which switch
        {
            "most" => [.. all.Where(row => row % 3 != 1)],
            "all" or "join" => all,
            "mixed" => [5, 6, 7, 7, 8, 2, 3, Rows - 1, 0, 1, 9, 10, 11, 12, 13],
            _ => [.. all.Reverse()],
        };
        DataSet<float> copy = data.Take(rows);

        // In one part, and in parts of seven rows, of which the last is shorter.
        DataSet<float> joined = DataSet<float>.Join([.. all.Chunk(7).Select(part => data.Take(part))]);
        DataSet<float> shared = which == "join" ? joined : (isJoined ? joined : data).Select(rows);
        AssertSame(ColumnScaling.Standardize(copy.Inputs.Span, Inputs, copy.Weights.Span), ColumnScaling.StandardizeInputs(shared));
        AssertSame(ColumnScaling.Standardize(copy.Targets.Span, Targets, copy.Weights.Span), ColumnScaling.StandardizeTargets(shared));
    }

    private static TrainingOptions Options(int batchSize, bool isAdaptive) => new()
    {
        BatchSize = batchSize,
        Epochs = 4,
        Optimizer = isAdaptive ? Optimizer.AdaptiveMomentum(0.05) : Optimizer.Momentum(0.05),
    };

    private static void AssertSameTraining(
        TrainingOptions options,
        DataSet<float> training,
        DataSet<float> validation,
        DataSet<float> sameTraining,
        DataSet<float> sameValidation)
    {
        Network<float> Start() =>
            Networks.Random<float>(2, Inputs, new LayerSpec(5, Activation.Tanh), new LayerSpec(Targets, Activation.Linear));
        Network<float> one = Start(), other = Start();
        TrainingResult expected = one.Train(options, training, validation), actual = other.Train(options, sameTraining, sameValidation);
        Assert.Equal(one.ToBytes(), other.ToBytes());
        Assert.Equal(
            expected.History.Select(e => (e.TrainingLoss, e.ValidationLoss)),
            actual.History.Select(e => (e.TrainingLoss, e.ValidationLoss)));
    }

    private static void AssertSame(ColumnScaling expected, ColumnScaling actual)
    {
        Assert.Equal(expected.Offsets.ToArray(), actual.Offsets.ToArray());
        Assert.Equal(expected.Scales.ToArray(), actual.Scales.ToArray());
    }

    private static DataSet<T> Part<T>(DataSet<T> data, int first, int end)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => new(
        data.Inputs[(first * data.InputColumns)..(end * data.InputColumns)], data.InputColumns,
        data.Targets[(first * data.TargetColumns)..(end * data.TargetColumns)], data.TargetColumns,
        data.HasWeights ? data.Weights[first..end] : default);
}
