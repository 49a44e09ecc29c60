using System.Numerics;

namespace BpTrainer;

/// <summary>One of several trainings of a <see cref="RestartTrainer{T}"/>.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="Network">The network, trained.</param>
/// <param name="Seed">The seed of its first weights, if they were drawn, of the order of its samples and of its dropout.</param>
/// <param name="Result">How its training went.</param>
public sealed record TrainedRun<T>(Network<T> Network, int Seed, TrainingResult Result) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What its update rule remembers, if <see cref="TrainingOptions.KeepUpdateState"/> is set; else null.</summary>
    public UpdateState<T>? State { get; init; }

    /// <summary>
    /// What runs are compared by: the validation loss of the weights that the network has, without a validation set the training loss of their
    /// epoch; infinite when no epoch was good.
    /// </summary>
    public double Loss => Result.BestEpoch == 0
        ? double.PositiveInfinity
        : Result.History[Result.BestEpoch - 1] is var best && best.ValidationLoss is { } loss ? loss : best.TrainingLoss;
}
