using BpTrainer.Losses;

namespace BpTrainer.Ensembles;

/// <summary>The networks of an ensemble, in the order of their numbers, with the results of their trainings.</summary>
internal sealed class EnsembleResult<T>(IReadOnlyList<EnsembleMember<T>> members) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public IReadOnlyList<EnsembleMember<T>> Members { get; } = members;

    /// <summary>The first network with the lowest loss.</summary>
    public EnsembleMember<T> Best { get; } = members.MinBy(member => member.Loss)!;

    /// <summary>
    /// All networks except those whose training had no good epoch; only the best network if none had one. The validation losses of the
    /// kinds determine their weights.
    /// </summary>
    public NetworkEnsemble<T> ToEnsemble()
    {
        EnsembleMember<T>[] good = [.. Members.Where(member => member.Result.BestEpoch > 0)];
        good = good.Length > 0 ? good : [Best];
        double[] weights = good.All(member => member.IsValidated)
            ? EnsembleMixing.Weights([.. good.Select(member => member.Kind)], [.. good.Select(member => member.Loss)])
            : EnsembleMixing.Equal(good.Length);
        return new NetworkEnsemble<T>([.. good.Select(member => member.Network)], weights)
        {
            Results = [.. good.Select(member => member.Result)],
            Best = Best.Network,
        };
    }
}

/// <summary>A network of an ensemble, the seed of its training, and the result.</summary>
internal sealed record EnsembleMember<T>(Network<T> Network, int Seed, TrainingResult Result)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The result that was not kept if the network was trained twice, from different weights; null if it was trained
    /// once.</summary>
    public TrainingResult? Discarded { get; init; }

    /// <summary>The stages in which the network grew; empty if it did not grow.</summary>
    public IReadOnlyList<GrowthStage> Stages { get; init; } = [];

    public double Loss => Result.Loss;

    public string Kind => EnsembleMixing.KindOf(Network.Layouts, hasGrown: Stages.Count > 0);

    /// <summary>Whether the validation loss is hardly below that of the best constant prediction.</summary>
    public bool IsHardlyBetterThanConstant => Result.ConstantLoss is > 0 and var constant && Loss >= ConstantLoss.HardlyBetter * constant;

    /// <summary>Whether the loss was measured on validation samples.</summary>
    public bool IsValidated => Result.BestEpoch > 0 && Result.History[Result.BestEpoch - 1].ValidationLoss is not null;
}
