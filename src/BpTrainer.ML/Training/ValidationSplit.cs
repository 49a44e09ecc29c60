namespace BpTrainer.ML.Training;

/// <summary>Chooses the validation rows.</summary>
internal static class ValidationSplit
{
    /// <summary>A validation part with fewer rows says too little about the model; training then does without.</summary>
    public const int MinimumRows = 10;

    /// <summary>
    /// Draws rows from a seed: the same share of every class, where each class keeps at least one row for training; in a regression, the
    /// share of all rows. Both parts keep the order of the rows.
    /// </summary>
    /// <param name="labels">The label of every row; in a classification the index of the class.</param>
    /// <param name="classes">The number of classes, or 0 for a regression.</param>
    /// <param name="fraction">The share of the rows for validation, in [0, 1).</param>
    /// <param name="minimum">With fewer validation rows than this there is no validation part.</param>
    /// <param name="seed">The seed of the choice.</param>
    /// <returns>The rows of both parts; no validation rows when the data is too small for them.</returns>
    public static (int[] Training, int[] Validation) Draw(ReadOnlySpan<float> labels, int classes, double fraction, int minimum, int seed)
    {
        var members = new List<int>[Math.Max(1, classes)];
        for (int c = 0; c < members.Length; c++)
        {
            members[c] = [];
        }

        for (int row = 0; row < labels.Length; row++)
        {
            members[classes == 0 ? 0 : (int)labels[row]].Add(row);
        }

        // ML.NET's generator has a fixed algorithm; System.Random's may change from one .NET to the next.
        Random random = RandomUtils.Create(seed);
        var isHeld = new bool[labels.Length];
        foreach (List<int> rows in members)
        {
            int share = Math.Min((int)Math.Round(rows.Count * fraction, MidpointRounding.AwayFromZero), rows.Count - 1);
            for (int i = 0; i < share; i++)
            {
                int j = random.Next(i, rows.Count);
                (rows[i], rows[j]) = (rows[j], rows[i]);
                isHeld[rows[i]] = true;
            }
        }

        return Parts(isHeld, minimum);
    }

    /// <summary>
    /// Draws whole groups of rows from a seed. Groups come in random order, and each goes to the validation part if that brings the numbers
    /// of rows of its classes nearer to the share: Σ (validation rows − share · rows)² / rows over the classes falls. Every class keeps a
    /// row for training. Both parts keep the order of the rows.
    /// </summary>
    public static (int[] Training, int[] Validation) DrawGroups(
        ReadOnlySpan<float> labels, ReadOnlySpan<ulong> groups, int classes, double fraction, int minimum, int seed)
    {
        List<List<int>> members = Collect(groups);
        Shuffle(members, seed);
        int[] classOf = new int[labels.Length];
        var all = new int[Math.Max(1, classes)];
        for (int row = 0; row < labels.Length; row++)
        {
            classOf[row] = classes == 0 ? 0 : (int)labels[row];
            all[classOf[row]]++;
        }

        var held = new int[all.Length];
        var ofGroup = new int[all.Length];
        var isHeld = new bool[labels.Length];
        foreach (List<int> rows in members)
        {
            foreach (int row in rows)
            {
                ofGroup[classOf[row]]++;
            }

            bool takes = Improves(rows.Select(row => classOf[row]).Distinct(), all, held, ofGroup, fraction);
            foreach (int row in rows)
            {
                isHeld[row] = takes;
                held[classOf[row]] += takes ? 1 : 0;
                ofGroup[classOf[row]] = 0;
            }
        }

        return Parts(isHeld, minimum);
    }

    private static bool Improves(IEnumerable<int> classes, int[] all, int[] held, int[] ofGroup, double fraction)
    {
        double change = 0;
        foreach (int c in classes)
        {
            if (held[c] + ofGroup[c] >= all[c])
            {
                return false;
            }

            double missing = (fraction * all[c]) - held[c];
            change += (((missing - ofGroup[c]) * (missing - ofGroup[c])) - (missing * missing)) / all[c];
        }

        return change < 0;
    }

    /// <summary>The rows of every group, the groups in the order in which they come up.</summary>
    private static List<List<int>> Collect(ReadOnlySpan<ulong> groups)
    {
        var places = new Dictionary<ulong, int>();
        var members = new List<List<int>>();
        for (int row = 0; row < groups.Length; row++)
        {
            if (!places.TryGetValue(groups[row], out int place))
            {
                place = places[groups[row]] = members.Count;
                members.Add([]);
            }

            members[place].Add(row);
        }

        return members;
    }

    private static void Shuffle(List<List<int>> groups, int seed)
    {
        // ML.NET's generator has a fixed algorithm; System.Random's may change from one .NET to the next.
        Random random = RandomUtils.Create(seed);
        for (int i = 0; i < groups.Count - 1; i++)
        {
            int j = random.Next(i, groups.Count);
            (groups[i], groups[j]) = (groups[j], groups[i]);
        }
    }

    /// <summary>The rows of both parts in order.</summary>
    private static (int[] Training, int[] Validation) Parts(bool[] isHeld, int minimum)
    {
        int[] all = [.. Enumerable.Range(0, isHeld.Length)];
        int[] validation = Array.FindAll(all, row => isHeld[row]);
        return validation.Length < minimum ? (all, []) : (Array.FindAll(all, row => !isHeld[row]), validation);
    }
}

/// <summary>
/// Decides by the id of a row and a seed alone whether it is a validation row, so that it stays one in every pass over streamed rows,
/// whatever their order.
/// </summary>
/// <param name="fraction">The share of the rows for validation, in [0, 1).</param>
/// <param name="seed">The seed of the choice.</param>
internal sealed class ValidationDraw(double fraction, int seed)
{
    // 2⁶⁴ · fraction: a row is drawn when its number, one of 2⁶⁴ equally likely ones, is below.
    private ulong _bound = (ulong)(fraction * (1UL << 63)) * 2;

    public bool Takes(DataViewRowId id) => Number(id) < _bound;

    /// <summary>From now on takes only half of the rows that it would have taken.</summary>
    public void Halve() => _bound /= 2;

    /// <summary>From now on takes no row.</summary>
    public void TakeNone() => _bound = 0;

    private ulong Number(DataViewRowId id) => Mix(Mix(Mix((uint)seed) ^ id.Low) ^ id.High);

    /// <summary>
    /// The last step of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), by which consecutive ids get numbers that look random.
    /// </summary>
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
