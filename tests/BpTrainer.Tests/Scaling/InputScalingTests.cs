using BpTrainer.Scalings;

namespace BpTrainer.Tests.Scaling;

/// <summary>Inputs: columns that say nothing or rarely something, and values far from those that were learned.</summary>
public class InputScalingTests
{
    public static TheoryData<float, string> ConstantColumns
    {
        get
        {
            var cases = new TheoryData<float, string>();
            foreach (float value in new[] { 0, 7, 0.1f, -3e20f })
            {
                foreach (string way in new[] { "standardize inputs", "standardize", "limit", "min-max" })
                {
                    // Left as it is, a value of −3e20 leaves no digit for the other inputs.
                    if (way != "limit" || value > -100)
                    {
                        cases.Add(value, way);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(ConstantColumns))]
    public void AConstantColumnNeverChangesAPrediction(float value, string way)
    {
        // y = 2x beside the constant, which stands in front of it and behind it.
        float[] x = [.. Enumerable.Range(-20, 41).Select(i => i / 10f)];
        var data = new DataSet<float>(x.SelectMany(v => new[] { value, v, value }).ToArray(), 3, x.Select(v => 2 * v).ToArray(), 1);
        Network<float> network =
            new NetworkBuilder(3).Add(8, Activation.Tanh).Add(1, Activation.Linear).ScaleInputs(Scaling(way, data)).Build<float>(1);
        network.Train(new TrainingOptions { Epochs = 5, BatchSize = 8 }, data);
        foreach (Network<float> trained in new[] { network, Network<float>.Load(new MemoryStream(network.ToBytes())), network.Clone() })
        {
            // A block and a single row are added up in different orders.
            float[] others = [value, 0, 1, -1, 7, 1000, -1e30f, float.MaxValue, float.NegativeInfinity];
            float[] rows = [.. others.SelectMany(other => new[] { other, 1, other == value ? value : -other })];
            var predictions = new float[others.Length];
            trained.Predict(rows, predictions, others.Length);
            Assert.All(predictions, prediction => Assert.Equal(predictions[0], prediction));
            Assert.All(others, other => Assert.Equal(Predict(trained, value, 1, value), Predict(trained, other, 1, -other)));
            Assert.Equal(predictions[0], Predict(trained, value, 1, value), 1e-5f);
        }
    }

    [Theory]
    [InlineData(new double[] { 0, 0, 1, 0, 0 }, 0, 1)] // a rare category
    [InlineData(new double[] { 0, 1 }, 0, 1)]
    [InlineData(new double[] { 1, 1, 0, 1, 1 }, 1, 1)] // a frequent one
    [InlineData(new double[] { 2, 5, 2 }, 2, 3)]
    [InlineData(new double[] { -8, -8, -8, -10 }, -8, 2)]
    [InlineData(new double[] { 0, 3, 0, 0, 4, 0 }, 0, 3.5355339059327378)] // √((9 + 16)/2)
    [InlineData(new double[] { 3, 0, 0, -4, 0, 0 }, 0, 3.5355339059327378)] // 0 is neither the lowest nor the highest
    [InlineData(new double[] { 5, 5, 4, 2, 5, 5 }, 5, 2.2360679774997898)] // √((1 + 9)/2)
    [InlineData(new double[] { 1e9, 1e9 + 1, 1e9 }, 1e9, 1)]
    [InlineData(new double[] { 6, 1, 2 }, 3, 2.1602468994692869)] // no common value: mean and deviation, √(14/3)
    [InlineData(new double[] { 1, 1, 2, 6, 5 }, 3, 2.0976176963403033)]
    public void ACommonValueBecomes0AndTheOthersKeepTheirSize(double[] column, double offset, double spread)
    {
        // Beside columns of other kinds, at every place of a vector.
        for (int columns = 1; columns <= 9; columns++)
        {
            var data = new DataSet<double>(
                column.SelectMany(x => Enumerable.Range(1, columns).Select(c => c == columns ? x : (c * x) + c)).ToArray(),
                columns,
                column,
                1);
            var scaling = ColumnScaling.StandardizeInputs(data);
            Close.Absolute(offset, scaling.Offsets[columns - 1], 1e-12 * Math.Max(1, Math.Abs(offset)));
            Close.Relative(1 / spread, scaling.Scales[columns - 1], 1e-6, "scale");
            double range = column.Max() - column.Min();
            Assert.Equal(
                (column.Min() - (range / 2), column.Max() + (range / 2)), (scaling.Lowest[columns - 1], scaling.Highest[columns - 1]));
        }
    }

    [Fact]
    public void WeightsDecideWhatIsCommon()
    {
        // 4 has 5 of 8; a row of weight 0 is none.
        var data = new DataSet<double>(new double[] { 4, 1, 9, 4, -50 }, 1, new double[5], 1, new double[] { 2, 1, 2, 3, 0 });
        var scaling = ColumnScaling.StandardizeInputs(data);
        Assert.NotEqual(4, scaling.Offsets[0]); // neither the lowest nor the highest, and not 0
        Assert.Equal((1 - 4.0, 9 + 4.0), (scaling.Lowest[0], scaling.Highest[0]));

        var rare = new DataSet<double>(new double[] { 9, 1, 9, 4, -50 }, 1, new double[5], 1, new double[] { 2, 1, 2, 3, 0 });
        Assert.Equal(9, ColumnScaling.StandardizeInputs(rare.Select([0, 1, 2])).Offsets[0]);
    }

    [Fact]
    public void RowsInAnyOrderAndOneByOneGiveTheSame()
    {
        var random = new Random(1);
        float Value(int column) => (column % 3) switch
        {
            0 => random.Next(20) == 0 ? random.Next(-3, 4) : 0,
            1 => random.NextSingle(),
            _ => random.Next(2),
        };
        float[][] rows = [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 11).Select(Value).ToArray())];
        ColumnScaling expected = Gathered(rows);
        var data = new DataSet<float>(rows.SelectMany(row => row).ToArray(), 11, new float[200], 1);
        AssertFigures(expected, ColumnScaling.StandardizeInputs(data), 0);
        AssertFigures(expected, Gathered([.. rows.OrderBy(row => row[0])]), 1e-12);
        AssertFigures(expected, Gathered([.. rows.OrderByDescending(row => row[3] + row[2])]), 1e-12);
    }

    [Fact]
    public void AUselessColumnForEveryOf300LevelsDoesLittleHarm()
    {
        // y = 2x with noise of 0.1, and a level that says nothing; rows of levels that were learned and of one that was not.
        const int Levels = 300, Rows = 900;
        var random = new Random(1);
        var inputs = new float[Rows * (Levels + 1)];
        var targets = new float[Rows];
        for (int row = 0; row < Rows; row++)
        {
            float x = (2 * random.NextSingle()) - 1;
            inputs[row * (Levels + 1)] = x;
            inputs[(row * (Levels + 1)) + 1 + random.Next(Levels - 1)] = 1;
            targets[row] = (2 * x) + (0.17f * ((2 * random.NextSingle()) - 1));
        }

        var data = new DataSet<float>(inputs, Levels + 1, targets, 1);
        Network<float> network = new NetworkBuilder(Levels + 1).Add(64, Activation.Tanh).Add(
            new LayerSpec(1, Activation.Linear) { Initializer = Initializer.Zero })
            .ScaleInputs(ColumnScaling.StandardizeInputs(data)).ScaleOutputs(ColumnScaling.StandardizeTargets(data)).Build<float>(1);
        network.Train(new TrainingOptions { Optimizer = Optimizer.Momentum(0.01, momentum: 0.9), Epochs = 30, BatchSize = 28 }, data);
        double Rmse(Func<int, int> level) => Math.Sqrt(Enumerable.Range(0, 100).Average(i =>
        {
            var row = new float[Levels + 1];
            row[0] = (i / 50f) - 1;
            row[1 + level(i)] = 1;
            return Math.Pow(Predict(network, row) - (2 * row[0]), 2);
        }));
        Assert.InRange(Rmse(i => i), 0, 0.15);
        Assert.InRange(Rmse(_ => Levels - 1), 0, 0.15);
    }

    [Theory]
    [InlineData("standardize inputs")]
    [InlineData("limit")]
    [InlineData("min-max")]
    public void AValueFarOutsideCountsAsOneSomewhatOutsideAndATrendGoesOn(string way)
    {
        // y = 2a − b, with a from 0 to 10 and b from 0 to 1.
        var random = new Random(1);
        float[] inputs = [.. Enumerable.Range(0, 200).SelectMany(
            i => new[] { i == 0 ? 0 : i == 1 ? 10 : 10 * random.NextSingle(), i == 1 ? 0 : i == 2 ? 1 : random.NextSingle() })];
        float[] targets = [.. Enumerable.Range(0, 200).Select(i => (2 * inputs[2 * i]) - inputs[(2 * i) + 1])];
        var data = new DataSet<float>(inputs, 2, targets, 1);
        Network<float> network = new NetworkBuilder(2).Add(1, Activation.Linear).ScaleInputs(Scaling(way, data))
            .ScaleOutputs(ColumnScaling.StandardizeTargets(data))
            .Build<float>(1);
        network.Train(Training.FullBatch(1, epochs: 100).With(EveryOptimizer.Of("l-bfgs")), data);
        Close.Absolute(21.5, Predict(network, 11, 0.5f), 0.01);
        Close.Absolute(29.5, Predict(network, 15, 0.5f), 0.01);
        Close.Absolute(-4.5, Predict(network, -2, 0.5f), 0.01);
        Assert.All(
            new[] { 15.1f, 1e7f, 1e30f, float.PositiveInfinity }, a => Assert.Equal(Predict(network, 15, 0.5f), Predict(network, a, 0.5f)));
        Assert.All(
            new[] { -5.1f, -1e7f, float.NegativeInfinity }, a => Assert.Equal(Predict(network, -5, 0.5f), Predict(network, a, 0.5f)));
        Assert.Equal(Predict(network, 3, 1.5f), Predict(network, 3, 1e6f));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(19)]
    public void AMissingValueStaysMissing(int columns)
    {
        float[] values = [.. Enumerable.Range(0, columns * 3).Select(i => MathF.Sin(i))];
        Network<float> network = new NetworkBuilder(columns).Add(2, Activation.Tanh).Add(1, Activation.Linear)
            .ScaleInputs(ColumnScaling.StandardizeInputs(new DataSet<float>(values, columns, new float[3], 1))).Build<float>(1);
        for (int c = 0; c < columns; c++)
        {
            float[] rows = [.. values];
            rows[columns + c] = float.NaN;
            var predictions = new float[3];
            network.Predict(rows, predictions, 3);
            Assert.Equal([false, true, false], predictions.Select(float.IsNaN));
            Assert.True(float.IsNaN(Predict(network, rows[columns..(2 * columns)])));
        }
    }

    [Fact]
    public void TargetsAndPredictionsHaveNoLimits()
    {
        var data = new DataSet<double>(new double[] { 0, 1, 2 }, 1, new double[] { 0, 0, 6 }, 1);
        ColumnScaling targets = ColumnScaling.StandardizeTargets(data);
        Assert.Equal(2, targets.Offsets[0]); // the mean, though most have one value
        Network<double> network = new NetworkBuilder(1).Add(1, Activation.Linear).ScaleOutputs(targets).Build<double>(1);
        Assert.False(network.OutputScaling!.HasLimits);
        Assert.Equal(targets.Offsets.ToArray(), network.OutputScaling.Offsets.ToArray());
        Assert.Equal(targets.Scales.ToArray(), network.OutputScaling.Scales.ToArray());
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    public void LimitsAreFiniteAndInOrder(double lowest, double highest)
    {
        var error = Assert.Throws<ArgumentException>(() => new ColumnScaling([0, 0], [1, 1], [0, lowest], [0, highest]));
        Assert.Contains("Column 1", error.Message);
    }

    [Fact]
    public void ThereAreAsManyLimitsAsColumnsOrNone()
    {
        Assert.Throws<ArgumentException>(() => new ColumnScaling([0, 0], [1, 1], [0], [1]));
        Assert.Throws<ArgumentException>(() => new ColumnScaling([0], [1], [0], []));
        Assert.False(new ColumnScaling([0], [1], [], []).HasLimits);
    }

    private static ColumnScaling Scaling(string way, DataSet<float> data) => way switch
    {
        "standardize inputs" => ColumnScaling.StandardizeInputs(data),
        "standardize" => ColumnScaling.Standardize(data.Inputs.Span, data.InputColumns),
        "limit" => ColumnScaling.LimitInputs(data),
        _ => ColumnScaling.MinMax(data.Inputs.Span, data.InputColumns),
    };

    private static ColumnScaling Gathered(float[][] rows)
    {
        var statistics = new ColumnStatistics(rows[0].Length);
        foreach (float[] row in rows)
        {
            statistics.Add<float>(row);
        }

        return statistics.StandardizeInputs<float>();
    }

    private static void AssertFigures(ColumnScaling expected, ColumnScaling actual, double tolerance)
    {
        for (int c = 0; c < expected.Columns; c++)
        {
            Close.Absolute(expected.Offsets[c], actual.Offsets[c], tolerance);
            Close.Absolute(expected.Scales[c], actual.Scales[c], tolerance * expected.Scales[c]);
        }

        Assert.Equal(expected.Lowest.ToArray(), actual.Lowest.ToArray());
        Assert.Equal(expected.Highest.ToArray(), actual.Highest.ToArray());
    }

    private static float Predict(Network<float> network, params float[] row)
    {
        var prediction = new float[1];
        network.Predict(row, prediction);
        return prediction[0];
    }
}
