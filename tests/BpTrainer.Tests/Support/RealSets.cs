using System.Globalization;

namespace BpTrainer.Tests;

/// <summary>Real data sets of the examples; the last column of a file is the target.</summary>
internal static class RealSets
{
    /// <summary>150 flowers, 4 measurements, 3 species as one-hot rows.</summary>
    public static DataSet<float> Iris()
    {
        string[][] rows = Read("iris.csv");
        string[] species = [.. rows.Select(row => row[^1]).Distinct()];
        return new DataSet<float>(
            Inputs(rows), 4, rows.SelectMany(row => species.Select(s => s == row[^1] ? 1f : 0f)).ToArray(), species.Length);
    }

    /// <summary>442 patients, 10 measurements, the progression of their diabetes.</summary>
    public static DataSet<float> Diabetes()
    {
        string[][] rows = Read("diabetes.csv");
        return new DataSet<float>(Inputs(rows), 10, rows.Select(row => float.Parse(row[^1], CultureInfo.InvariantCulture)).ToArray(), 1);
    }

    /// <summary>The share of the rows whose largest output is that of their class.</summary>
    public static double Accuracy(Network<float> network, DataSet<float> data)
    {
        float[] outputs = network.Predict(data.Inputs.Span);
        return Enumerable.Range(0, data.Rows)
            .Average(row => data.TargetRow(row)[Largest(outputs.AsSpan(row * network.Outputs, network.Outputs))] == 1 ? 1.0 : 0);
    }

    private static int Largest(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            largest = values[i] > values[largest] ? i : largest;
        }

        return largest;
    }

    private static float[] Inputs(string[][] rows) =>
        [.. rows.SelectMany(row => row[..^1].Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)))];

    private static string[][] Read(string file) =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", file)).Skip(1).Select(line => line.Split(','))];
}
