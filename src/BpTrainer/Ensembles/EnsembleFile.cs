using BpTrainer.Files;

namespace BpTrainer.Ensembles;

/// <summary>
/// The binary format of an ensemble: a <see cref="ChecksummedBlock"/> with the magic "BPNE".
/// <code>
/// body:
///   int32    number of networks
///   double[] the weight of each network
///   for each network
///     byte[] the network, as NetworkFile describes it
/// </code>
/// </summary>
internal static class EnsembleFile
{
    private static readonly ChecksummedBlock s_block = new("BPNE", "ensemble");

    public static void Write<T>(NetworkEnsemble<T> ensemble, Stream stream) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        s_block.Write(stream, writer =>
        {
            writer.Write(ensemble.Networks.Count);
            foreach (double weight in ensemble.Weights)
            {
                writer.Write(weight);
            }

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
        return s_block.Read(stream, reader =>
        {
            var networks = new Network<T>[reader.ReadCount("networks", 1, sizeof(double) + ChecksummedBlock.LeastBytes)];
            var weights = new double[networks.Length];
            reader.Read<double>(weights);
            for (int k = 0; k < networks.Length; k++)
            {
                networks[k] = Network<T>.Load(reader.Rest);
            }

            return reader.Make(() => new NetworkEnsemble<T>(networks, weights));
        });
    }
}
