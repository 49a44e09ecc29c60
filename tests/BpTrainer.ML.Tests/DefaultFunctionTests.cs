using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// Functions that the trainer must learn with its default options. For an even one such as x², tanh units whose biases all start at 0 are
/// at a saddle, and the error stays at the standard deviation of the label.
/// </summary>
public class DefaultFunctionTests
{
    private static readonly Dictionary<string, (int Inputs, double Range, Func<float[], double> Of)> s_functions = new()
    {
        ["x²"] = (1, 2, x => x[0] * x[0]),
        ["|x|"] = (1, 2, x => Math.Abs(x[0])),
        ["a² + b²"] = (2, 1, x => (x[0] * x[0]) + (x[1] * x[1])),
        ["a·b"] = (2, 1, x => x[0] * x[1]),
        ["cosh x"] = (1, 2, x => Math.Cosh(x[0])),
    };

    /// <summary>Functions, rows to learn from, and the largest error as a share of the standard deviation; three seeds each.</summary>
    public static TheoryData<string, int, double, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, double, int>();
            foreach (int seed in new[] { 1, 2, 3 })
            {
                cases.Add("x²", 200, 0.05, seed);
                cases.Add("|x|", 200, 0.2, seed);
                cases.Add("a² + b²", 500, 0.1, seed);
                cases.Add("a·b", 500, 0.15, seed);
                cases.Add("cosh x", 200, 0.2, seed);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheErrorOnUnseenPointsIsASmallShareOfTheStandardDeviation(string function, int rows, double share, int seed)
    {
        (int inputs, double range, Func<float[], double> of) = s_functions[function];
        var ml = new MLContext(seed);
        var random = new Random(seed);
        IDataView test = Draw(1000);
        RegressionMetrics metrics = ml.Regression.Evaluate(ml.Regression.Trainers.BackPropagation().Fit(Draw(rows)).Transform(test));
        Assert.InRange(Math.Sqrt(1 - metrics.RSquared), 0, share);

        IDataView Draw(int count)
        {
            var drawn = new Row[count];
            for (int row = 0; row < count; row++)
            {
                float[] x = [.. Enumerable.Range(0, inputs).Select(_ => (float)(((2 * random.NextDouble()) - 1) * range))];
                drawn[row] = new Row { Features = x, Label = (float)of(x) };
            }

            var schema = SchemaDefinition.Create(typeof(Row));
            schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, inputs);
            return ml.Data.LoadFromEnumerable(drawn, schema);
        }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
