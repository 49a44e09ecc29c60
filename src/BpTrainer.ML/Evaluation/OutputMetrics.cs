namespace BpTrainer.ML;

/// <summary>How well one output of a regression is predicted, over the rows i of the data, with labels yᵢ, scores aᵢ and the mean label ȳ.</summary>
/// <param name="Name">The slot name of the label, or the number of the output, from 0, where it has none.</param>
/// <param name="MeanAbsoluteError">(1/n) Σ |yᵢ − aᵢ|, in the units of the label.</param>
/// <param name="RootMeanSquaredError">√((1/n) Σ (yᵢ − aᵢ)²), in the units of the label.</param>
/// <param name="RSquared">
/// 1 − Σ (yᵢ − aᵢ)² / Σ (yᵢ − ȳ)²; 1 is perfect, 0 as good as the mean. Where all labels are the same it is 1 if every score is that label, else 0,
/// and of a single row it is NaN, as with scikit-learn.
/// </param>
public sealed record OutputMetrics(string Name, double MeanAbsoluteError, double RootMeanSquaredError, double RSquared);
