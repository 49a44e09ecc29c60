using BpTrainer.Networks;

namespace BpTrainer.Tests.Options;

/// <summary>h = √(n + m) + a.</summary>
public class HiddenSizeTests
{
    [Theory]
    [InlineData(2, 2, 3, 5)]
    [InlineData(4, 3, 1, 4)] // 2.65 + 1
    [InlineData(784, 10, 10, 38)] // 28.18 + 10
    [InlineData(1, 1, 1, 2)] // 1.41 + 1
    public void TheRuleIsRounded(int inputs, int outputs, int addend, int units) =>
        Assert.Equal(units, HiddenSize.Rule(inputs, outputs, addend));

    [Theory]
    [InlineData(0, 1, 1, "inputs")]
    [InlineData(1, 0, 1, "outputs")]
    [InlineData(1, 1, 0, "addend")]
    [InlineData(1, 1, 11, "addend")]
    public void FiguresOutOfRangeAreNamed(int inputs, int outputs, int addend, string name) =>
        Assert.Throws<ArgumentOutOfRangeException>(name, () => HiddenSize.Rule(inputs, outputs, addend));

    [Fact]
    public void TheLargestSizesDoNotOverflow() => Assert.Equal(65541, HiddenSize.Rule(int.MaxValue, int.MaxValue));
}
