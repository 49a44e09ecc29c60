using BpTrainer.Losses;

namespace BpTrainer.ML.Training;

/// <summary>
/// Compares predictions with the best constant prediction: the mean or median of the labels, or the shares of the classes.
/// </summary>
internal static class ConstantBaseline
{
    /// <summary>With fewer rows, the result would depend on chance.</summary>
    private const int FewestRows = 30;

    /// <summary>Enough rows to recognize a model that has learned nothing.</summary>
    private const int MostRows = 2048;

    /// <summary>
    /// Warns if the networks of a model are, on average, hardly better than the constant. Each network is judged on rows that it has not
    /// learned from, if there are any. The loss includes the class weights.
    /// </summary>
    public static void Report(
        WarningList warnings, LearningTask task, Loss loss, string purpose,
        IReadOnlyList<Network<float>> networks, IReadOnlyList<DataSet<float>?> judges, bool isSecondTry)
    {
        // A constant quantile may be the best possible prediction, and judging it needs many rows.
        if (loss.Name.StartsWith("quantile", StringComparison.Ordinal))
        {
            return;
        }

        double ratio = 0;
        for (int k = 0; k < networks.Count; k++)
        {
            if (judges[k] is not { Rows: >= FewestRows } rows)
            {
                return;
            }

            ratio += Ratio(task, loss, Sample(rows), networks[k]) / networks.Count;
        }

        if (!(ratio < ConstantLoss.HardlyBetter))
        {
            string constant = task.IsMultiLabel ? "the shares of the labels for every row"
                : task.IsClassification ? "the largest class, or the shares of the classes, for every row"
                : IsMedian(loss) ? "the median of the labels for every row" : "the mean of the labels for every row";
            warnings.Add("HardlyBetterThanConstant", FormattableString.Invariant(
                $"The model is hardly better than predicting {constant}: its error on the {purpose} rows is {100 * ratio:F0} % of that") +
                (isSecondTry ? ", even after a second training from other weights. " : ". ") +
                "Likely causes: features that are unrelated to the label, a learning rate that is too high or too low, " +
                "too few epochs or rows, outliers, or labels that belong to other rows.");
        }
    }

    private static DataSet<float> Sample(DataSet<float> rows)
    {
        var sample = new int[Math.Min(rows.Rows, MostRows)];
        for (int i = 0; i < sample.Length; i++)
        {
            sample[i] = (int)((long)i * rows.Rows / sample.Length);
        }

        return rows.Select(sample);
    }

    /// <summary>The error of the model divided by that of the constant; 0 if the constant has no error.</summary>
    private static double Ratio(LearningTask task, Loss loss, DataSet<float> rows, Network<float> model)
    {
        var outputs = new float[rows.Rows * rows.TargetColumns];
        new NetworkEnsemble<float>(model).Predict(rows, outputs);
        if (loss is CrossEntropyLoss whole && !task.IsMultiLabel)
        {
            return CrossEntropyRatio(rows, whole, outputs, first: 0, rows.TargetColumns);
        }

        double sum = 0;
        for (int column = 0; column < rows.TargetColumns; column++)
        {
            sum += loss is CrossEntropyLoss entropy ? CrossEntropyRatio(rows, entropy, outputs, column, columns: 1)
                : IsMedian(loss) ? DeviationRatio(rows, column, outputs, Math.Abs, ConstantLoss.Median)
                : DeviationRatio(rows, column, outputs, error => error * error, ConstantLoss.Mean);
        }

        return sum / rows.TargetColumns;
    }

    private static bool IsMedian(Loss loss) => loss.Name is "mean-absolute-error" or "huber";

    private static double DeviationRatio(
        DataSet<float> rows, int column, float[] outputs, Func<double, double> error, Func<double[], double[], double> center)
    {
        var labels = new double[rows.Rows];
        var weights = new double[labels.Length];
        for (int row = 0; row < labels.Length; row++)
        {
            labels[row] = rows.TargetRow(row)[column];
            weights[row] = rows.Weight(row);
        }

        double constant = center(labels, weights), ofConstant = 0, ofModel = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ofConstant += weights[row] * error(labels[row] - constant);
            ofModel += weights[row] * error(labels[row] - outputs[(row * rows.TargetColumns) + column]);
        }

        return ofConstant == 0 ? 0 : ofModel / ofConstant;
    }

    /// <summary>The ratio for one class per column, or for false and true if there is only one column.</summary>
    private static double CrossEntropyRatio(DataSet<float> rows, CrossEntropyLoss loss, float[] outputs, int first, int columns)
    {
        int classes = Math.Max(columns, 2);
        var counts = new double[classes];
        var targets = new double[classes];
        double ofModel = 0;
        for (int row = 0; row < rows.Rows; row++)
        {
            ReadOnlySpan<float> label = rows.TargetRow(row).Slice(first, columns);
            ReadOnlySpan<float> output = outputs.AsSpan((row * rows.TargetColumns) + first, columns);
            double weight = rows.Weight(row) * (loss.ClassWeights is { } weights ? WeightOf(label.ToArray(), weights) : 1);
            for (int c = 0; c < classes; c++)
            {
                targets[c] = weight * (((1 - loss.LabelSmoothing) * Part(label, c)) + (loss.LabelSmoothing / classes));
                counts[c] += targets[c];
                ofModel -= targets[c] * Math.Log(Math.Max(Part(output, c), 1e-7));
            }
        }

        double total = counts.Sum();
        double ofConstant = -counts.Sum(count => count == 0 ? 0 : count * Math.Log(count / total));
        return ofConstant == 0 ? 0 : ofModel / ofConstant;
    }

    private static double WeightOf(float[] label, IReadOnlyList<double> weights) =>
        weights.Select((weight, c) => Part(label, c) * weight).Sum();

    /// <summary>The share of a class; a single number is the share of the second of two classes.</summary>
    private static double Part(ReadOnlySpan<float> shares, int c) => shares.Length > 1 ? shares[c] : c == 1 ? shares[0] : 1 - shares[0];
}
