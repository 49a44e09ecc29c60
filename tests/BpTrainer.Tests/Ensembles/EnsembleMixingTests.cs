using BpTrainer.Ensembles;

namespace BpTrainer.Tests.Ensembles;

/// <summary>The weights of kinds of networks, computed by hand: 2⁸ = 256 and 3⁸ = 6561.</summary>
public class EnsembleMixingTests
{
    [Theory]
    [InlineData("a", "1", "1")]
    [InlineData("aaa", "1 2 3", "1/3 1/3 1/3")]
    [InlineData("ab", "1 1", "1/2 1/2")]
    [InlineData("ab", "1 2", "256/257 1/257")]
    [InlineData("ab", "2e-30 1e-30", "1/257 256/257")]
    [InlineData("ab", "2e100 1e100", "1/257 256/257")]
    [InlineData("aab", "1 3 4", "128/257 128/257 1/257")]
    [InlineData("bab", "0.5 3 1.5", "6561/13124 1/6562 6561/13124")]
    [InlineData("abc", "1 1 2", "256/513 256/513 1/513")]
    [InlineData("abb", "1 1 1", "1/2 1/4 1/4")]
    [InlineData("ab", "0 1", "1 0")]
    [InlineData("aab", "0 0 0", "1/4 1/4 1/2")]
    public void KindsWeighByTheirMeanLoss(string kinds, string losses, string expected)
    {
        double[] weights = EnsembleMixing.Weights([.. kinds.Select(kind => kind.ToString())], Numbers(losses));
        Assert.All(Numbers(expected).Zip(weights), pair => Assert.Equal(pair.First, pair.Second, 1e-15));
        Assert.Equal(1, weights.Sum(), 1e-14);
    }

    [Fact]
    public void KindsDifferInTheirLayers()
    {
        NetworkBuilder[] builders =
        [
            new NetworkBuilder(3).Add(4, Activation.Tanh).Add(1, Activation.Linear),
            new NetworkBuilder(3).Add(4, Activation.ReLU).Add(1, Activation.Linear),
            new NetworkBuilder(3).Add(5, Activation.Tanh).Add(1, Activation.Linear),
            new NetworkBuilder(3).Add(4, Activation.Tanh).Add(4, Activation.Tanh).Add(1, Activation.Linear),
            Encoded(bins: 2),
        ];
        string[] kinds = [.. builders.Select(builder => EnsembleMixing.KindOf(builder.Build<float>(seed: 1).Layouts))];
        Assert.Equal(5, kinds.Distinct().Count());
        Assert.Equal(kinds, builders.Select(builder => EnsembleMixing.KindOf(builder.Build<float>(seed: 2).Layouts)));

        // The rows that an encoding was made from decide how many codes it has, which makes no other kind.
        Assert.Equal(kinds[^1], EnsembleMixing.KindOf(Encoded(bins: 3).Build<float>().Layouts));

        static NetworkBuilder Encoded(int bins) => new NetworkBuilder(3)
            .EncodeInputs(PiecewiseLinearEncoding.FromQuantiles(Samples.Random<float>(1, rows: 20, inputs: 3, targets: 1), bins))
            .Add(4, Activation.Tanh).Add(1, Activation.Linear);
    }

    private static double[] Numbers(string text) => [.. text.Split(' ').Select(number =>
    {
        string[] parts = number.Split('/');
        return double.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture)
            / (parts.Length > 1 ? double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : 1);
    })];
}
