namespace BpTrainer;

/// <summary>L-BFGS; see <see cref="LbfgsLearner{T}"/>.</summary>
internal sealed record LbfgsRule(int History, double MinimumGradient) : SolverRule
{
    private protected override string Method => "l-bfgs";

    internal override void Validate()
    {
        Guard.AtLeast(History, 1);
        Guard.FiniteAtLeast(MinimumGradient, 0);
    }

    internal override void CheckSize<T>(LayerLayout[] layouts) =>
        TrainingMemory.ThrowIfNotAvailable(Bytes<T>(layouts), nameof(History), History);

    internal override unsafe long Bytes<T>(LayerLayout[] layouts) =>
        TrainingMemory.Bytes<T>(layouts[^1].End * ((2.0 * History) + LbfgsLearner<T>.OtherBlocks));

    internal override Learner<T> CreateLearner<T>(TrainingParts<T> parts) => new LbfgsLearner<T>(parts, History, MinimumGradient);
}
