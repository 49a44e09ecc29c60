namespace BpTrainer.Examples.Serving;

/// <summary>A response: the predicted species and the probability of each species.</summary>
public sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
