using BenchmarkDotNet.Attributes;
using BpTrainer.Kernels;

namespace BpTrainer.Benchmarks;

/// <summary>Benchmarks that run once for every kernel that the processor supports.</summary>
public abstract class KernelBenchmarks
{
    /// <summary>The kernels, from the plain one to the widest.</summary>
    public static IEnumerable<string> Supported =>
        Enum.GetValues<KernelKind>().Where(Kernels.Kernel.IsSupported).Select(kind => kind.ToString());

    /// <summary>The instructions.</summary>
    [ParamsSource(nameof(Supported))]
    public string Kernel { get; set; } = "";

    internal KernelKind Kind => Enum.Parse<KernelKind>(Kernel);
}
