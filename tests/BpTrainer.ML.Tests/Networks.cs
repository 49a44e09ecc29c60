namespace BpTrainer.ML.Tests;

/// <summary>Networks as bytes, to compare them bit for bit.</summary>
internal static class Networks
{
    public static byte[] ToBytes(this Network<float> network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }
}
