namespace BpTrainer.Examples.Optimizers;

/// <summary>The result of one training.</summary>
/// <param name="Epochs">The number of epochs until it stopped.</param>
/// <param name="Seconds">The time of the training alone, including its validation.</param>
/// <param name="Score">The result on the test rows: RMSE for a regression, otherwise the accuracy.</param>
internal sealed record Measurement(double Epochs, double Seconds, double Score);
