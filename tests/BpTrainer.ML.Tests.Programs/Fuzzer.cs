namespace BpTrainer.ML.Tests.Programs;

/// <summary>
/// Loads damaged files, half of them behind right checksums. Each is refused with a documented error, or loads and can be used; neither
/// takes long or much memory.
/// </summary>
/// <param name="seed">The same mutants for the same seed; each is a matter of the seed and its number alone.</param>
internal sealed class Fuzzer(int seed)
{
    /// <summary>A thousand times the largest specimen. ML.NET takes most of it, for a context of its own.</summary>
    private const long MostMemory = 16 << 20;

    /// <summary>Loading takes milliseconds: this is a hang, on the slowest machine.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<Specimen> _specimens = Specimen.All();
    private readonly Dictionary<(string Kind, bool IsSealed, bool IsLoaded), int> _counts = [];
    private volatile int _number;

    /// <summary>The mutants that did harm, and how.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>How many mutants of a kind were loaded, or refused.</summary>
    public int Count(string kind, bool isSealed, bool isLoaded) => _counts.GetValueOrDefault((kind, isSealed, isLoaded));

    /// <summary>The kinds of files.</summary>
    public IEnumerable<string> Kinds => _specimens.Select(specimen => specimen.Kind);

    /// <summary>Tries mutants, and ends at the first one that hangs.</summary>
    /// <returns>How many were refused and loaded.</returns>
    public string Run(int mutants)
    {
        var thread = new Thread(() =>
        {
            for (int number = 0; number < mutants; number++)
            {
                _number = number;
                Try(number);
            }
        })
        { IsBackground = true };
        thread.Start();
        for (int before = -1; !thread.Join(s_longest); before = _number)
        {
            if (before == _number)
            {
                Failures.Add($"Mutant {before} of the seed {seed}, a {SpecimenOf(before).Kind}, hangs.");
                break;
            }
        }

        return string.Join('\n', Kinds.Select(kind =>
            $"{kind}: {Count(kind, false, false)} refused and {Count(kind, false, true)} loaded; behind a right checksum " +
            $"{Count(kind, true, false)} and {Count(kind, true, true)}"));
    }

    private Specimen SpecimenOf(int number) => _specimens[number / 2 % _specimens.Count];

    private void Try(int number)
    {
        Specimen specimen = SpecimenOf(number);
        bool isSealed = number % 2 == 1;
        byte[] mutant = Mutant.Of(specimen.File, new Random(unchecked((seed * 1_000_003) + number)));
        if (isSealed)
        {
            Mutant.Seal(mutant);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        string? failure = null;
        bool isLoaded = false;
        try
        {
            specimen.Use(mutant);
            isLoaded = true;
        }
        catch (Exception error)
        {
            failure = specimen.IsRefusal(error) && error.Message.Length > 0 ? null : error.ToString();
        }

        long memory = GC.GetAllocatedBytesForCurrentThread() - before;
        failure ??= memory > MostMemory ? $"it took {memory} bytes" : null;
        if (failure is not null)
        {
            Failures.Add($"Mutant {number} of the seed {seed}, a {specimen.Kind}: {failure}");
        }

        (string, bool, bool) key = (specimen.Kind, isSealed, isLoaded);
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }
}
