// Predicts, trains and scores with objects that nobody refers to any more, while the garbage collector runs on another thread and
// fills the memory that it frees with other numbers. Ends with 1 at the first number that differs from what a quiet process
// computes, and with a crash where memory is used that is gone.
// The argument is the seconds to run; default 60.
using System.Diagnostics;
using System.Globalization;
using BpTrainer.ML.Tests.Stress;

TimeSpan duration = TimeSpan.FromSeconds(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 60);
(string Name, Func<float[]> Run)[] jobs = [.. EngineJobs.All(), .. ScoringJobs.All()];
float[][] expected = Array.ConvertAll(jobs, job => job.Run());
var runs = new int[jobs.Length];
string? failure = null;
long start = Stopwatch.GetTimestamp();

var collector = new Thread(Collect) { IsBackground = true };
Thread[] workers = [.. Enumerable.Range(0, Math.Max(2, Environment.ProcessorCount - 1)).Select(k => new Thread(() => Work(isFirst: k == 0)))];
Array.ForEach([collector, .. workers], thread => thread.Start());
Array.ForEach(workers, thread => thread.Join());
if (failure is not null)
{
    Console.Error.WriteLine(failure);
    return 1;
}

for (int k = 0; k < jobs.Length; k++)
{
    Console.WriteLine($"{jobs[k].Name}: {runs[k]}");
}

return 0;

bool IsOver() => failure is not null || Stopwatch.GetElapsedTime(start) > duration;

void Work(bool isFirst)
{
    // Every job at least once, however short the time and slow the machine.
    for (int round = 0; round == 0 || !IsOver(); round++)
    {
        // The first thread then stays with the first job, which a collection hits most easily.
        int count = isFirst && round > 0 ? 1 : jobs.Length;
        for (int k = 0; k < count && (round == 0 || !IsOver()); k++)
        {
            // Short jobs run often, so that each has about the same time.
            long until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 20);
            do
            {
                float[] actual = jobs[k].Run();
                Interlocked.Increment(ref runs[k]);
                if (!actual.AsSpan().SequenceEqual(expected[k]))
                {
                    failure = $"{jobs[k].Name}: {string.Join(' ', actual)} in place of {string.Join(' ', expected[k])}";
                }
            }
            while (Stopwatch.GetTimestamp() < until && !IsOver());
        }
    }
}

void Collect()
{
    for (int i = 0; !IsOver(); i++)
    {
        // In turns so that freed memory is taken from the process, and so that it is filled anew.
        GC.Collect(GC.MaxGeneration, i % 2 == 0 ? GCCollectionMode.Aggressive : GCCollectionMode.Forced);
        if (i % 4 == 0)
        {
            GC.WaitForPendingFinalizers();
        }

        // The pinned heap is what the engine's numbers lived on.
        for (int block = 0; block < 16; block++)
        {
            GC.AllocateUninitializedArray<float>(64 << (block % 8), pinned: true).AsSpan().Fill(1e30f);
        }
    }
}
