using System.Numerics;

namespace BpTrainer;

/// <summary>What several trainings from different weights came to.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class EnsembleResult<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal EnsembleResult(IReadOnlyList<EnsembleMember<T>> runs)
    {
        Runs = runs;
        Best = runs.MinBy(run => run.Loss)!;
    }

    /// <summary>All runs, in the order of their numbers.</summary>
    public IReadOnlyList<EnsembleMember<T>> Runs { get; }

    /// <summary>The run with the lowest <see cref="EnsembleMember{T}.Loss"/>, the first of them if there are several.</summary>
    public EnsembleMember<T> Best { get; }

    /// <summary>All networks as one that predicts the mean of their outputs, but those whose training had no good epoch.</summary>
    /// <returns>The ensemble; of the best run alone if no run had a good epoch.</returns>
    public NetworkEnsemble<T> ToEnsemble()
    {
        Network<T>[] good = [.. Runs.Where(run => run.Result.BestEpoch > 0).Select(run => run.Network)];
        return new NetworkEnsemble<T>(good.Length > 0 ? good : [Best.Network]);
    }
}

/// <summary>One of several trainings of a <see cref="EnsembleTrainer{T}"/>.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="Network">The network, trained.</param>
/// <param name="Seed">The seed of its first weights, if they were drawn, of the order of its samples and of its dropout.</param>
/// <param name="Result">How its training went.</param>
public sealed record EnsembleMember<T>(Network<T> Network, int Seed, TrainingResult Result) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What runs are compared by: <see cref="TrainingResult.Loss"/>, infinite when no epoch was good.</summary>
    public double Loss => Result.Loss;
}
