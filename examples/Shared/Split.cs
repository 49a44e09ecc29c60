namespace BpTrainer.Examples;

/// <summary>The row numbers of one split into a training part and a test part.</summary>
internal sealed record Split(int[] Training, int[] Test)
{
    /// <summary>
    /// Splits at random, each class in proportion: of n rows of a class, testFraction · n are for testing, rounded, at least 1 and at most
    /// n − 1. The same arguments always give the same parts, on every machine.
    /// </summary>
    /// <param name="problem">The rows and their classes; a regression counts as a single class.</param>
    /// <param name="testFraction">The fraction of test rows, above 0 and below 1.</param>
    /// <param name="seed">Chooses the series of splits.</param>
    /// <param name="index">Which split of the series.</param>
    /// <exception cref="UserError">A part would have fewer than two rows.</exception>
    public static Split Of(Problem problem, double testFraction, int seed, int index)
    {
        int[] left = new int[Math.Max(1, problem.ClassNames.Count)];
        foreach (int c in problem.Classes)
            left[c]++;
        for (int c = 0; c < left.Length; c++)
            left[c] = Math.Clamp((int)Math.Round(testFraction * left[c]), Math.Min(1, left[c] - 1), left[c] - 1);

        List<int> training = [];
        List<int> test = [];
        foreach (int row in Shuffled(problem.Rows, seed, index))
            (left[problem.Classes[row]]-- > 0 ? test : training).Add(row);

        if (Math.Min(training.Count, test.Count) < 2)
            throw new UserError($"{problem.Name}: {problem.Rows} rows with a test fraction of {testFraction} leave {training.Count} " +
                $"for training and {test.Count} for testing; two each are needed.");
        return new Split([.. training], [.. test]);
    }

    private static int[] Shuffled(int count, int seed, int index)
    {
        ulong state = ((ulong)(uint)seed << 32) | (uint)index;
        int[] order = Enumerable.Range(0, count).ToArray();
        for (int i = count - 1; i > 0; i--)
        {
            int j = (int)Math.BigMul(Next(ref state), (ulong)i + 1, out _);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    // SplitMix64, implemented here because System.Random does not guarantee the same numbers in later versions.
    private static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
