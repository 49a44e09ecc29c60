using System.Reflection;
using System.Security.Cryptography;
using BpTrainer.Kernels;
using BpTrainer.ML;

namespace BpTrainer.Orleans.Silos;

/// <summary>What two programs must have in common to compute the same bits.</summary>
internal static class BuildVersion
{
    /// <summary>
    /// The version of the assemblies and a hash of their module versions: the same source, compiled by the same compiler, has the same.
    /// </summary>
    public static string Text { get; } = MakeText(typeof(Network<>).Assembly, typeof(Preset).Assembly, typeof(BuildVersion).Assembly);

    /// <summary>The instructions that networks are computed with: sums of vectors of another size are rounded in another order.</summary>
    public static string Kernel => Kernels.Kernel.Default.ToString();

    private static string MakeText(params Assembly[] assemblies)
    {
        byte[] builds = [.. assemblies.SelectMany(assembly => assembly.ManifestModule.ModuleVersionId.ToByteArray())];
        return $"{assemblies[0].GetName().Version!.ToString(3)}-{Convert.ToHexStringLower(SHA256.HashData(builds))[..8]}";
    }
}
