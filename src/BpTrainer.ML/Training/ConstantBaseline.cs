using BpTrainer.Losses;

namespace BpTrainer.ML.Training;

/// <summary>
/// Compares predictions with the best that are the same for every row: the mean or median of the labels, or the shares of the classes.
/// </summary>
internal static class ConstantBaseline
{
    /// <summary>With fewer rows chance decides.</summary>
    private const int FewestRows = 30;

    /// <summary>Rows enough to tell a model that has learned nothing.</summary>
    private const int MostRows = 2048;

    /// <summary>
    /// Warns if the networks of a model are hardly better than the constant, on average, each on rows that it has not learned from if there
    /// are such. The loss has the weights of the classes.
    /// </summary>
    public static void Report(
        WarningList warnings, LearningTask task, Loss loss, string purpose,
        IReadOnlyList<Network<float>> networks, IReadOnlyList<DataSet<float>?> judges, bool isSecondTry)
    {
        // A quantile may be all that can be known, and needs many rows to be judged.
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
                (isSecondTry ? ", also after a second training from other weights. " : ". ") +
                "Likely causes: features that say nothing about the label, a learning rate that is too high or too low, " +
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

    /// <summary>The error of the model over that of the constant; 0 where the constant has none.</summary>
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

    /// <summary>For the classes that the columns are, or for false and true if there is only one.</summary>
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

    /// <summary>The share of a class; one number is that of the second of two.</summary>
    private static double Part(ReadOnlySpan<float> shares, int c) => shares.Length > 1 ? shares[c] : c == 1 ? shares[0] : 1 - shares[0];
}
