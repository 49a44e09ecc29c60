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
