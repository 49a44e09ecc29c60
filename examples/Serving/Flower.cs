using System.Text.Json.Serialization;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Serving;

/// <summary>What a request holds: the sizes of a flower.</summary>
public sealed class Flower
{
    [VectorType(4)]
    public float[] Features { get; set; } = [];

    /// <summary>The label, which the pipeline maps to a key when it trains; a prediction has no use for it.</summary>
    [JsonIgnore]
    public string Species { get; set; } = "";
}
