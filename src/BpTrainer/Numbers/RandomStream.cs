namespace BpTrainer.Numbers;

/// <summary>
/// What a random stream is for. Each purpose has its own stream, so drawing more numbers for one purpose never affects another.
/// </summary>
internal enum RandomPurpose
{
    Weights = 1,
    Shuffle = 2,
    StreamOrder = 3,
    Dropout = 4,
    Restarts = 5,
    RowSample = 6,
    SecondTry = 7,
    NewUnits = 8,
    Folds = 9,
}

/// <summary>
/// xoshiro256** by Blackman and Vigna (2018), with a state that is initialized by SplitMix64, as they recommend. The algorithm is
/// implemented here because a seed must give the same numbers in every version of .NET.
/// </summary>
internal sealed class RandomStream
{
    private ulong _s0, _s1, _s2, _s3;

    public RandomStream(int seed, RandomPurpose purpose)
        : this(Key(seed, purpose))
    {
    }

    private RandomStream(ulong mix)
    {
        _s0 = SplitMix(ref mix);
        _s1 = SplitMix(ref mix);
        _s2 = SplitMix(ref mix);
        _s3 = SplitMix(ref mix);
    }

    /// <summary>Creates a stream for a part, counted from 0. The stream of the first part is the stream of the whole.</summary>
    public static RandomStream OfPart(int seed, RandomPurpose purpose, int part)
    {
        ulong key = Key(seed, purpose);
        return new RandomStream(part == 0 ? key : Mix(key, (ulong)part));
    }

    /// <summary>The state of xoshiro. It must not be all 0, because xoshiro would then return only 0.</summary>
    public (ulong, ulong, ulong, ulong) State
    {
        get => (_s0, _s1, _s2, _s3);
        set => (_s0, _s1, _s2, _s3) = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), on a grid of 2^−53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Normal with mean 0 and standard deviation 1, by the polar method of Marsaglia and Bray (SIAM Review 6, 1964).</summary>
    public double NextNormal()
    {
        double u, square;
        do
        {
            u = (2 * NextDouble()) - 1;
            double v = (2 * NextDouble()) - 1;
            square = (u * u) + (v * v);
        }
        while (square is 0 or >= 1);

        return u * Math.Sqrt(-2 * Math.Log(square) / square);
    }

    /// <summary>
    /// Uniform in [0, bound), without bias, by Lemire's multiplication method (ACM TOMACS 29, 2019): the high half of random × bound is the
    /// result, and the few values that would make some results more likely are drawn again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NextInt(int bound)
    {
        ulong product = (NextUInt64() >> 32) * (uint)bound;
        if ((uint)product < (uint)bound)
        {
            uint threshold = unchecked((uint)-bound) % (uint)bound;
            while ((uint)product < threshold)
            {
                product = (NextUInt64() >> 32) * (uint)bound;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Puts the values in a random order (Fisher–Yates).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Shuffle(Span<int> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>The start of the numbers for a purpose.</summary>
    public static ulong Key(int seed, RandomPurpose purpose) => unchecked(((ulong)(uint)seed << 32) + (ulong)purpose);

    /// <summary>A hash of a key and a number, for streams that can begin at any place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong key, ulong number)
    {
        ulong state = unchecked(SplitMix(ref key) + number);
        return SplitMix(ref state);
    }

    /// <summary>
    /// The next number of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a hash of a state that advances in equal steps.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
