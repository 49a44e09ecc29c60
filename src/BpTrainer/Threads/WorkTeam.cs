namespace BpTrainer.Threads;

/// <summary>
/// Threads that share the items of a job. A free thread takes the next item, so a thread that is delayed by other work on its core delays
/// the others only a little, and a sleeping thread does not delay them at all. Results must not depend on which thread takes which item.
/// </summary>
/// <remarks>Between jobs, the helper threads spin for a moment to wait for the next job and then sleep. A job does not allocate
/// memory.</remarks>
internal sealed class WorkTeam : IDisposable
{
    /// <summary>How often a helper checks for a job before it sleeps: about 50 µs, longer than the pause between the jobs of a
    /// batch.</summary>
    private const int Looks = 1000;

    private readonly object _sleep = new();

    /// <summary>The number of the job in the high half, the number of items that are not yet taken in the low half.</summary>
    private long _ticket;
    private Action<int> _item = _ => { };
    private int _items;
    private int _unfinished;
    private int _sleeping;
    private volatile bool _disposed;
    private Exception? _error;

    /// <summary>Starts <paramref name="threads"/> − 1 helpers; the caller of <see cref="Run"/> is the last thread.</summary>
    public WorkTeam(int threads)
    {
        Threads = threads;
        for (int i = 1; i < threads; i++)
        {
            new Thread(Help) { IsBackground = true, Name = "Back-propagation" }.Start();
        }
    }

    public int Threads { get; }

    /// <summary>The number of helpers that are sleeping.</summary>
    public int Sleeping => Volatile.Read(ref _sleeping);

    /// <summary>Runs an action for every item from 0 to items − 1 and returns when all are done.</summary>
    public void Run(int items, Action<int> item)
    {
        if (Threads == 1 || items == 1)
        {
            for (int i = 0; i < items; i++)
            {
                item(i);
            }

            return;
        }

        _item = item;
        _items = items;
        _unfinished = items;
        long job = (Volatile.Read(ref _ticket) >> 32) + 1;
        Interlocked.Exchange(ref _ticket, (job << 32) | (uint)items);
        WakeSleepers();
        TakeItems();
        var wait = new SpinWait();
        while (Volatile.Read(ref _unfinished) > 0)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }

        if (Interlocked.Exchange(ref _error, null) is { } error)
        {
            throw new InvalidOperationException("A thread of the training failed.", error);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        WakeSleepers();
    }

    private void TakeItems()
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket);
            int left = (int)ticket;
            if (left == 0)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _ticket, ticket - 1, ticket) == ticket)
            {
                try
                {
                    _item(_items - left);
                }
                catch (Exception error)
                {
                    Volatile.Write(ref _error, error);
                }

                Interlocked.Decrement(ref _unfinished);
            }
        }
    }

    private void Help()
    {
        while (!_disposed)
        {
            TakeItems();
            if (!WatchForJob())
            {
                Sleep();
            }
        }
    }

    private bool WatchForJob()
    {
        for (int look = 0; look < Looks && !_disposed; look++)
        {
            if (HasItems)
            {
                return true;
            }

            Thread.SpinWait(10);
            if (look % 64 == 63)
            {
                Thread.Yield();
            }
        }

        return false;
    }

    private bool HasItems => (int)Volatile.Read(ref _ticket) != 0;

    private void Sleep()
    {
        lock (_sleep)
        {
            Interlocked.Increment(ref _sleeping);
            while (!HasItems && !_disposed)
            {
                Monitor.Wait(_sleep);
            }

            Interlocked.Decrement(ref _sleeping);
        }
    }

    private void WakeSleepers()
    {
        if (Sleeping > 0 || _disposed)
        {
            lock (_sleep)
            {
                Monitor.PulseAll(_sleep);
            }
        }
    }
}

/// <summary>Splits work into items for the threads of a team.</summary>
internal static class WorkItems
{
    /// <summary>Rows of a batch are grouped by this number, so that tiles are whole and no cache line is shared by two threads.</summary>
    public const int RowGroup = 16;

    /// <summary>The number of items for each thread, so that a delayed thread can leave some to the others.</summary>
    private const int ItemsOfThread = 2;

    /// <summary>
    /// The number of floating-point operations of a batch for which a thread is worthwhile: two threads from 1 million, three from 1.5
    /// million. Below this, sharing the work costs more time than it saves.
    /// </summary>
    private const double OperationsOfThread = 5e5;

    /// <summary>More threads than this would exceed the processors of any machine and only take memory for their stacks.</summary>
    private const int MostThreads = 1024;

    /// <summary>The number of units of work in an item: all units for one thread, otherwise a multiple of
    /// <paramref name="group"/>.</summary>
    public static int Size(int units, int threads, int group)
    {
        if (threads == 1)
        {
            return units;
        }

        int groups = (((units + group - 1) / group) + (threads * ItemsOfThread) - 1) / (threads * ItemsOfThread);
        return groups * group;
    }

    /// <summary>The maximum number of items into which <see cref="Size"/> splits any work.</summary>
    public static int Most(int threads) => threads == 1 ? 1 : threads * ItemsOfThread;

    public static int Count(int units, int size) => (units + size - 1) / size;

    /// <summary>The number of threads that an option allows; 0 means the number of processors.</summary>
    public static int Allowed(int option) => option == 0 ? Environment.ProcessorCount : Math.Min(option, MostThreads);

    /// <summary>The number of threads that are worthwhile for a batch, at most the number that an option allows.</summary>
    public static int Threads(int allowed, double operations) => (int)Math.Clamp(operations / OperationsOfThread, 1, Allowed(allowed));
}
