using System.Diagnostics;

namespace BpTrainer.Benchmarks;

/// <summary>Times what is compared in turns, so that a change of the machine's pace meets all alike.</summary>
internal static class Clock
{
    /// <summary>Runs every action once in each round, and once before, which compiles it and does not count.</summary>
    /// <returns>The least seconds of each action.</returns>
    public static double[] BestOf(int rounds, params Action[] actions)
    {
        var best = new double[actions.Length];
        Array.Fill(best, double.PositiveInfinity);
        for (int round = 0; round <= rounds; round++)
        {
            for (int i = 0; i < actions.Length; i++)
            {
                // The garbage of one is not to be collected in the time of the next.
                GC.Collect();
                GC.WaitForPendingFinalizers();
                long start = Stopwatch.GetTimestamp();
                actions[i]();
                if (round > 0)
                {
                    best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalSeconds);
                }
            }
        }

        return best;
    }
}
