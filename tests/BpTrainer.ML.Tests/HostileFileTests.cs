using BpTrainer.ML.Tests.Programs;

namespace BpTrainer.ML.Tests;

/// <summary>
/// Thousands of damaged files, always the same: each is refused with a documented error, or loads and can be used, in little time and
/// memory.
/// Millions: <c>dotnet run -c Release --project tests/BpTrainer.ML.Tests.Programs -- fuzz 1000000 2</c>.
/// </summary>
public class HostileFileTests
{
    [Fact]
    public void AreRefusedOrCanBeUsed()
    {
        var fuzzer = new Fuzzer(seed: 1);
        string counts = fuzzer.Run(10_000);
        Assert.True(fuzzer.Failures.Count == 0, string.Join('\n', fuzzer.Failures.Take(10)));

        // Checksums refuse nearly all damage. Behind right ones much is refused all the same, and some can be loaded.
        Assert.All(fuzzer.Kinds, kind =>
        {
            Assert.True(fuzzer.Count(kind, isSealed: false, isLoaded: true) < 20, counts);
            Assert.True(fuzzer.Count(kind, isSealed: true, isLoaded: false) > 100, counts);
            Assert.True(fuzzer.Count(kind, isSealed: true, isLoaded: true) > 20, counts);
        });
    }
}
