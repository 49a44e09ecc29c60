using System.Security.Cryptography;
using System.Text;

namespace BpTrainer.Tests.Files;

/// <summary>Files written here by hand, as the description of the formats says, are loaded, and are what the library writes.</summary>
public class FormatTests
{
    /// <summary>1-2-1, ReLU then linear with a shared bias, both scalings.</summary>
    private static readonly byte[] s_small = Block("BPNN", body =>
    {
        body.Write((byte)sizeof(float));
        body.Write(1);
        body.Write(2);
        WriteLayer(body, 2, "relu", BiasKind.PerUnit);
        WriteLayer(body, 1, "linear", BiasKind.Shared);
        WriteScaling(body, offset: 50, scale: 0.1);
        WriteScaling(body, offset: 1000, scale: 0.01);
        body.Write(false);
        foreach (float number in new[] { 1, -1, 0.5f, 0.25f, 2, 3, 1 })
        {
            body.Write(number);
        }
    });

    [Fact]
    public void ADoubleNetwork()
    {
        // Worked example A: 2-2-2, logistic, frozen biases.
        byte[] file = Block("BPNN", body =>
        {
            body.Write((byte)sizeof(double));
            body.Write(2);
            body.Write(2);
            WriteLayer(body, 2, "logistic", BiasKind.Frozen);
            WriteLayer(body, 2, "logistic", BiasKind.Frozen);
            body.Write(false);
            body.Write(false);
            body.Write(false);
            foreach (double number in new[] { 0.15, 0.25, 0.20, 0.30, 0.35, 0.35, 0.40, 0.50, 0.45, 0.55, 0.60, 0.60 })
            {
                body.Write(number);
            }
        });
        Network<double> network = Network<double>.Load(new MemoryStream(file));
        double[] outputs = network.Predict<double>([0.05, 0.10]);
        Close.Absolute(0.751365069552, outputs[0], 1e-12);
        Close.Absolute(0.772928465321, outputs[1], 1e-12);
        Assert.Equal(file, network.ToBytes());
    }

    [Fact]
    public void AFloatNetwork()
    {
        // x = 70: (70 − 50)·0.1 = 2; relu(2 + 0.5) = 2.5, relu(−2 + 0.25) = 0; 2·2.5 + 3·0 + 1 = 6; 6/0.01 + 1000 = 1600
        // x = 30: −2; relu(−2 + 0.5) = 0, relu(2 + 0.25) = 2.25; 3·2.25 + 1 = 7.75; 1775
        Network<float> network = Network<float>.Load(new MemoryStream(s_small));
        float[] outputs = network.Predict<float>([70, 30]);
        Close.Relative(1600, outputs[0], 1e-6);
        Close.Relative(1775, outputs[1], 1e-6);
        Assert.Equal(s_small, network.ToBytes());
    }

    [Fact]
    public void ANetworkWithAnEncoding()
    {
        // x = 20: codes 0.35·(0, ½, ½); 0.1·20 + 0.35·(½·3 + ½·5) + 1 = 4.4
        // x = 5: codes 0.35·(½, ½, 0); 0.1·5 + 0.35·(½·2 + ½·3) + 1 = 2.375
        byte[] file = Block("BPNN", body =>
        {
            body.Write((byte)sizeof(double));
            body.Write(1);
            body.Write(1);
            WriteLayer(body, 1, "linear", BiasKind.PerUnit);
            body.Write(false);
            body.Write(false);
            body.Write(true);
            body.Write(3);
            foreach (double number in new[] { 0, 10, 30, 0.1, 2, 3, 5, 1 })
            {
                body.Write(number);
            }
        });
        Network<double> network = Network<double>.Load(new MemoryStream(file));
        double[] outputs = network.Predict<double>([20, 5]);
        Close.Absolute(4.4, outputs[0], 1e-12);
        Close.Absolute(2.375, outputs[1], 1e-12);
        Assert.Equal(file, network.ToBytes());
    }

    [Fact]
    public void AnEnsemble()
    {
        byte[] file = Block("BPNE", body =>
        {
            body.Write(2);
            body.Write(0.25);
            body.Write(0.75);
            body.Write(s_small);
            body.Write(s_small);
        });
        NetworkEnsemble<float> ensemble = NetworkEnsemble<float>.Load(new MemoryStream(file));
        Assert.Equal(2, ensemble.Networks.Count);
        Assert.Equal([0.25, 0.75], ensemble.Weights);
        using var saved = new MemoryStream();
        ensemble.Save(saved);
        Assert.Equal(file, saved.ToArray());
    }

    private static byte[] Block(string magic, Action<BinaryWriter> writeBody)
    {
        var body = new MemoryStream();
        writeBody(new BinaryWriter(body));
        byte[] bytes = body.ToArray();
        return [.. Encoding.ASCII.GetBytes(magic), 1, 0, 0, 0, .. BitConverter.GetBytes(bytes.Length), .. bytes, .. SHA256.HashData(bytes)];
    }

    private static void WriteLayer(BinaryWriter body, int units, string activation, BiasKind bias)
    {
        body.Write(units);
        body.Write((byte)activation.Length);
        body.Write(Encoding.ASCII.GetBytes(activation));
        body.Write((byte)bias);
    }

    private static void WriteScaling(BinaryWriter body, double offset, double scale)
    {
        body.Write(true);
        body.Write(offset);
        body.Write(scale);
    }
}
