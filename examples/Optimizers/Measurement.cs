namespace BpTrainer.Examples.Optimizers;

/// <summary>What one training reached.</summary>
/// <param name="Epochs">The epochs until it stopped.</param>
/// <param name="Seconds">The time of the training alone, with its validation.</param>
/// <param name="Score">On the test rows: RMSE for a regression, else the share of rows whose class is right.</param>
internal sealed record Measurement(double Epochs, double Seconds, double Score);
