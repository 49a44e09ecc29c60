namespace BpTrainer.ML.Training;

/// <summary>Chooses the validation rows.</summary>
internal static class ValidationSplit
{
    /// <summary>With fewer rows, a validation part says too little about the model, and there is none.</summary>
    public const int MinimumRows = 10;

    /// <summary>
    /// Draws rows at random by a seed: the same share of every class, but at least one row of each class is kept for training; in a
    /// regression, which has 0 classes, the share of all rows. Both parts keep the order of the rows. If there would be fewer validation
    /// rows than the minimum, there are none.
    /// </summary>
    public static (int[] Training, int[] Validation) Draw(float[] labels, int classes, double fraction, int minimum, int seed)
    {
        int[] classOf = ClassesOf(labels, classes);
        Random random = RandomUtils.Create(seed);
        var isHeld = new bool[labels.Length];
        List<int>[] members = ListsOf(Math.Max(1, classes));
        for (int row = 0; row < classOf.Length; row++)
        {
            members[classOf[row]].Add(row);
        }

        foreach (List<int> rows in members)
        {
            int most = Math.Max(0, rows.Count - 1);
            int share = Math.Min((int)Math.Round(rows.Count * fraction, MidpointRounding.AwayFromZero), most);
            DrawFirst(rows, share, random);
            for (int i = 0; i < share; i++)
            {
                isHeld[rows[i]] = true;
            }
        }

        return Parts(isHeld, minimum);
    }

    /// <summary>
    /// Draws whole groups of rows by a seed. The groups are taken in random order, and each goes to the validation part if this brings the
    /// numbers of rows of its classes nearer to the share, that is, if the sum of (validation rows − share · rows)² / rows over the classes
    /// decreases. At least one row of each class is kept for training. Both parts keep the order of the rows.
    /// </summary>
    public static (int[] Training, int[] Validation) DrawGroups(
        float[] labels, ulong[] groups, int classes, double fraction, int minimum, int seed)
    {
        List<List<int>> members = [.. Enumerable.Range(0, groups.Length).GroupBy(row => groups[row]).Select(rows => rows.ToList())];
        DrawFirst(members, members.Count - 1, RandomUtils.Create(seed));
        int[] classOf = ClassesOf(labels, classes);
        var all = new int[Math.Max(1, classes)];
        Array.ForEach(classOf, c => all[c]++);
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

    /// <summary>
    /// Distributes rows, or whole groups of rows, over folds by a seed. Each row or group, in random order, goes to the fold with the
    /// fewest rows of its class and, among equals, to the fold with the fewest rows. The class of a group is that of its first row. Folds
    /// keep the order of the rows.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are fewer rows or groups than folds.</exception>
    public static int[][] Folds(float[] labels, IReadOnlyList<ulong>? groups, int classes, int folds, int seed)
    {
        int[] classOf = ClassesOf(labels, classes);
        IEnumerable<int> all = Enumerable.Range(0, labels.Length);
        List<int[]> members = [.. all.GroupBy(row => groups?[row] ?? (ulong)row, (_, rows) => rows.ToArray())];
        if (members.Count < folds)
        {
            throw new InvalidOperationException(
                $"{nameof(BackPropagationOptions.HiddenLayers)} has {folds} folds, but the training data has only {members.Count} " +
                $"{(groups is null ? "rows" : "groups of rows")}; there must be at least one for each fold.");
        }

        DrawFirst(members, members.Count - 1, RandomUtils.Create(seed));
        List<int>[] rowsOf = ListsOf(folds);
        var ofClass = new int[Math.Max(1, classes), folds];
        foreach (int[] rows in members)
        {
            int first = classOf[rows[0]];
            int fold = Enumerable.Range(0, folds).MinBy(fold => (ofClass[first, fold], rowsOf[fold].Count));
            rowsOf[fold].AddRange(rows);
            Array.ForEach(rows, row => ofClass[classOf[row], fold]++);
        }

        return Array.ConvertAll(rowsOf, rows => rows.Order().ToArray());
    }

    /// <summary>Takes the last rows; if there would be fewer than the minimum, there are none.</summary>
    public static (int[] Training, int[] Validation) Last(int rows, double fraction, int minimum)
    {
        var isHeld = new bool[rows];
        isHeld.AsSpan(rows - (int)LastRows(rows, fraction)).Fill(true);
        return Parts(isHeld, minimum);
    }

    /// <summary>The number of last rows that make up a share of all rows; at least one row is kept for training.</summary>
    public static long LastRows(long rows, double fraction) =>
        Math.Clamp((long)Math.Round(rows * fraction, MidpointRounding.AwayFromZero), 0, Math.Max(0, rows - 1));

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

    /// <summary>The class of every row; 0 for all in a regression.</summary>
    private static int[] ClassesOf(float[] labels, int classes) =>
        classes == 0 ? new int[labels.Length] : Array.ConvertAll(labels, label => (int)label);

    /// <summary>
    /// Puts items drawn at random in the first places. ML.NET's generator has a fixed algorithm; that of System.Random may change between
    /// versions of .NET.
    /// </summary>
    private static void DrawFirst<T>(List<T> things, int count, Random random)
    {
        for (int i = 0; i < count; i++)
        {
            int j = random.Next(i, things.Count);
            (things[i], things[j]) = (things[j], things[i]);
        }
    }

    private static List<int>[] ListsOf(int count)
    {
        var lists = new List<int>[count];
        for (int i = 0; i < count; i++)
        {
            lists[i] = [];
        }

        return lists;
    }

    /// <summary>The rows of both parts, in order.</summary>
    private static (int[] Training, int[] Validation) Parts(bool[] isHeld, int minimum)
    {
        List<int> training = [], validation = [];
        for (int row = 0; row < isHeld.Length; row++)
        {
            (isHeld[row] ? validation : training).Add(row);
        }

        return validation.Count < minimum
            ? ([.. Enumerable.Range(0, isHeld.Length)], [])
            : ([.. training], [.. validation]);
    }
}

/// <summary>
/// Decides only by the id of a row whether it is a validation row, so that the decision is the same in every pass over streamed rows.
/// </summary>
internal abstract class StreamedSplit
{
    public abstract bool Takes(DataViewRowId id);

    /// <summary>From now on, takes only half of the rows that it would have taken.</summary>
    public abstract void Halve();

    public abstract void TakeNone();
}

/// <summary>Takes rows by their ids and a seed, independent of their order.</summary>
internal sealed class ValidationDraw(double fraction, int seed) : StreamedSplit
{
    // 2⁶⁴ · fraction: a row is drawn when its number, one of 2⁶⁴ equally likely ones, is below.
    private ulong _bound = (ulong)(fraction * (1UL << 63)) * 2;

    public override bool Takes(DataViewRowId id) => Number(id) < _bound;

    public override void Halve() => _bound /= 2;

    public override void TakeNone() => _bound = 0;

    private ulong Number(DataViewRowId id) => Mix(Mix(Mix((uint)seed) ^ id.Low) ^ id.High);

    /// <summary>
    /// The last step of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), which gives consecutive ids numbers that look random.
    /// </summary>
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}

/// <summary>Takes the last rows; the ids of the rows are their numbers: see <see cref="RowSource.IsInOrder"/>.</summary>
internal sealed class ValidationTail(long rows, double fraction) : StreamedSplit
{
    private ulong _first = (ulong)(rows - ValidationSplit.LastRows(rows, fraction));

    public override bool Takes(DataViewRowId id) => id.Low >= _first;

    public override void Halve() => _first += ((ulong)rows - _first + 1) / 2;

    public override void TakeNone() => _first = (ulong)rows;
}
