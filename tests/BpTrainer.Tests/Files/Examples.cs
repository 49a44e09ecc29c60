using System.Numerics;
using System.Security.Cryptography;

namespace BpTrainer.Tests.Files;

/// <summary>Files to damage.</summary>
internal static class Examples
{
    private const int HeaderBytes = 12, HashBytes = 32;

    /// <summary>A small network with all that a file can hold.</summary>
    public static Network<T> Network<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => new NetworkBuilder(2)
        .Add(3, Activation.Tanh)
        .Add(new LayerSpec(2, Activation.Softmax) { Bias = BiasKind.Shared })
        .ScaleInputs(new ColumnScaling([1, 2], [3, 4], [0, -5], [2, 7]))
        .ScaleOutputs(new ColumnScaling([-1, 0], [1, 0.5]))
        .Build<T>(seed: 1);

    /// <summary>The bytes between the header and the checksum.</summary>
    public static Range Body(byte[] file) => HeaderBytes..(file.Length - HashBytes);

    /// <summary>Makes the checksum of a changed body right again.</summary>
    public static byte[] Reseal(byte[] file)
    {
        SHA256.HashData(file.AsSpan(Body(file))).CopyTo(file.AsSpan(file.Length - HashBytes));
        return file;
    }
}
