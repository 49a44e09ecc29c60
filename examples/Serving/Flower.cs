using System.Text.Json.Serialization;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Serving;

/// <summary>A request: the sizes of a flower.</summary>
public sealed class Flower
{
    [VectorType(4)]
    public float[] Features { get; set; } = [];

    /// <summary>The label, which the pipeline maps to a key in training; predictions do not use it.</summary>
    [JsonIgnore]
    public string Species { get; set; } = "";
}
