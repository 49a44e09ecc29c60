namespace BpTrainer.ML.Tests;

/// <summary>Who trains and predicts for days needs no more memory than who does it once.</summary>
public class SoakTests
{
    /// <summary>The least network of the program takes 4 kB, so that 180 of them, were they kept, would take three times this. A byte a prediction would take four times this.</summary>
    private const long Tolerance = 250_000;

    [Fact]
    public void TwoHundredFitsAndAMillionPredictionsEndWithTheMemoryOfTheFirstTwenty()
    {
        long[] bytes = [.. Processes.Run("BpTrainer.ML.Tests.Soak.dll").Select(long.Parse)];
        Assert.Equal(10, bytes.Length);
        Assert.All(bytes, left => Assert.InRange(left, 1, bytes[0] + Tolerance));
    }
}
