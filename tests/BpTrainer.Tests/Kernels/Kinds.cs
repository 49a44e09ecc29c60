namespace BpTrainer.Tests;

/// <summary>The kernels that this processor supports, for theories: each runs through the same tests.</summary>
internal static class Kinds
{
    public static IEnumerable<KernelKind> Supported => Enum.GetValues<KernelKind>().Where(Kernel.IsSupported);
}
