using BpTrainer.Numbers;

namespace BpTrainer.Tests.Randomness;

/// <summary>
/// A seed means the same numbers for ever. The figures come from a second implementation of SplitMix64 and xoshiro256**,
/// which itself gives the published ones (6457827717110365317 first from the seed 1234567; 11520, 0, 1509978240 from the
/// state 1, 2, 3, 4).
/// </summary>
public class RandomStreamTests
{
    [Theory]
    [InlineData(0, RandomPurpose.Weights, 0xb3f2af6d0fc710c5, 0x853b559647364cea, 0x92f89756082a4514, 0x642e1c7bc266a3a7)]
    [InlineData(0, RandomPurpose.Shuffle, 0x1a28690da8a8d057, 0xb9bb8042daedd58a, 0x2f1829af001ef205, 0xbf733e63d139683d)]
    [InlineData(42, RandomPurpose.Weights, 0xb24a920b227e0da8, 0x4062d6dc73b86658, 0x4f9557a2dca6349e, 0x09ea29da783ea46a)]
    [InlineData(-1, RandomPurpose.Shuffle, 0x1343443bb77d7209, 0x9311515dfef735a1, 0x8cdb624ca3bb0ecd, 0x3bb3ccdeca875240)]
    internal void A_seed_and_a_purpose_give_known_numbers(
        int seed, RandomPurpose purpose, ulong first, ulong second, ulong third, ulong fourth)
    {
        var stream = new RandomStream(seed, purpose);
        Assert.Equal(first, stream.NextUInt64());
        Assert.Equal(second, stream.NextUInt64());
        Assert.Equal(third, stream.NextUInt64());
        Assert.Equal(fourth, stream.NextUInt64());
    }

    [Fact]
    public void DoublesAreTheUpper53Bits()
    {
        var stream = new RandomStream(42, RandomPurpose.Weights);
        Assert.Equal(0.6964503552612699, stream.NextDouble());
        Assert.Equal(0.25150816805009546, stream.NextDouble());
        Assert.Equal(0.3108725330936515, stream.NextDouble());
    }

    [Fact]
    public void IntegersAndOrdersAreKnown()
    {
        var stream = new RandomStream(7, RandomPurpose.Shuffle);
        int[] numbers = [.. Enumerable.Range(0, 12).Select(_ => stream.NextInt(10))];
        Assert.Equal([3, 5, 9, 7, 1, 3, 1, 1, 5, 4, 1, 5], numbers);

        int[] order = [0, 1, 2, 3, 4, 5, 6, 7];
        new RandomStream(7, RandomPurpose.Shuffle).Shuffle(order);
        Assert.Equal([1, 7, 4, 0, 6, 5, 3, 2], order);
    }

    [Fact]
    public void IntegersBelow7AreEquallyLikely()
    {
        const int Draws = 70000;
        var stream = new RandomStream(1, RandomPurpose.Shuffle);
        var counts = new int[7];
        for (int i = 0; i < Draws; i++)
        {
            counts[stream.NextInt(7)]++;
        }

        // χ² with 6 degrees of freedom is above 22.5 once in a thousand times.
        Assert.InRange(counts.Sum(c => Math.Pow(c - (Draws / 7.0), 2) / (Draws / 7.0)), 0, 22.5);
    }

    [Fact]
    public void ABoundThatDoesNotDivideTheRangeMakesNoNumberLikelier()
    {
        // 2³² / (3·2²⁹) = 2⅔: without drawing again, two of three neighbours would come up half as often again as the third.
        const int Draws = 90000;
        var stream = new RandomStream(2, RandomPurpose.Shuffle);
        var counts = new int[3];
        for (int i = 0; i < Draws; i++)
        {
            counts[stream.NextInt(3 << 29) % 3]++;
        }

        Assert.All(counts, count => Assert.InRange(count, (Draws / 3) - 750, (Draws / 3) + 750));
    }

    [Fact]
    public void ZeroIsTheOnlyIntegerBelowOneAndAShuffleOfNothingIsNothing()
    {
        var stream = new RandomStream(3, RandomPurpose.Shuffle);
        Assert.Equal(0, stream.NextInt(1));
        stream.Shuffle([]);
    }
}
