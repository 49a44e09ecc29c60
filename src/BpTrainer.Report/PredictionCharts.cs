using BpTrainer.Report.Predictions;

namespace BpTrainer.Report;

/// <summary>
/// Charts of rows that a model has scored, such as test rows: the result of <c>model.Transform(testData)</c>, for models of this or any
/// other package.
/// </summary>
/// <remarks>
/// The columns determine the kind of task: the label is a number, a <see cref="bool"/> or a key. The other columns are Score and, for
/// classes, PredictedLabel and, if the trainer writes it, Probability. Rows without a label or a finite score are left out. All methods
/// throw <see cref="ArgumentException"/> if the columns are those of another task.
/// </remarks>
public static class PredictionCharts
{
    private const string Label = "Label";

    /// <summary>Plots how many rows of each class were predicted as which class.</summary>
    /// <param name="scored">The scored rows, of a binary or multiclass classification.</param>
    /// <param name="labelColumnName">The name of the label column.</param>
    /// <returns>The chart.</returns>
    public static Chart PlotConfusionMatrix(this IDataView scored, string labelColumnName = Label) =>
        new(ClassPlots.Confusion(Read<ClassRows>(scored, labelColumnName)));

    /// <summary>
    /// Plots the ROC curve: the true positive rate against the false positive rate for every threshold. With more than two classes, there
    /// is one curve for each of the eight most frequent classes, against all others.
    /// </summary>
    /// <inheritdoc cref="PlotConfusionMatrix"/>
    public static Chart PlotRoc(this IDataView scored, string labelColumnName = Label) =>
        new(ClassPlots.Roc(ClassPlots.Curves(Read<ClassRows>(scored, labelColumnName))));

    /// <summary>Plots precision against recall for every threshold, for the same classes as <see cref="PlotRoc"/>.</summary>
    /// <inheritdoc cref="PlotConfusionMatrix"/>
    public static Chart PlotPrecisionRecall(this IDataView scored, string labelColumnName = Label) =>
        new(ClassPlots.PrecisionRecall(ClassPlots.Curves(Read<ClassRows>(scored, labelColumnName))));

    /// <summary>
    /// Plots how often predicted probabilities came true, in ten bins of equal width: with two classes the probability of the positive
    /// class, with more classes that of the predicted class.
    /// </summary>
    /// <inheritdoc cref="PlotConfusionMatrix"/>
    public static Chart PlotReliability(this IDataView scored, string labelColumnName = Label)
    {
        ClassRows rows = Read<ClassRows>(scored, labelColumnName);
        return rows.AreProbabilities
            ? new(ClassPlots.Reliability([(null, rows.Reliability())], ClassPlots.ProbabilityTitle(rows)))
            : throw new ArgumentException("The scores are not probabilities; a calibrator turns them into probabilities.", nameof(scored));
    }

    /// <summary>Plots the prediction of each row against its label.</summary>
    /// <param name="scored">The scored rows, of a regression.</param>
    /// <param name="labelColumnName">The column of the labels.</param>
    /// <param name="unit">The unit of the label for the axes, such as "km". Default: none.</param>
    /// <returns>The chart.</returns>
    public static Chart PlotPredictedAgainstActual(this IDataView scored, string labelColumnName = Label, string? unit = null) =>
        new(RegressionPlots.PredictedAgainstActual(Read<RegressionRows>(scored, labelColumnName), unit));

    /// <summary>Plots the error of each row, predicted minus actual, against its prediction.</summary>
    /// <inheritdoc cref="PlotPredictedAgainstActual"/>
    public static Chart PlotResiduals(this IDataView scored, string labelColumnName = Label, string? unit = null) =>
        new(RegressionPlots.Residuals(Read<RegressionRows>(scored, labelColumnName), unit));

    /// <summary>Plots how many rows have an error of each size.</summary>
    /// <inheritdoc cref="PlotPredictedAgainstActual"/>
    public static Chart PlotErrorHistogram(this IDataView scored, string labelColumnName = Label, string? unit = null) =>
        new(RegressionPlots.ErrorHistogram(Read<RegressionRows>(scored, labelColumnName), unit));

    /// <summary>Plots the label against the only feature, and the curve that the model predicts.</summary>
    /// <param name="featureColumnName">The name of the feature column: a number, or a vector with one slot.</param>
    /// <exception cref="ArgumentException">The column has another type.</exception>
    /// <inheritdoc cref="PlotPredictedAgainstActual"/>
    public static Chart PlotFittedCurve(
        this IDataView scored, string labelColumnName = Label, string featureColumnName = "Features", string? unit = null)
    {
        RegressionRows rows = Read<RegressionRows>(scored, labelColumnName, featureColumnName);
        return rows.Feature is null
            ? throw new ArgumentException($"'{featureColumnName}' must be a number or a vector with one slot.", nameof(featureColumnName))
            : new(RegressionPlots.Fit(rows, rows.Feature, ScoredReader.SlotNames(scored.Schema[featureColumnName])[0], unit));
    }

    private static TRows Read<TRows>(IDataView scored, string label, string? feature = null) where TRows : ScoredRows
    {
        ArgumentNullException.ThrowIfNull(scored);
        ArgumentNullException.ThrowIfNull(label);
        return ScoredReader.Read(scored, label, feature) is [(_, TRows rows)]
            ? rows
            : throw new ArgumentException(
                $"The rows are not those of a {(typeof(TRows) == typeof(ClassRows) ? "classification" : "regression")} with one label.",
                nameof(scored));
    }
}
