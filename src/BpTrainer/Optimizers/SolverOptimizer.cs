using BpTrainer.Losses;
using BpTrainer.Networks;
using BpTrainer.Training;

namespace BpTrainer.Optimizers;

/// <summary>An optimizer that searches for the minimum of the loss over all samples and finds the length of its steps itself.</summary>
internal abstract record SolverOptimizer : Optimizer
{
    public sealed override bool IsFullBatchOnly => true;

    public sealed override bool KeepsState => false;

    internal override void Check(TrainingOptions options)
    {
        base.Check(options);
        const string Smooth = "which needs the loss and its exact gradient";
        Refuse(BiasRateFactor != 1, BiasRateFactor, "1", "which finds the length of its steps itself");
        Regularization given = options.Regularization;
        Refuse(given.InputDropout != 0, given.InputDropout, "0", Smooth);
        Refuse(given.HasDropout, $"[{given.HiddenDropout}]", "[0] or empty", Smooth, nameof(given.HiddenDropout));
        Refuse(given.L1 != 0, given.L1, "0", "which needs a loss with a gradient everywhere; use L2");
        Refuse(given.WeightDecay != 0, given.WeightDecay, "0", "which minimizes a loss; use L2");
        Refuse(given.MaxNorm is not null, given.MaxNorm, "null", "which cannot bound weights; use L2");
        Refuse(given.ClipNorm is not null, given.ClipNorm, "null", Smooth);
        Refuse(given.ClipValue is not null, given.ClipValue, "null", Smooth);
    }
}

/// <summary>L-BFGS; see <see cref="Optimizer.Lbfgs"/>.</summary>
internal sealed record LbfgsOptimizer(int History, double MinimumGradient) : SolverOptimizer
{
    /// <summary>The blocks in addition to the history: gradient, gradient before, parameters before, direction.</summary>
    private const int OtherBlocks = 4;

    public override string Name => "l-bfgs";

    internal override void Validate()
    {
        base.Validate();
        Guard.AtLeast(History, 1);
        Guard.FiniteAtLeast(MinimumGradient, 0);
    }

    internal override void CheckSize<T>(LayerLayout[] layouts) =>
        MemorySize.ThrowIfNotAvailable(Bytes<T>(layouts), nameof(History), History);

    internal override unsafe long Bytes<T>(LayerLayout[] layouts) => MemorySize.Of<T>(layouts[^1].End * ((2.0 * History) + OtherBlocks));
}

/// <summary>Scaled conjugate gradient; see <see cref="Optimizer.ScaledConjugateGradient"/>.</summary>
internal sealed record ScaledConjugateGradientOptimizer(double Sigma, double Lambda, double MinimumGradient) : SolverOptimizer
{
    /// <summary>Gradient, gradient before, parameters before, direction.</summary>
    private const int Blocks = 4;

    public override string Name => "scaled-conjugate-gradient";

    internal override void Validate()
    {
        base.Validate();
        Guard.PositiveFinite(Sigma);
        Guard.PositiveFinite(Lambda);
        Guard.FiniteAtLeast(MinimumGradient, 0);
    }

    internal override long Bytes<T>(LayerLayout[] layouts) => MemorySize.Of<T>(layouts[^1].End * (double)Blocks);
}

/// <summary>Levenberg–Marquardt; see <see cref="Optimizer.LevenbergMarquardt"/>.</summary>
internal record LevenbergMarquardtOptimizer(
    double Damping, double Decrease, double Increase, double MaximumDamping, double MinimumGradient, long? MaximumMemory) : SolverOptimizer
{
    public override string Name => "levenberg-marquardt";

    internal override void Validate()
    {
        base.Validate();
        Guard.PositiveFinite(Damping);
        Guard.InnerShare(Decrease);
        if (!(Increase > 1 && double.IsFinite(Increase)))
        {
            throw Guard.OutOfRange(nameof(Increase), Increase, "a finite number above 1");
        }

        Guard.PositiveFinite(MaximumDamping);
        Guard.FiniteAtLeast(MinimumGradient, 0);
        if (MaximumMemory < 1)
        {
            throw Guard.OutOfRange(nameof(MaximumMemory), MaximumMemory, "above 0, or null");
        }
    }

    internal override void Check(TrainingOptions options)
    {
        base.Check(options);
        string right = $"{Loss.HalfSquaredError} or {Loss.MeanSquaredError}";
        Refuse(options.Loss is not SquaredErrorLoss, options.Loss, right, "which needs squared errors");
    }

    internal override void CheckSize<T>(LayerLayout[] layouts)
    {
        int unknowns = Unknowns.CountOf(layouts);
        long needed = NormalEquations.Bytes(unknowns);
        long limit = MaximumMemory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        if (needed > limit || unknowns > NormalEquations.MostUnknowns)
        {
            throw new ArgumentException(
                $"The optimizer {Name} needs {needed} bytes ({MemorySize.Text(needed)}) for the {unknowns} parameters of this network, "
                + $"but may use only {limit} ({MemorySize.Text(limit)}) and {NormalEquations.MostUnknowns} parameters. "
                + $"For large networks on full batches, use {nameof(Lbfgs)}.",
                nameof(layouts));
        }
    }

    internal override long Bytes<T>(LayerLayout[] layouts) => NormalEquations.Bytes(Unknowns.CountOf(layouts));
}

/// <summary>Levenberg–Marquardt with Bayesian regularization; see <see cref="Optimizer.BayesianRegularization"/>.</summary>
internal sealed record BayesianRegularizationOptimizer(
    double Damping, double Decrease, double Increase, double MaximumDamping, double MinimumGradient, long? MaximumMemory)
    : LevenbergMarquardtOptimizer(Damping, Decrease, Increase, MaximumDamping, MinimumGradient, MaximumMemory)
{
    public override string Name => "bayesian-regularization";

    internal override bool ChangesItsObjective => true;

    internal override void Check(TrainingOptions options)
    {
        base.Check(options);
        double l2 = options.Regularization.L2;
        Refuse(l2 != 0, l2, "0", "which finds its own penalty", nameof(options.Regularization.L2));
    }
}
