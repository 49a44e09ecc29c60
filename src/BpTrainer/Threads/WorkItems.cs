namespace BpTrainer.Threads;

/// <summary>Cuts work into items for the threads of a team.</summary>
internal static class WorkItems
{
    /// <summary>Rows of a batch come in groups of this many: whole tiles, and no cache line shared by two threads.</summary>
    public const int RowGroup = 16;

    /// <summary>Items for each thread, so that one that is held up can leave some to the others.</summary>
    private const int ItemsOfThread = 2;

    /// <summary>
    /// Floating-point operations of a batch that make a thread worth its start: two threads from 1 million on, three from
    /// 1.5 million. Below, handing work over costs more than it saves.
    /// </summary>
    private const double OperationsOfThread = 5e5;

    /// <summary>More threads than any machine has processors would only take memory for their stacks.</summary>
    private const int MostThreads = 1024;

    /// <summary>How many units of work an item has: everything for one thread, else a multiple of <paramref name="group"/>.</summary>
    public static int Size(int units, int threads, int group)
    {
        if (threads == 1)
        {
            return units;
        }

        int groups = (((units + group - 1) / group) + (threads * ItemsOfThread) - 1) / (threads * ItemsOfThread);
        return groups * group;
    }

    /// <summary>The most items that <see cref="Size"/> cuts any work into.</summary>
    public static int Most(int threads) => threads == 1 ? 1 : threads * ItemsOfThread;

    public static int Count(int units, int size) => (units + size - 1) / size;

    /// <summary>The number of threads that an option allows: 0 stands for as many as there are processors.</summary>
    public static int Allowed(int option) => option == 0 ? Environment.ProcessorCount : Math.Min(option, MostThreads);

    /// <summary>The number of threads for a batch of so many operations, at most those that are allowed (0: as many as there are processors).</summary>
    public static int Threads(int allowed, double operations) => (int)Math.Clamp(operations / OperationsOfThread, 1, Allowed(allowed));
}
