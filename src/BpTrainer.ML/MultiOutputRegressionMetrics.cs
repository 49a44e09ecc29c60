using BpTrainer.ML.Training;

namespace BpTrainer.ML;

/// <summary>How well a regression with several outputs predicts: the metrics of every output, and their unweighted means.</summary>
/// <remarks>
/// The means are those of scikit-learn with <c>multioutput='uniform_average'</c>: every output counts the same, whatever its units.
/// </remarks>
public sealed class MultiOutputRegressionMetrics
{
    internal MultiOutputRegressionMetrics(IReadOnlyList<string> slotNames, IReadOnlyList<RegressionMetrics> outputs)
    {
        SlotNames = slotNames;
        Outputs = outputs;
        MeanAbsoluteError = outputs.Average(output => output.MeanAbsoluteError);
        RootMeanSquaredError = outputs.Average(output => output.RootMeanSquaredError);
        RSquared = outputs.Average(output => output.RSquared);
    }

    /// <summary>The slot names of the label, one for each output; empty if it has none.</summary>
    public IReadOnlyList<string> SlotNames { get; }

    /// <summary>
    /// The metrics of every output, in the order of the slots and in the units of the label. As in scikit-learn, if all labels are the
    /// same, R² is 1 if every score equals that label and 0 otherwise, and for a single row it is NaN.
    /// </summary>
    public IReadOnlyList<RegressionMetrics> Outputs { get; }

    /// <summary>The mean of the mean absolute errors of the outputs.</summary>
    public double MeanAbsoluteError { get; }

    /// <summary>The mean of the root mean squared errors of the outputs.</summary>
    public double RootMeanSquaredError { get; }

    /// <summary>The mean of the R² of the outputs.</summary>
    public double RSquared { get; }
}

/// <summary>Compares vectors of scores with vectors of labels, in one pass over the data.</summary>
internal static class MultiOutputEvaluation
{
    public static MultiOutputRegressionMetrics Run(IHostEnvironment environment, IDataView data, string labelColumn, string scoreColumn)
    {
        IHost host = environment.Register(nameof(MultiOutputEvaluation));
        DataViewSchema.Column label = VectorEvaluation.Find(host, data.Schema, "label", labelColumn, NumberDataViewType.Single);
        DataViewSchema.Column score = VectorEvaluation.Find(host, data.Schema, "score", scoreColumn, NumberDataViewType.Single);
        VectorEvaluation.CheckSize(host, label, score, "score");
        OutputErrors[] errors = [.. Enumerable.Range(0, label.Type.GetVectorSize()).Select(_ => new OutputErrors())];
        using IChannel channel = host.Start("Evaluation");
        VectorEvaluation.Run(channel, data, label, [score], (_, labels, values) =>
        {
            for (int i = 0; i < errors.Length; i++)
            {
                errors[i].Add(labels[i], values[0][i]);
            }
        });
        return new MultiOutputRegressionMetrics(ColumnNames.SlotsOf(label), [.. errors.Select(output => output.ToMetrics())]);
    }
}

/// <summary>
/// Sums the errors of one output. The spread of the labels is computed by Welford's method (Technometrics 4, 1962), which stays accurate
/// for labels far from 0.
/// </summary>
internal sealed class OutputErrors
{
    private long _rows;
    private double _absolute;
    private double _squared;
    private double _mean;
    private double _spread;

    public void Add(double label, double score)
    {
        _rows++;
        _absolute += Math.Abs(label - score);
        _squared += (label - score) * (label - score);
        double before = label - _mean;
        _mean += before / _rows;
        _spread += before * (label - _mean);
    }

    public RegressionMetrics ToMetrics()
    {
        double squared = _squared / _rows;
        return new RegressionMetrics(l1: _absolute / _rows, l2: squared, rms: Math.Sqrt(squared), lossFunction: squared, RSquared());
    }

    /// <summary>
    /// R², as scikit-learn defines it for labels without spread, so that one such output does not make the mean over the outputs infinite.
    /// </summary>
    private double RSquared() => (_rows, _spread) switch
    {
        (1, _) => double.NaN,
        (_, 0) => _squared == 0 ? 1 : 0,
        _ => 1 - (_squared / _spread),
    };
}
