using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// Functions that the trainer must learn with its default options. For an even one such as x², tanh units whose biases all start at 0 are at
/// a saddle, and the error stays at the standard deviation of the label.
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

    [Theory]
    [InlineData("x²", 200, 0.05)]
    [InlineData("|x|", 200, 0.2)]
    [InlineData("a² + b²", 500, 0.1)]
    [InlineData("a·b", 500, 0.15)]
    [InlineData("cosh x", 200, 0.2)]
    public void TheErrorOnUnseenPointsIsASmallShareOfTheStandardDeviation(string function, int rows, double share)
    {
        (int inputs, double range, Func<float[], double> of) = s_functions[function];
        for (int seed = 1; seed <= 3; seed++)
        {
            var ml = new MLContext(seed);
            var random = new Random(seed);
            var schema = SchemaDefinition.Create(typeof(Row));
            schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, inputs);
            IDataView Draw(int count)
            {
                var drawn = new Row[count];
                for (int row = 0; row < count; row++)
                {
                    float[] x = [.. Enumerable.Range(0, inputs).Select(_ => (float)(((2 * random.NextDouble()) - 1) * range))];
                    drawn[row] = new Row { Features = x, Label = (float)of(x) };
                }

                return ml.Data.LoadFromEnumerable(drawn, schema);
            }

            IDataView test = Draw(1000);
            RegressionMetrics metrics = ml.Regression.Evaluate(ml.Regression.Trainers.BackPropagation().Fit(Draw(rows)).Transform(test));
            Assert.InRange(Math.Sqrt(1 - metrics.RSquared), 0, share);
        }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
