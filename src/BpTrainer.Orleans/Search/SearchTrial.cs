namespace BpTrainer.Orleans;

/// <summary>A trial of a search that is over.</summary>
/// <param name="Number">The number of the trial, from 0.</param>
/// <param name="Folds">
/// The figures of every fold, by their names: root mean squared error, mean absolute error and R² of a regression; log-loss, accuracy and
/// area under the ROC curve of a binary classification; log-loss, micro and macro accuracy of a multiclass classification.
/// </param>
/// <param name="Error">
/// The mean over the folds of the figure that ranks the trials: the root mean squared error or the log-loss. NaN for a trial that failed.
/// </param>
/// <param name="Failure">Why the trial failed; null if it did not.</param>
public sealed record SearchTrial(int Number, IReadOnlyList<IReadOnlyDictionary<string, double>> Folds, double Error, string? Failure);

/// <summary>Something that has happened in a search.</summary>
/// <param name="Trial">The number of the trial, from 0.</param>
/// <param name="Fold">The number of the fold, from 0.</param>
/// <param name="Epoch">The epoch that is over, from 1; at most one a second is told. Null when the fold is over.</param>
/// <param name="Loss">The training loss of the epoch, or the figure of the fold that ranks the trials.</param>
/// <param name="Worker">The name of the worker; null for this machine.</param>
public sealed record SearchProgress(int Trial, int Fold, int? Epoch, double Loss, string? Worker);
