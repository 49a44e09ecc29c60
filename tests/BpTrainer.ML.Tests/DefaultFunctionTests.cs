using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// What the trainers must learn with their default options, from three seeds: functions, of which linear or tree models miss one or the
/// other; areas of two classes; and the exclusive or, from few rows and from many.
/// </summary>
public class DefaultFunctionTests
{
    /// <summary>Inputs, rows to learn from, half the range of the inputs, and the largest error as a share of the deviation.</summary>
    private static readonly Dictionary<string, (int Inputs, int Rows, double Range, double Share, Func<float[], double> Of)> s_functions =
        new()
        {
            ["x²"] = (1, 200, 3, 0.05, x => x[0] * x[0]),
            ["|x|"] = (1, 200, 3, 0.1, x => Math.Abs(x[0])),
            ["sinc"] = (1, 200, 3, 0.1, x => Sinc(Math.PI * x[0])),
            ["sin 2x"] = (1, 200, 3, 0.1, x => Math.Sin(2 * x[0])),
            ["a step"] = (1, 200, 3, 0.25, x => x[0] < 0.5 ? 0 : 1),
            ["a² + b²"] = (2, 500, 3, 0.1, x => (x[0] * x[0]) + (x[1] * x[1])),

            // These five chose nothing.
            ["cosh x"] = (1, 200, 2, 0.1, x => Math.Cosh(x[0])),
            ["a·b"] = (2, 500, 2, 0.15, x => x[0] * x[1]),
            ["max(a, b)"] = (2, 500, 2, 0.1, x => Math.Max(x[0], x[1])),
            ["sin a + b²"] = (2, 500, 3, 0.1, x => Math.Sin(x[0]) + (x[1] * x[1])),
            ["a staircase"] = (1, 200, 3, 0.25, x => Math.Floor(x[0])),
        };

    public static TheoryData<string, int> Functions
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string function in s_functions.Keys)
            {
                for (int seed = 1; seed <= 3; seed++)
                {
                    cases.Add(function, seed);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void AFunctionOnUnseenPoints(string function, int seed)
    {
        (int inputs, int rows, double range, double share, Func<float[], double> of) = s_functions[function];
        var ml = new MLContext(seed);
        var random = new Random(seed);
        IDataView train = Draw(rows), test = Draw(1000);
        RegressionMetrics metrics = ml.Regression.Evaluate(ml.Regression.Trainers.BackPropagation().Fit(train).Transform(test));
        Assert.InRange(Math.Sqrt(1 - metrics.RSquared), 0, share);

        IDataView Draw(int count) => Load(ml, inputs, Enumerable.Range(0, count).Select(_ =>
        {
            float[] x = [.. Enumerable.Range(0, inputs).Select(_ => (float)(((2 * random.NextDouble()) - 1) * range))];
            return new Row { Features = x, Label = (float)of(x) };
        }));
    }

    [Theory]
    [InlineData("circle", 1)]
    [InlineData("circle", 2)]
    [InlineData("circle", 3)]
    [InlineData("moons", 1)]
    [InlineData("moons", 2)]
    [InlineData("moons", 3)]
    public void AnAreaOfTwoClasses(string area, int seed)
    {
        var ml = new MLContext(seed);
        var random = new Random(seed);
        IDataView train = Draw(300), test = Draw(1000);
        var model = ml.BinaryClassification.Trainers.BackPropagation(nameof(Row.IsYes)).Fit(train);
        Assert.InRange(ml.BinaryClassification.Evaluate(model.Transform(test), nameof(Row.IsYes)).Accuracy, 0.96, 1);

        IDataView Draw(int count) =>
            Load(ml, 2, Enumerable.Range(0, count).Select(_ => area == "circle" ? InCircle(random) : OfMoons(random)));
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(4, 3)]
    [InlineData(40, 1)]
    [InlineData(40, 2)]
    [InlineData(40, 3)]
    [InlineData(4000, 1)]
    public void TheExclusiveOrInEveryTask(int rows, int seed)
    {
        var ml = new MLContext(seed);
        Row[] all = [.. Enumerable.Range(0, rows).Select(i => Xor(i % 2, i / 2 % 2))];
        IDataView train = TestData.Prepare(Load(ml, 2, all), ml.Transforms.Conversion.MapValueToKey("Class", nameof(Row.Label)));
        bool[] right = [.. all.Take(4).Select(row => row.IsYes)];

        IDataView numbers = ml.Regression.Trainers.BackPropagation().Fit(train).Transform(train);
        float[] scores = [.. numbers.GetColumn<float>("Score").Take(4)];
        Assert.All(right.Zip(scores), pair => Assert.InRange(pair.Second, pair.First ? 0.9 : -0.1, pair.First ? 1.1 : 0.1));

        IDataView answers = ml.BinaryClassification.Trainers.BackPropagation(nameof(Row.IsYes)).Fit(train).Transform(train);
        Assert.Equal(right, answers.GetColumn<bool>("PredictedLabel").Take(4));

        IDataView classes = ml.MulticlassClassification.Trainers.BackPropagation("Class").Fit(train).Transform(train);
        uint yes = classes.GetColumn<uint>("Class").Skip(1).First();
        Assert.Equal(right, classes.GetColumn<uint>("PredictedLabel").Take(4).Select(key => key == yes));
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x) / x;

    private static Row InCircle(Random random)
    {
        float a = (float)((2 * random.NextDouble()) - 1), b = (float)((2 * random.NextDouble()) - 1);
        return new Row { Features = [a, b], IsYes = (a * a) + (b * b) < 0.5 };
    }

    /// <summary>Two half circles that reach into each other, with some noise.</summary>
    private static Row OfMoons(Random random)
    {
        bool isUpper = random.Next(2) == 0;
        double angle = Math.PI * random.NextDouble();
        double a = isUpper ? Math.Cos(angle) : 1 - Math.Cos(angle), b = isUpper ? Math.Sin(angle) : 0.5 - Math.Sin(angle);
        return new Row { Features = [(float)(a + Noise()), (float)(b + Noise())], IsYes = isUpper };

        double Noise() => 0.2 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
    }

    private static Row Xor(int a, int b) => new() { Features = [a, b], Label = a ^ b, IsYes = a != b };

    private static IDataView Load(MLContext ml, int inputs, IEnumerable<Row> rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, inputs);
        return ml.Data.LoadFromEnumerable(rows.ToArray(), schema);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public bool IsYes { get; set; }
    }
}
