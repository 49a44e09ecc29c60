using BpTrainer.Kernels;

namespace BpTrainer.Tests;

/// <summary>The kernels that this processor supports, for theories: each runs through the same tests.</summary>
internal static class Kinds
{
    public static IEnumerable<KernelKind> Supported => Enum.GetValues<KernelKind>().Where(Kernel.IsSupported);

    /// <summary>Their names: test methods are public, and the kind of a kernel is not.</summary>
    public static IEnumerable<string> Names => Supported.Select(kind => kind.ToString());

    public static KernelKind Parse(string name) => Enum.Parse<KernelKind>(name);
}
