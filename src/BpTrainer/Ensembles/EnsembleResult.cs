namespace BpTrainer.Ensembles;

/// <summary>What the trainings of an ensemble led to.</summary>
internal sealed class EnsembleResult<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public EnsembleResult(IReadOnlyList<EnsembleMember<T>> members)
    {
        Members = members;
        Best = members.MinBy(member => member.Loss)!;
    }

    /// <summary>All networks, in the order of their numbers.</summary>
    public IReadOnlyList<EnsembleMember<T>> Members { get; }

    /// <summary>The one with the lowest loss, the first of them if there are several.</summary>
    public EnsembleMember<T> Best { get; }

    /// <summary>All networks but those whose training had no good epoch; the best alone if none had one.</summary>
    public NetworkEnsemble<T> ToEnsemble()
    {
        EnsembleMember<T>[] good = [.. Members.Where(member => member.Result.BestEpoch > 0)];
        good = good.Length > 0 ? good : [Best];
        return new NetworkEnsemble<T>([.. good.Select(member => member.Network)])
        {
            Results = [.. good.Select(member => member.Result)],
            Best = Best.Network,
        };
    }
}

/// <summary>One of the networks of an ensemble.</summary>
/// <param name="Network">The network, trained.</param>
/// <param name="Seed">The seed of its first weights, if they were drawn, of the order of its samples and of its dropout.</param>
/// <param name="Result">How its training went.</param>
internal sealed record EnsembleMember<T>(Network<T> Network, int Seed, TrainingResult Result) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What members are compared by; infinite when no epoch was good.</summary>
    public double Loss => Result.Loss;
}
