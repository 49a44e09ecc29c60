using BpTrainer.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Samples;

/// <summary>Trains and predicts with rows that lack some of their features.</summary>
public static class MissingValues
{
    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);
        string file = Path.GetTempFileName();
        File.WriteAllLines(file, WithEmptyFields(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", "diabetes.csv"))));

        // ML.NET reads an empty field as 0. With MissingRealsAsNaNs, it is a missing value.
        var reading = new TextLoader.Options { Separators = [','], HasHeader = true, MissingRealsAsNaNs = true };
        IDataView data = mlContext.Data.LoadFromTextFile<Row>(file, reading);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);

        // Without this option, rows with missing values would be left out of training, and their prediction would be NaN.
        var options = new BackPropagationRegressionTrainer.Options { ImputeMissingFeatures = true };
        var model = mlContext.Regression.Trainers.BackPropagation(options).Fit(split.TrainSet);

        Console.WriteLine($"Inputs of the network: {model.Model.Network.Inputs}");
        RegressionMetrics metrics = mlContext.Regression.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine($"Root mean squared error: {metrics.RootMeanSquaredError:F0}");

        File.Delete(file);

        // Expected output:
        //   Inputs of the network: 11
        //   Root mean squared error: 59
    }

    /// <summary>Removes the body mass index of every other patient, as if it had not been measured.</summary>
    private static IEnumerable<string> WithEmptyFields(string[] lines) => lines.Select((line, number) =>
    {
        string[] fields = line.Split(',');
        if (number % 2 == 1)
        {
            fields[2] = "";
        }

        return string.Join(',', fields);
    });

    private sealed class Row
    {
        [LoadColumn(0, 9), VectorType(10)]
        public float[] Features { get; set; } = [];

        [LoadColumn(10)]
        public float Label { get; set; }
    }
}
