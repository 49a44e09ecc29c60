using System.Reflection;
using System.Runtime.Loader;
using BpTrainer.Kernels;

namespace BpTrainer.Tests;

/// <summary>A kernel can be forced, by the options, the API and the environment, and is then the one that runs.</summary>
public sealed class KernelChoiceTests
{
    public static TheoryData<string> AllSupported => [.. Kinds.Names];

    [Theory]
    [MemberData(nameof(AllSupported))]
    public void OptionsForceAKernel(string kindName)
    {
        KernelKind kind = Kinds.Parse(kindName);
        TrainingResult result = Train(kind, out _);
        Assert.Equal(kind, result.Kernel);
    }

    [Fact]
    public void WithoutAWishTheBestKernelRuns() => Assert.Equal(Kernel.Default, Train(null, out _).Kernel);

    [Fact]
    public void AnotherKernelGivesAnotherRoundingAndTheSameResultButForIt()
    {
        Train(KernelKind.Naive, out Network<float> naive);
        Train(Kernel.Best, out Network<float> best);
        float[] a = Weights(naive);
        float[] b = Weights(best);
        for (int i = 0; i < a.Length; i++)
        {
            Close.Relative(a[i], b[i], 1e-3, $"weight {i}", floor: 0.1);
        }

        // Unless this processor has no vectors at all, the sums are rounded differently: the choice took effect.
        Assert.Equal(Kernel.Best == KernelKind.Naive, a.AsSpan().SequenceEqual(b));
    }

    [Theory]
    [InlineData("naive", nameof(KernelKind.Naive))]
    [InlineData("VECTOR128", nameof(KernelKind.Vector128))]
    public void TheEnvironmentForcesAKernel(string text, string expected)
    {
        if (!Kernel.IsSupported(Enum.Parse<KernelKind>(expected)))
        {
            expected = Kernel.Best.ToString();
            text = "";
        }

        Assert.Equal(expected, DefaultOfFreshAssembly(text).ToString());
    }

    [Fact]
    public void AKernelThatDoesNotExistIsRefused()
    {
        var error = Assert.Throws<TargetInvocationException>(() => DefaultOfFreshAssembly("fast"));
        var refusal = Assert.IsType<PlatformNotSupportedException>(error.InnerException);
        Assert.Contains("BPTRAINER_KERNEL is 'fast'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownKindIsRefused()
    {
        var options = new TrainingOptions { Kernel = (KernelKind)9 };
        Network<float> network = new NetworkBuilder(1).Add(1, Activation.Linear).Build<float>();
        Assert.Throws<PlatformNotSupportedException>(() => new NetworkTrainer<float>(network, options));
    }

    /// <summary>Loads the engine a second time, as a new process would, and asks it for its default.</summary>
    private static object DefaultOfFreshAssembly(string environment)
    {
        // The default of the tests themselves, which run at the same time, is settled before.
        _ = Kernel.Default;
        var context = new AssemblyLoadContext("fresh", isCollectible: false);
        Assembly fresh = context.LoadFromAssemblyPath(typeof(Kernel).Assembly.Location);
        string? before = Environment.GetEnvironmentVariable(Kernel.EnvironmentVariable);
        try
        {
            Environment.SetEnvironmentVariable(Kernel.EnvironmentVariable, environment);
            return fresh.GetType(typeof(Kernel).FullName!)!.GetProperty(nameof(Kernel.Default))!.GetValue(null)!;
        }
        finally
        {
            Environment.SetEnvironmentVariable(Kernel.EnvironmentVariable, before);
        }
    }

    private static float[] Weights(Network<float> network) =>
        [.. Enumerable.Range(0, 20 * 30).Select(i => network.Layers[0].GetWeight(i / 30, i % 30))];

    private static TrainingResult Train(KernelKind? kind, out Network<float> network)
    {
        network = new NetworkBuilder(20).Add(30, Activation.Tanh).Add(1, Activation.Linear).Build<float>(1);
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, 64 * 20).Select(_ => random.NextSingle() - 0.5f)];
        float[] y = [.. Enumerable.Range(0, 64).Select(i => x[i * 20] * x[(i * 20) + 1])];
        var options = new TrainingOptions { Kernel = kind, Epochs = 50, BatchSize = 16, Optimizer = Optimizer.Momentum(0.1) };
        return new NetworkTrainer<float>(network, options).Train(new DataSet<float>(x, 20, y, 1));
    }
}
