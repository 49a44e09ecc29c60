using System.Text.Json;

namespace BpTrainer.Benchmarks.Plots;

/// <summary>A line of <c>BpTrainer.Benchmarks scaling</c>, as far as it is drawn.</summary>
internal sealed record ScalingPoint(
    string Axis, string Title, double Value, int MostThreads, double SecondsPerEpoch, double CpuSecondsPerEpoch, double PeakBytes)
{
    private static readonly JsonSerializerOptions s_names = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads a file of JSON lines.</summary>
    public static IReadOnlyList<ScalingPoint> Read(string file) =>
        [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<ScalingPoint>(line, s_names)!)];
}
