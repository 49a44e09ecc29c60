using System.Runtime.ExceptionServices;

namespace BpTrainer.Threads;

/// <summary>Runs long jobs in parallel, each from start to end on one thread.</summary>
internal static class SideBySide
{
    /// <summary>
    /// Runs an action for every job from 0 to jobs − 1, on this thread and on new threads, so that long jobs do not block the thread pool.
    /// A job gets its number and a token that is cancelled when the user cancels or another job fails.
    /// </summary>
    public static void Run(int jobs, int threads, Action<int, CancellationToken> job, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var errors = new Exception?[jobs];
        int last = -1;
        var helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Thread(Work) { IsBackground = true, Name = "Training" };
            helpers[i].Start();
        }

        Work();
        foreach (Thread helper in helpers)
        {
            helper.Join();
        }

        if (Array.Find(errors, error => error is not null) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        void Work()
        {
            for (int i = Interlocked.Increment(ref last); i < jobs; i = Interlocked.Increment(ref last))
            {
                try
                {
                    job(i, giveUp.Token);
                }
                catch (Exception error)
                {
                    errors[i] = error;
                    giveUp.Cancel();
                }
            }
        }
    }
}
