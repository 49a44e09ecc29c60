using System.Globalization;

namespace BpTrainer.ML.Tests;

/// <summary>Most of the first training of a process is the compilation of its code; this bounds how much code that is.</summary>
public class ColdStartTests
{
    /// <remarks>
    /// The bounds are counts of 2026 on a processor with AVX-512, rounded up by a twentieth. If a change needs more, look first which
    /// methods are new, by <c>DOTNET_JitStdOutFile=FILE DOTNET_JitDisasmSummary=1</c> before
    /// <c>dotnet exec BpTrainer.ML.Tests.Programs.dll compiled fit</c>: generic code for a second number type or kernel, LINQ over
    /// numbers and structs, or texts that nobody reads. Lower the bound when there are fewer.
    /// </remarks>
    [Theory]
    [InlineData("train", 340)]
    [InlineData("fit", 770)]
    public void FirstTrainingCompilesFewMethods(string what, int most)
    {
        int count = int.Parse(Assert.Single(Processes.Run("compiled", what)), CultureInfo.InvariantCulture);

        Assert.InRange(count, 1, most);
    }
}
