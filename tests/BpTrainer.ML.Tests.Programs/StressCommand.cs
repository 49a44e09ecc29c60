using System.Diagnostics;

namespace BpTrainer.ML.Tests.Programs;

/// <summary>
/// Predicts, trains and scores with objects that nobody refers to any more, while the garbage collector runs on another thread and
/// fills the memory that it frees with other numbers. Ends at the first number that differs from what a quiet process
/// computes, and with a crash where memory is used that is gone.
/// </summary>
internal sealed class StressCommand(TimeSpan duration)
{
    private readonly (string Name, Func<float[]> Run)[] _jobs = [.. EngineJobs.All(), .. ScoringJobs.All()];
    private readonly Stopwatch _clock = new();
    private int[] _runs = [];
    private float[][] _expected = [];
    private string? _failure;

    private bool IsOver => Volatile.Read(ref _failure) is not null || _clock.Elapsed > duration;

    /// <summary>Prints how often each job ran.</summary>
    /// <returns>0, or 1 when a number differed.</returns>
    public int Run()
    {
        _expected = Array.ConvertAll(_jobs, job => job.Run());
        _runs = new int[_jobs.Length];
        _clock.Start();

        var collector = new Thread(Collect) { IsBackground = true };
        int count = Math.Max(2, Environment.ProcessorCount - 1);
        Thread[] workers = [.. Enumerable.Range(0, count).Select(k => new Thread(() => Work(isFirst: k == 0)))];
        Array.ForEach([collector, .. workers], thread => thread.Start());
        Array.ForEach(workers, thread => thread.Join());
        if (_failure is not null)
        {
            Console.Error.WriteLine(_failure);
            return 1;
        }

        for (int k = 0; k < _jobs.Length; k++)
        {
            Console.WriteLine($"{_jobs[k].Name}: {_runs[k]}");
        }

        return 0;
    }

    private void Work(bool isFirst)
    {
        // Every job at least once, however short the time and slow the machine.
        for (int round = 0; round == 0 || !IsOver; round++)
        {
            // The first thread then stays with the first job, which a collection hits most easily.
            int count = isFirst && round > 0 ? 1 : _jobs.Length;
            for (int k = 0; k < count && (round == 0 || !IsOver); k++)
            {
                // Short jobs run often, so that each has about the same time.
                long until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 20);
                do
                {
                    RunJob(k);
                }
                while (Stopwatch.GetTimestamp() < until && !IsOver);
            }
        }
    }

    private void RunJob(int k)
    {
        float[] actual = _jobs[k].Run();
        Interlocked.Increment(ref _runs[k]);
        if (!actual.AsSpan().SequenceEqual(_expected[k]))
        {
            Volatile.Write(ref _failure, $"{_jobs[k].Name}: {string.Join(' ', actual)} in place of {string.Join(' ', _expected[k])}");
        }
    }

    private void Collect()
    {
        for (int i = 0; !IsOver; i++)
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
}
