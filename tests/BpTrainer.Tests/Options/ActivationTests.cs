namespace BpTrainer.Tests.Options;

/// <summary>Activations have names that are read back.</summary>
public class ActivationTests
{
    [Theory]
    [InlineData("linear")]
    [InlineData("logistic")]
    [InlineData("tanh")]
    [InlineData("relu")]
    [InlineData("softmax")]
    public void A_name_is_read_in_any_case_and_written_in_lower_case(string name)
    {
        Assert.Equal(name, Activation.Parse(name).ToString());
        Assert.Equal(Activation.Parse(name), Activation.Parse($" {name.ToUpperInvariant()} "));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sigmoidal")]
    public void An_unknown_name_is_answered_with_the_known_ones(string name)
    {
        var error = Assert.Throws<FormatException>(() => Activation.Parse(name));
        Assert.Contains($"'{name}'", error.Message);
        Assert.Contains("linear, logistic, tanh, relu, softmax", error.Message);
    }
}
