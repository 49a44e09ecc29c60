using System.Diagnostics;
using System.Numerics;
using System.Text.Json.Nodes;
using BpTrainer.Kernels;

namespace BpTrainer.Benchmarks;

/// <summary>
/// The limits of the processor: floating-point operations of a loop of independent multiply-adds, and bytes a second from and to memory.
/// </summary>
/// <remarks>
/// The line has, of one thread and of all: gflops, by number type and kernel; and bandwidth, in GB/s, by the bytes that each thread goes
/// through: read sums them up, copy is c = a and triad is c = a + x·b, counted as the bytes read and written. Every figure is the best of
/// many short bursts, so that other work on the machine disturbs it little.
/// </remarks>
internal static class Peak
{
    private const int Bursts = 40;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(300);
    private const int BlockLength = PeakLoops<float>.BlockLength;

    /// <summary>The first- and second-level cache, what comes behind, and memory.</summary>
    private static readonly int[] s_kilobytes = [24, 768, 8 << 10, 192 << 10];

    /// <summary>Measures everything.</summary>
    public static JsonObject Measure() => new()
    {
        ["kernel"] = Name(Kernel.Best),
        ["threads"] = Environment.ProcessorCount,
        ["one_thread"] = Measure(threads: 1),
        ["all_threads"] = Measure(Environment.ProcessorCount),
    };

    /// <summary>The most that this processor does in float on a number of threads, now, whatever the kernel.</summary>
    public static double Gflops(int threads) => Kinds().Max(kind => Gflops<float>(kind, threads));

    /// <summary>
    /// What a burst of work on a number of threads does, in turns with bursts of the peak: the best of both, and the share, which is the
    /// median over the rounds of the share of the best bursts of a round: the clock of a processor changes between rounds, less in one.
    /// </summary>
    public static (double Gflops, double PeakGflops, double Share) Share(
        int rounds, int bursts, double operations, Action burst, int threads = 1)
    {
        // Methods are compiled anew, with optimization, only some time after their thirtieth call.
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < s_warmUp;)
        {
            burst();
        }

        PeakLoops<float> loops = PeakLoops<float>.Create(Kernel.Best);
        var shares = new double[rounds];
        double best = 0;
        double peak = 0;
        for (int round = 0; round < rounds; round++)
        {
            double seconds = double.PositiveInfinity;
            double secondsOfPeak = double.PositiveInfinity;
            for (int i = 0; i < bursts; i++)
            {
                secondsOfPeak = Math.Min(secondsOfPeak, BestSeconds(1, () => loops.MultiplyAdds(thread: 0)));
                seconds = Math.Min(seconds, BestSeconds(1, burst));
            }

            double gflops = operations / seconds / 1e9;
            double gflopsOfPeak = threads * loops.OperationsOfBurst / secondsOfPeak / 1e9;
            shares[round] = gflops / gflopsOfPeak;
            best = Math.Max(best, gflops);
            peak = Math.Max(peak, gflopsOfPeak);
        }

        Array.Sort(shares);
        return (best, peak, shares[rounds / 2]);
    }

    /// <summary>The shortest time that an action took, of many bursts.</summary>
    public static double BestSeconds(int bursts, Action burst)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < bursts; i++)
        {
            long start = Stopwatch.GetTimestamp();
            burst();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static JsonObject Measure(int threads) => new()
    {
        ["gflops"] = new JsonObject { ["float"] = Gflops<float>(threads), ["double"] = Gflops<double>(threads) },
        ["bandwidth"] = new JsonArray([.. s_kilobytes.Select(kilobytes => Bandwidth(kilobytes, threads))]),
    };

    private static JsonObject Gflops<T>(int threads) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(Kinds().Select(kind => KeyValuePair.Create<string, JsonNode?>(Name(kind), Math.Round(Gflops<T>(kind, threads), 1))));

    private static double Gflops<T>(KernelKind kind, int threads) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PeakLoops<T> loops = PeakLoops<T>.Create(kind);
        return loops.OperationsOfBurst * threads / BestSeconds(loops.MultiplyAdds, threads) / 1e9;
    }

    private static JsonObject Bandwidth(int kilobytes, int threads)
    {
        int length = kilobytes * 1024 / sizeof(float) / 3 / BlockLength * BlockLength;
        PeakLoops<float> loops = PeakLoops<float>.Create(Kernel.Best);
        AlignedBuffer<float>[] memory = [.. Enumerable.Range(0, threads * 3).Select(_ => new AlignedBuffer<float>(length))];

        // Memory that was never written to is one and the same page, which is always in the cache.
        Array.ForEach(memory, array => array.Span.Fill(1));
        int rounds = Math.Max(1, (int)(5e6 / length));
        double bytes = (double)length * rounds * threads * sizeof(float);
        return new JsonObject
        {
            ["kilobytes"] = kilobytes,
            ["read"] = Rate(3, loops.Read),
            ["copy"] = Rate(2, (a, _, c) => a.Span.CopyTo(c.Span)),
            ["triad"] = Rate(3, loops.Triad),
        };

        double Rate(int arrays, Action<AlignedBuffer<float>, AlignedBuffer<float>, AlignedBuffer<float>> pass) => Math.Round(
            arrays * bytes / 1e9 / BestSeconds(
                thread =>
                {
                    for (int round = 0; round < rounds; round++)
                    {
                        pass(memory[thread * 3], memory[(thread * 3) + 1], memory[(thread * 3) + 2]);
                    }
                },
                threads,
                rounds > 1 ? Bursts : Bursts / 5),
            1);
    }

    /// <summary>The shortest time, of many bursts, from when threads begin together to when the last of them ends.</summary>
    private static double BestSeconds(Action<int> burst, int threads, int bursts = Bursts)
    {
        double best = double.PositiveInfinity;
        using var barrier = new Barrier(threads, _ => { });
        var ends = new long[threads];
        var starts = new long[threads];
        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(thread => new Thread(() => Run(thread)))];
        Array.ForEach(others, other => other.Start());
        Run(thread: 0);
        Array.ForEach(others, other => other.Join());
        return best;

        void Run(int thread)
        {
            for (int i = 0; i < bursts; i++)
            {
                barrier.SignalAndWait();
                starts[thread] = Stopwatch.GetTimestamp();
                burst(thread);
                ends[thread] = Stopwatch.GetTimestamp();
                barrier.SignalAndWait();
                if (thread == 0)
                {
                    best = Math.Min(best, Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds);
                }
            }
        }
    }

    private static IEnumerable<KernelKind> Kinds() =>
        Enum.GetValues<KernelKind>().Where(kind => kind != KernelKind.Naive && Kernel.IsSupported(kind));

    private static string Name(KernelKind kind) => kind.ToString().ToLowerInvariant();
}
