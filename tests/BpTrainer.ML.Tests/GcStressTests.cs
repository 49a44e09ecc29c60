namespace BpTrainer.ML.Tests;

/// <summary>Nothing reads memory that the garbage collector has taken back. In a process of its own, which a fault would end.</summary>
public class GcStressTests
{
    private const string Seconds = "10";

    [Fact]
    public void NoBitIsWrongWhileTheCollectorTakesBackWhatWasJustUsed() =>
        Assert.Contains(Processes.Run("stress", Seconds), line => line.Contains("ML.NET, rows", StringComparison.Ordinal));
}
