namespace BpTrainer.Tests.Architecture;

/// <summary>Nothing is left to the compiler that changes a result from one run to the next.</summary>
public class RoundingTests
{
    /// <summary>.NET's estimates may be rounded otherwise when a method is optimized than before.</summary>
    [Fact]
    public void NoEstimateIsUsed() => new SourceFolders("BpTrainer").AssertNoFileHas("Estimate(");
}
