using System.Numerics;

namespace BpTrainer;

/// <summary>What several trainings from different weights came to.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class RestartResult<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal RestartResult(IReadOnlyList<TrainedRun<T>> runs)
    {
        Runs = runs;
        Best = runs.MinBy(run => run.Loss)!;
    }

    /// <summary>All runs, in the order of their numbers.</summary>
    public IReadOnlyList<TrainedRun<T>> Runs { get; }

    /// <summary>The run with the lowest <see cref="TrainedRun{T}.Loss"/>, the first of them if there are several.</summary>
    public TrainedRun<T> Best { get; }

    /// <summary>All networks as one that predicts the mean of their outputs, but those whose training had no good epoch.</summary>
    /// <returns>The ensemble; of the best run alone if no run had a good epoch.</returns>
    public NetworkEnsemble<T> ToEnsemble()
    {
        Network<T>[] good = [.. Runs.Where(run => run.Result.BestEpoch > 0).Select(run => run.Network)];
        return new NetworkEnsemble<T>(good.Length > 0 ? good : [Best.Network]);
    }
}
