using BpTrainer.ML.Training;

namespace BpTrainer.ML;

/// <summary>How well a multi-label classification predicts.</summary>
/// <remarks>
/// The definitions are those of Tsoumakas, Katakis and Vlahavas, Mining Multi-label Data (Data Mining and Knowledge Discovery Handbook,
/// 2010). TP is the number of rows in which a label is present and predicted, FP the number in which it is predicted but not present, and
/// FN the number in which it is present but not predicted. F1 is 2TP / (2TP + FP + FN), the harmonic mean of precision and recall. As in
/// scikit-learn, it is 0 for a label that is never present and never predicted.
/// </remarks>
public sealed class MultiLabelClassificationMetrics
{
    internal MultiLabelClassificationMetrics(IReadOnlyList<string> slotNames, LabelCounts[] labels, double subsetAccuracy, double logLoss)
    {
        SlotNames = slotNames;
        F1Scores = Array.ConvertAll(labels, label => label.F1);
        HammingLoss = labels.Average(label => label.ErrorRate);
        SubsetAccuracy = subsetAccuracy;
        MicroF1 = labels.Aggregate((one, other) => one + other).F1;
        MacroF1 = F1Scores.Average();
        LogLoss = logLoss;
    }

    /// <summary>The slot names of the label; empty if it has none.</summary>
    public IReadOnlyList<string> SlotNames { get; }

    /// <summary>The F1 of every label, in the order of the slots.</summary>
    public IReadOnlyList<double> F1Scores { get; }

    /// <summary>The share of all labels of all rows that are predicted incorrectly.</summary>
    public double HammingLoss { get; }

    /// <summary>The share of rows whose labels are all predicted correctly.</summary>
    public double SubsetAccuracy { get; }

    /// <summary>F1 of the sums of TP, FP and FN over the labels: every prediction counts the same, so frequent labels count more.</summary>
    public double MicroF1 { get; }

    /// <summary>The mean of <see cref="F1Scores"/>: every label counts the same.</summary>
    public double MacroF1 { get; }

    /// <summary>
    /// The mean over rows and labels of −ln p, where p is the predicted probability of the true value of the label. A p below 2⁻²³, the
    /// machine epsilon of <see cref="float"/>, counts as 2⁻²³.
    /// </summary>
    public double LogLoss { get; }
}

/// <summary>The numbers of rows in which a label is predicted correctly or incorrectly.</summary>
internal readonly record struct LabelCounts(long TruePositives, long FalsePositives, long FalseNegatives, long TrueNegatives)
{
    public double F1 => TruePositives == 0 ? 0 : 2.0 * TruePositives / ((2 * TruePositives) + FalsePositives + FalseNegatives);

    public double ErrorRate =>
        (double)(FalsePositives + FalseNegatives) / (TruePositives + FalsePositives + FalseNegatives + TrueNegatives);

    public static LabelCounts operator +(LabelCounts one, LabelCounts other) => new(
        one.TruePositives + other.TruePositives, one.FalsePositives + other.FalsePositives,
        one.FalseNegatives + other.FalseNegatives, one.TrueNegatives + other.TrueNegatives);

    public static LabelCounts Of(bool isThere, bool isPredicted) => (isThere, isPredicted) switch
    {
        (true, true) => new(1, 0, 0, 0),
        (false, true) => new(0, 1, 0, 0),
        (true, false) => new(0, 0, 1, 0),
        (false, false) => new(0, 0, 0, 1),
    };
}

/// <summary>Compares vectors of predicted labels and probabilities with vectors of labels, in one pass over the data.</summary>
internal static class MultiLabelEvaluation
{
    /// <summary>The machine epsilon of <see cref="float"/>, which keeps logarithms finite, as in scikit-learn.</summary>
    private const double Epsilon = 1.0 / (1 << 23);

    public static MultiLabelClassificationMetrics Run(
        IHostEnvironment environment, IDataView data, string labelColumn, string probabilityColumn, string predictedLabelColumn)
    {
        IHost host = environment.Register(nameof(MultiLabelEvaluation));
        DataViewType single = NumberDataViewType.Single, boolean = BooleanDataViewType.Instance;
        DataViewSchema.Column label = VectorEvaluation.Find(host, data.Schema, "label", labelColumn, boolean, single);
        DataViewSchema.Column probability = VectorEvaluation.Find(host, data.Schema, "probability", probabilityColumn, single);
        DataViewSchema.Column predicted = VectorEvaluation.Find(host, data.Schema, "predicted label", predictedLabelColumn, boolean);
        VectorEvaluation.CheckSize(host, label, probability, "probability");
        VectorEvaluation.CheckSize(host, label, predicted, "predicted label");
        var counts = new LabelCounts[label.Type.GetVectorSize()];
        long rows = 0, exact = 0;
        double logLoss = 0;
        using IChannel channel = host.Start("Evaluation");
        VectorEvaluation.Run(channel, data, label, [probability, predicted], (position, labels, values) =>
        {
            rows++;
            exact += labels.AsSpan().SequenceEqual(values[1]) ? 1 : 0;
            for (int i = 0; i < labels.Length; i++)
            {
                if (labels[i] is not (0 or 1))
                {
                    throw channel.Except(FormattableString.Invariant(
                        $"Column '{label.Name}' has the label {labels[i]} in slot {i} of row {position}, but each must be 0 or 1."));
                }

                counts[i] += LabelCounts.Of(labels[i] == 1, values[1][i] == 1);
                logLoss -= Math.Log(Math.Max(labels[i] == 1 ? values[0][i] : 1 - (double)values[0][i], Epsilon));
            }
        });
        return new MultiLabelClassificationMetrics(
            ColumnNames.SlotsOf(label), counts, (double)exact / rows, logLoss / rows / counts.Length);
    }
}
