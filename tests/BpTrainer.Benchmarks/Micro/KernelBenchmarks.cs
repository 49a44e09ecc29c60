using BenchmarkDotNet.Attributes;

namespace BpTrainer.Benchmarks;

/// <summary>Benchmarks that run once for every kernel that the processor supports.</summary>
public abstract class KernelBenchmarks
{
    /// <summary>The kernels, from the plain one to the widest.</summary>
    public static IEnumerable<KernelKind> Supported => Enum.GetValues<KernelKind>().Where(BpTrainer.Kernel.IsSupported);

    /// <summary>The instructions.</summary>
    [ParamsSource(nameof(Supported))]
    public KernelKind Kernel { get; set; }
}
