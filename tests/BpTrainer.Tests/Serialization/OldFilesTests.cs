namespace BpTrainer.Tests.Serialization;

/// <summary>
/// A file of every format version loads for ever. These were made from the description of the format by a program that
/// knows nothing of the library, and are what the library writes.
/// </summary>
public class OldFilesTests
{
    /// <summary>Worked example A: 2-2-2, logistic, frozen biases, double.</summary>
    private const string Version1Double =
        "QlBOTgEAAACJAAAACAIAAAACAAAAAgAAAAgAbG9naXN0aWMCAgAAAAgAbG9naXN0aWMCAAAzMzMzMzPDPwAAAAAAANA/mpmZmZmZyT8zMzMzMzPTP2ZmZmZmZtY/ZmZm" +
        "ZmZm1j+amZmZmZnZPwAAAAAAAOA/zczMzMzM3D+amZmZmZnhPzMzMzMzM+M/MzMzMzMz4z+yPKKgTXMpO+SW4NjZH7gVk9BOaEDyDMqpOVgQa5q2ZA==";

    /// <summary>1-2-1, ReLU then linear with a shared bias, both scalings, float.</summary>
    private const string Version1Float =
        "QlBOTgEAAABfAAAABAEAAAACAAAAAgAAAAQAcmVsdQABAAAABgBsaW5lYXIBAQAAAAAAAElAmpmZmZmZuT8BAAAAAABAj0B7FK5H4XqEPwAAgD8AAIC/AAAAPwAAgD4A" +
        "AABAAABAQAAAgD9HORYWaMn+FliB8gZo7IKXMfSnb9/D4wRMSfey0I4V5g==";

    [Fact]
    public void A_double_network_of_version_1_predicts_what_it_did()
    {
        double[] outputs = Load<double>(Version1Double).Predict<double>([0.05, 0.10]);
        Close.Absolute(0.751365069552, outputs[0], 1e-12);
        Close.Absolute(0.772928465321, outputs[1], 1e-12);
    }

    [Fact]
    public void A_float_network_of_version_1_predicts_what_it_did()
    {
        // x = 70: (70 − 50)·0.1 = 2; relu(2 + 0.5) = 2.5, relu(−2 + 0.25) = 0; 2·2.5 + 3·0 + 1 = 6; 6/0.01 + 1000 = 1600
        // x = 30: −2; relu(−2 + 0.5) = 0, relu(2 + 0.25) = 2.25; 3·2.25 + 1 = 7.75; 1775
        float[] outputs = Load<float>(Version1Float).Predict<float>([70, 30]);
        Close.Relative(1600, outputs[0], 1e-6);
        Close.Relative(1775, outputs[1], 1e-6);
    }

    [Fact]
    public void The_library_writes_these_very_bytes()
    {
        Assert.Equal(Convert.FromBase64String(Version1Double), Load<double>(Version1Double).ToBytes());
        Assert.Equal(Convert.FromBase64String(Version1Float), Load<float>(Version1Float).ToBytes());
    }

    private static Network<T> Load<T>(string file) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        Network<T>.Load(new MemoryStream(Convert.FromBase64String(file)));
}
