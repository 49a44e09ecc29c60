using System.Numerics;

namespace BpTrainer.Serialization;

/// <summary>
/// The binary format of an ensemble, version 1: a <see cref="SealedBody"/> with the magic "BPNE".
/// <code>
/// body:
///   int32    number of networks
///   for each network
///     byte[] the network, as <see cref="NetworkFile"/> describes it
/// </code>
/// </summary>
internal static class EnsembleFile
{
    private static readonly SealedBody s_format = new("BPNE", version: 1, "ensemble");

    public static void Write<T>(NetworkEnsemble<T> ensemble, Stream stream) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        s_format.Write(stream, writer =>
        {
            writer.Write(ensemble.Networks.Count);
            writer.Flush();
            foreach (Network<T> network in ensemble.Networks)
            {
                network.Save(writer.BaseStream);
            }
        });
    }

    public static NetworkEnsemble<T> Read<T>(Stream stream) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        return s_format.Read(stream, reader =>
        {
            int count = reader.ReadInt32();
            var networks = new List<Network<T>>();
            while (networks.Count < count)
            {
                networks.Add(Network<T>.Load(reader.BaseStream));
            }

            try
            {
                return new NetworkEnsemble<T>(networks);
            }
            catch (ArgumentException error)
            {
                throw new InvalidDataException($"The ensemble makes no sense. {error.Message}", error);
            }
        });
    }
}
