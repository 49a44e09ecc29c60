namespace BpTrainer.Optimizers;

/// <summary>A rule that searches the minimum of the error over all samples and finds the length of its steps itself.</summary>
internal abstract record SolverOptimizer : Optimizer
{
    public sealed override bool IsFullBatchOnly => true;

    public sealed override bool KeepsState => false;

    internal override void Check(TrainingOptions options)
    {
        base.Check(options);
        const string Smooth = "which needs the error and its exact gradient";
        Refuse(BiasRateFactor != 1, nameof(BiasRateFactor), BiasRateFactor, "1", "which finds the length of its steps itself");
        Regularization held = options.Regularization;
        Refuse(held.InputDropout != 0, nameof(held.InputDropout), held.InputDropout, "0", Smooth);
        Refuse(held.HasDropout, nameof(held.HiddenDropout), $"[{held.HiddenDropout}]", "[0] or empty", Smooth);
        Refuse(held.L1 != 0, nameof(held.L1), held.L1, "0", "which needs an error with a slope everywhere; L2 works");
        Refuse(held.WeightDecay != 0, nameof(held.WeightDecay), held.WeightDecay, "0", "which needs an error to make small; L2 works");
        Refuse(held.MaxNorm is not null, nameof(held.MaxNorm), held.MaxNorm, "null", "which knows no bounds; L2 works");
        Refuse(held.ClipNorm is not null, nameof(held.ClipNorm), held.ClipNorm, "null", Smooth);
        Refuse(held.ClipValue is not null, nameof(held.ClipValue), held.ClipValue, "null", Smooth);
    }
}
