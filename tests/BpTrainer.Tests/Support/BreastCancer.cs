using System.Globalization;

namespace BpTrainer.Tests;

/// <summary>The data set of the examples: 569 rows of 30 measurements, target 1 for malignant.</summary>
internal static class BreastCancer
{
    public const int Inputs = 30;

    /// <summary>The rows as they are in the file.</summary>
    public static DataSet<double> Load()
    {
        string[][] rows =
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "breast-cancer.csv")).Skip(1).Select(line => line.Split(','))
        ];
        double[] inputs = [.. rows.SelectMany(row => row[..Inputs].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)))];
        double[] targets = [.. rows.Select(row => row[Inputs] == "malignant" ? 1.0 : 0)];
        return new DataSet<double>(inputs, Inputs, targets, 1);
    }
}
