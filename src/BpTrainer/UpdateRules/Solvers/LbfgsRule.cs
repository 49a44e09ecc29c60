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

    internal override unsafe long Bytes<T>(Network<T> network) =>
        network.Parameters.Length * ((2L * History) + LbfgsLearner<T>.OtherBlocks) * sizeof(T);

    internal override Learner<T> CreateLearner<T>(TrainingParts<T> parts) => new LbfgsLearner<T>(parts, History, MinimumGradient);
}
