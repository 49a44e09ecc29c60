using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace BpTrainer.Tests.Files;

/// <summary>The JSON of a network says all that is in it.</summary>
public class NetworkJsonTests
{
    [Fact]
    public void ASmallNetworkIsThisText()
    {
        Network<double> network = Networks.Of(
            BiasKind.Shared,
            new GivenLayer(Activation.Tanh, new[,] { { 0.1, -2 }, { 1e-300, 3 } }, [0.5, 0.5]),
            new GivenLayer(Activation.Linear, new[,] { { 1.0 / 3 }, { 0 } }, [-1]));
        const string Expected = """
            {
              "format": "BpTrainer network",
              "version": 1,
              "number": "double",
              "inputs": 2,
              "outputs": 1,
              "parameters": 8,
              "inputScaling": null,
              "inputEncoding": null,
              "layers": [
                {
                  "inputs": 2,
                  "units": 2,
                  "activation": "tanh",
                  "bias": "Shared",
                  "weights": [
                    [
                      0.1,
                      -2
                    ],
                    [
                      1E-300,
                      3
                    ]
                  ],
                  "biases": [
                    0.5,
                    0.5
                  ]
                },
                {
                  "inputs": 2,
                  "units": 1,
                  "activation": "linear",
                  "bias": "Shared",
                  "weights": [
                    [
                      0.3333333333333333
                    ],
                    [
                      0
                    ]
                  ],
                  "biases": [
                    -1
                  ]
                }
              ],
              "outputScaling": null
            }
            """;
        Assert.Equal(Expected.ReplaceLineEndings(), network.ToJson().ReplaceLineEndings());
    }

    [Fact]
    public void LearnedSlopesAreThereAndOnlyWhereThereAreAny()
    {
        Network<double> network = new NetworkBuilder(1).Add(2, Activation.PReLU()).Add(1, Activation.LeakyReLU()).Build<double>();
        network.Layers[0].SetSlope(1, -0.5);
        JsonElement layers = JsonDocument.Parse(network.ToJson()).RootElement.GetProperty("layers");
        Assert.Equal([0.25, -0.5], layers[0].GetProperty("slopes").EnumerateArray().Select(slope => slope.GetDouble()));
        Assert.Equal("leaky-relu(0.01)", layers[1].GetProperty("activation").GetString());
        Assert.False(layers[1].TryGetProperty("slopes", out _));
    }

    [Fact]
    public void EveryFloatComesBack() => AssertAllThere(Examples.Network<float>(), "float");

    [Fact]
    public void EveryDoubleComesBack() => AssertAllThere(Examples.Network<double>(), "double");

    [Fact]
    public void AStreamGetsTheSameTextAndStaysOpen()
    {
        Network<float> network = Examples.Network<float>();
        using var stream = new MemoryStream();
        network.SaveJson(stream);
        Assert.True(stream.CanWrite);
        Assert.Equal(network.ToJson(), Encoding.UTF8.GetString(stream.ToArray()));
        Assert.Throws<ArgumentNullException>("stream", () => network.SaveJson((Stream)null!));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void WhatIsNoNumberIsAString(float weight, string text)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            // Where infinity is ∞ and the decimal point a comma, the text is the same.
            CultureInfo.CurrentCulture =
                new CultureInfo("de-DE") { NumberFormat = { NaNSymbol = "?", PositiveInfinitySymbol = "∞", NumberDecimalSeparator = "," } };
            Network<float> network = Examples.Network<float>();
            network.Layers[0].SetWeight(1, 2, weight);
            network.Layers[0].SetWeight(0, 0, 0.25f);
            using var json = JsonDocument.Parse(network.ToJson());
            JsonElement weights = json.RootElement.GetProperty("layers")[0].GetProperty("weights");
            Assert.Equal(text, weights[1][2].GetString());
            Assert.Equal(0.25f, weights[0][0].GetSingle());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void AssertAllThere<T>(Network<T> network, string number) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var json = JsonDocument.Parse(network.ToJson());
        JsonElement root = json.RootElement;
        Assert.Equal(number, root.GetProperty("number").GetString());
        Assert.Equal(network.ParameterCount, root.GetProperty("parameters").GetInt32());
        Assert.Equal(network.InputScaling!.Offsets.ToArray(), Numbers(root.GetProperty("inputScaling").GetProperty("offsets")));
        Assert.Equal(network.InputScaling.Lowest.ToArray(), Numbers(root.GetProperty("inputScaling").GetProperty("lowest")));
        Assert.Equal(network.InputScaling.Highest.ToArray(), Numbers(root.GetProperty("inputScaling").GetProperty("highest")));
        Assert.False(root.GetProperty("outputScaling").TryGetProperty("lowest", out _));
        Assert.Equal(network.OutputScaling!.Scales.ToArray(), Numbers(root.GetProperty("outputScaling").GetProperty("scales")));
        Assert.Equal(network.Layers.Count, root.GetProperty("layers").GetArrayLength());
        for (int k = 0; k < network.Layers.Count; k++)
        {
            Layer<T> layer = network.Layers[k];
            JsonElement element = root.GetProperty("layers")[k];
            Assert.Equal(layer.Activation, Activation.Parse(element.GetProperty("activation").GetString()!));
            Assert.Equal(layer.Bias, Enum.Parse<BiasKind>(element.GetProperty("bias").GetString()!));
            for (int o = 0; o < layer.Outputs; o++)
            {
                Assert.Equal(layer.GetBias(o), Number<T>(element.GetProperty("biases")[o]));
                for (int i = 0; i < layer.Inputs; i++)
                {
                    Assert.Equal(layer.GetWeight(i, o), Number<T>(element.GetProperty("weights")[i][o]));
                }
            }
        }
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetDouble())];

    private static T Number<T>(JsonElement element) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? T.CreateChecked(element.GetSingle()) : T.CreateChecked(element.GetDouble());
}
