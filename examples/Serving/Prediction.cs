namespace BpTrainer.Examples.Serving;

/// <summary>What an answer holds: the species, and the probability of each.</summary>
public sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
