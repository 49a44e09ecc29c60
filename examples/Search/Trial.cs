using System.Globalization;
using BpTrainer.ML;

namespace BpTrainer.Examples.Search;

/// <summary>Options that were tried, and their error.</summary>
/// <param name="Number">The number of the trial, from 0.</param>
/// <param name="Options">The options.</param>
/// <param name="Error">The mean of the root mean squared errors over the folds.</param>
internal sealed record Trial(int Number, BackPropagationRegressionTrainer.Options Options, double Error)
{
    /// <summary>Returns the drawn options as text.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"hidden {Options.HiddenLayers}, rate {Options.Optimizer.LearningRate:G2}, batch {Options.BatchSize}, " +
        $"L2 {Options.Regularization!.L2:G2}, dropout {string.Join('-', Options.Regularization.HiddenDropout)}, " +
        $"networks {Options.Ensemble}");
}
