using System.Globalization;
using BpTrainer.Activations;

namespace BpTrainer.Tests.Options;

/// <summary>Activations have a text form that is read back.</summary>
public class ActivationTests
{
    public static TheoryData<string> Texts => [.. Activations.All.Select(activation => activation.ToString())];

    [Theory]
    [InlineData("linear")]
    [InlineData("logistic")]
    [InlineData("tanh")]
    [InlineData("relu")]
    [InlineData("softmax")]
    [InlineData("exponential")]
    [InlineData("selu")]
    [InlineData("softplus")]
    [InlineData("gelu")]
    [InlineData("silu")]
    [InlineData("mish")]
    [InlineData("hard-limit")]
    public void ANameIsReadInAnyCaseAndWrittenInLowerCase(string name)
    {
        Assert.Equal(name, Activation.Parse(name).ToString());
        Assert.Equal(Activation.Parse(name), Activation.Parse($" {name.ToUpperInvariant()} "));
    }

    /// <summary>The tests of every activation go over <see cref="Activations.All"/>.</summary>
    [Fact]
    public void EveryActivationHasANameAndIsTested()
    {
        IEnumerable<Type> types = typeof(Activation).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Activation)));
        Assert.Equal(types.ToHashSet(), Activations.All.Select(activation => activation.GetType()).ToHashSet());
        Assert.Equal(ActivationText.Names.ToHashSet(), Activations.All.Select(activation => activation.Name).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void ATextIsReadBackInAnyCulture(string text)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Activation activation = Activation.Parse(text);
            Assert.Equal(text, activation.ToString());
            Assert.Equal(activation, Activation.Parse(activation.ToString()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void ParametersMakeActivationsEqualOrNot()
    {
        Assert.Equal("leaky-relu(0.01)", Activation.LeakyReLU().ToString());
        Assert.Equal("logistic(2;0.5)", Activation.ScaledLogistic(2, 0.5).ToString());
        Assert.Equal("elu(1)", Activation.Elu().ToString());
        Assert.Equal("prelu(0.25)", Activation.PReLU().ToString());
        Assert.Equal(Activation.Logistic, Activation.ScaledLogistic());
        Assert.Equal(Activation.LeakyReLU(0.1 + 0.2), Activation.Parse(Activation.LeakyReLU(0.1 + 0.2).ToString()));
        Assert.NotEqual(Activation.LeakyReLU(0.1), Activation.LeakyReLU(0.2));
        Assert.NotEqual(Activation.Logistic, Activation.ScaledLogistic(1, 2));
    }

    [Theory]
    [InlineData("leaky-relu", "leaky-relu(0.01)")]
    [InlineData("logistic(2)", "logistic(2;1)")]
    [InlineData("logistic(1;1)", "logistic")]
    [InlineData(" Elu ( 0.5 ) ", "elu(0.5)")]
    [InlineData("prelu", "prelu(0.25)")]
    public void ParametersLeftOutTakeTheirDefaults(string text, string full) => Assert.Equal(full, Activation.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("sigmoidal")]
    public void AnUnknownNameIsAnsweredWithTheKnownOnes(string name)
    {
        var error = Assert.Throws<FormatException>(() => Activation.Parse(name));
        Assert.Contains($"'{name}'", error.Message);
        Assert.Contains("linear, logistic, tanh, relu, softmax", error.Message);
        Assert.Contains("hard-limit", error.Message);
    }

    [Theory]
    [InlineData("tanh(1)", "tanh takes none")]
    [InlineData("leaky-relu(1;2)", "2 parameters, but leaky-relu takes at most 1")]
    [InlineData("leaky-relu(0,01)", "'0,01'")]
    [InlineData("leaky-relu()", "a number such as 0.5")]
    [InlineData("leaky-relu(x)", "'x'")]
    [InlineData("leaky-relu(0.01", "no closing parenthesis")]
    [InlineData("leaky-relu(0)", "slope is 0, but must be a finite number above 0")]
    [InlineData("elu(-1)", "alpha is -1")]
    [InlineData("prelu(NaN)", "initialSlope is NaN")]
    [InlineData("logistic(0;1)", "amplitude is 0")]
    [InlineData("logistic(1;-2)", "steepness is -2")]
    public void BadParametersAreNamed(string text, string fault)
    {
        var error = Assert.Throws<FormatException>(() => Activation.Parse(text));
        Assert.Contains(text, error.Message);
        Assert.Contains(fault, error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void FiguresAreFiniteAndAbove0(double figure)
    {
        Assert.Throws<ArgumentOutOfRangeException>("amplitude", () => Activation.ScaledLogistic(figure));
        Assert.Throws<ArgumentOutOfRangeException>("steepness", () => Activation.ScaledLogistic(1, figure));
        Assert.Throws<ArgumentOutOfRangeException>("slope", () => Activation.LeakyReLU(figure));
        Assert.Throws<ArgumentOutOfRangeException>("alpha", () => Activation.Elu(figure));
    }
}
