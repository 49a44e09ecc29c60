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

    /// <summary>What runs are compared by: <see cref="TrainingResult.Loss"/>, infinite when no epoch was good.</summary>
    public double Loss => Result.Loss;
}
