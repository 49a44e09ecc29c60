using System.Numerics;

namespace BpTrainer.Serialization;

/// <summary>
/// The binary format of a network, version 1: a <see cref="SealedBody"/> with the magic "BPNN". Numbers are little-endian.
/// <code>
/// body:
///   byte     bytes of a number: 4 for float, 8 for double
///   int32    inputs
///   int32    number of layers
///   for each layer
///     int32    units
///     uint16   bytes of the activation's text
///     byte[]   activation as Activation.ToString gives it, UTF-8
///     byte     BiasKind
///   for inputs, then outputs
///     byte     1 if a scaling follows, else 0
///     double   offset and scale of each column
///   for each layer
///     number   weights, inputs × units
///     number   biases, units
///     number   learned slopes, units; only if the activation is prelu
/// </code>
/// </summary>
internal static class NetworkFile
{
    private static readonly SealedBody s_format = new("BPNN", version: 1, "network");

    public static void Write<T>(Network<T> network, Stream stream) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        s_format.Write(stream, writer => NetworkBody.Write(network, writer));
    }

    public static Network<T> Read<T>(Stream stream) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        return s_format.Read(stream, NetworkBody.Read<T>);
    }
}
