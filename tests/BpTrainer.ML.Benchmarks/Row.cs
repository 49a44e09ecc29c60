namespace BpTrainer.Benchmarks;

/// <summary>A row of a benchmark's data.</summary>
internal sealed class Row
{
    /// <summary>The inputs.</summary>
    public float[] Features { get; set; } = [];

    /// <summary>The number to predict.</summary>
    public float Label { get; set; }

    /// <summary>The class to predict, from 0; ML.NET makes a key of it.</summary>
    public uint Class { get; set; }
}
