namespace BpTrainer.ML;

/// <summary>How well a regression with several outputs predicts: the figures of every output, and their plain means.</summary>
/// <remarks>The means are those of scikit-learn with <c>multioutput='uniform_average'</c>: every output counts the same, whatever its units.</remarks>
public sealed class MultiOutputRegressionMetrics
{
    internal MultiOutputRegressionMetrics(IReadOnlyList<OutputMetrics> outputs)
    {
        Outputs = outputs;
        MeanAbsoluteError = outputs.Average(output => output.MeanAbsoluteError);
        RootMeanSquaredError = outputs.Average(output => output.RootMeanSquaredError);
        RSquared = outputs.Average(output => output.RSquared);
    }

    /// <summary>The figures of every output, in the order of the slots.</summary>
    public IReadOnlyList<OutputMetrics> Outputs { get; }

    /// <summary>The mean of the mean absolute errors of the outputs.</summary>
    public double MeanAbsoluteError { get; }

    /// <summary>The mean of the root mean squared errors of the outputs.</summary>
    public double RootMeanSquaredError { get; }

    /// <summary>The mean of the R² of the outputs.</summary>
    public double RSquared { get; }
}

/// <summary>How well one output of a regression is predicted, over the rows i of the data, with labels yᵢ, scores aᵢ and the mean label ȳ.</summary>
/// <param name="Name">The slot name of the label, or the number of the output, from 0, where it has none.</param>
/// <param name="MeanAbsoluteError">(1/n) Σ |yᵢ − aᵢ|, in the units of the label.</param>
/// <param name="RootMeanSquaredError">√((1/n) Σ (yᵢ − aᵢ)²), in the units of the label.</param>
/// <param name="RSquared">
/// 1 − Σ (yᵢ − aᵢ)² / Σ (yᵢ − ȳ)²; 1 is perfect, 0 as good as the mean. Where all labels are the same it is 1 if every score is that label, else 0,
/// and of a single row it is NaN, as with scikit-learn.
/// </param>
public sealed record OutputMetrics(string Name, double MeanAbsoluteError, double RootMeanSquaredError, double RSquared);
