namespace BpTrainer.ML.Tests;

/// <summary>Networks as bytes, to compare them bit for bit, and what they predict by themselves.</summary>
internal static class Networks
{
    public static byte[] ToBytes(this Network<float> network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }

    /// <summary>The outputs for one row.</summary>
    public static float[] Outputs(this Network<float> network, float[] row)
    {
        var outputs = new float[network.Outputs];
        network.Predict(row, outputs);
        return outputs;
    }
}
