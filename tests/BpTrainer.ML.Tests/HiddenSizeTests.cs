namespace BpTrainer.ML.Tests;

/// <summary>h = √(n + m) + a.</summary>
public class HiddenSizeTests
{
    [Theory]
    [InlineData(2, 2, 3, 5)]
    [InlineData(4, 3, 1, 4)] // 2.65 + 1
    [InlineData(784, 10, 10, 38)] // 28.18 + 10
    [InlineData(1, 1, 1, 2)] // 1.41 + 1
    [InlineData(int.MaxValue, int.MaxValue, 5, 65541)]
    public void TheRuleIsRounded(int inputs, int outputs, int addend, int units) =>
        Assert.Equal(units, HiddenLayers.Rule(addend).For(inputs, outputs, readsCodes: false).Single().Units);

    [Theory]
    [InlineData(false, "silu")]
    [InlineData(true, "relu")]
    public void WithoutAnActivationItIsTheDefaultOne(bool readsCodes, string activation) =>
        Assert.Equal(activation, $"{HiddenLayers.Rule().For(2, 2, readsCodes).Single().Activation}");

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void AnAddendOutOfRangeIsNamed(int addend) =>
        Assert.Throws<ArgumentOutOfRangeException>("addend", () => HiddenLayers.Rule(addend).For(1, 1, readsCodes: false));
}
