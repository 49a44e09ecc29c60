using BpTrainer.Files;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>An epoch of a training, and the optimizer state from one epoch to the next.</summary>
internal abstract class Epoch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The learning rate of the next epoch, or what the optimizer uses instead.</summary>
    public abstract double Rate { get; }

    /// <summary>The norm of the gradient, see <see cref="EpochRecord.GradientNorm"/>, after an epoch that needs it; otherwise
    /// null.</summary>
    public virtual double? GradientNorm => null;

    /// <summary>Why another epoch would be useless; null if it would not.</summary>
    public virtual StopReason? StopReason => null;

    /// <summary>The batches of an epoch; null if all samples together make one update.</summary>
    public virtual BatchEpoch<T>? Batches => null;

    /// <summary>Whether the weights after every update are final, so that an average that follows updates includes them.</summary>
    public virtual bool AveragesUpdates => false;

    /// <summary>The results of Bayesian regularization so far; null for other optimizers.</summary>
    public virtual BayesianFigures? Bayesian => null;

    /// <summary>The blocks of the optimizer state. Together with <see cref="Numbers"/> and the parameters, they are all that is needed to
    /// resume.</summary>
    public abstract IReadOnlyList<AlignedBuffer<T>> Memory { get; }

    /// <summary>The single numbers of the optimizer state.</summary>
    public abstract IReadOnlyList<double[]> Numbers { get; }

    /// <summary>Whether a training can produce <see cref="Numbers"/>; a file can contain any numbers.</summary>
    public virtual bool NumbersMakeSense => true;

    public static Epoch<T> Create(TrainingParts<T> parts) => parts.Options.Optimizer switch
    {
        StepOptimizer { AdaptiveRate: null } optimizer => new BatchEpoch<T>(parts, optimizer),
        StepOptimizer optimizer => new AdaptiveEpoch<T>(parts, optimizer),
        LbfgsOptimizer optimizer => new LbfgsEpoch<T>(parts, optimizer),
        ScaledConjugateGradientOptimizer optimizer => new ScaledConjugateGradientEpoch<T>(parts, optimizer),
        LevenbergMarquardtOptimizer optimizer => new LevenbergMarquardtEpoch<T>((RowParts<T>)parts, optimizer),
        var optimizer => throw new NotSupportedException($"The optimizer {optimizer} has no epoch."),
    };

    /// <summary>Starts from the optimizer state of an earlier training.</summary>
    /// <exception cref="ArgumentException">The state belongs to a network with another shape, or no training produces such
    /// numbers.</exception>
    public void Restore(OptimizerState<T> state)
    {
        state.CopyTo(Memory, Numbers);
        if (!NumbersMakeSense)
        {
            throw new ArgumentException(
                $"The optimizer state is not valid: no training with {state.Optimizer} produces such numbers.");
        }

        ForgetSamples();
    }

    /// <summary>Discards the state that depends on the samples of one training.</summary>
    protected virtual void ForgetSamples()
    {
    }

    /// <summary>Runs an epoch, and returns the training loss and whether the epoch was accepted, that is, not undone.</summary>
    public abstract (double Loss, bool Accepted) Run(CancellationToken cancellationToken);

    public void SaveOrLoad(CheckpointState state)
    {
        foreach (AlignedBuffer<T> memory in Memory)
        {
            state.SaveOrLoad(memory.Span);
        }

        foreach (double[] numbers in Numbers)
        {
            state.SaveOrLoad<double>(numbers);
        }

        state.Require(NumbersMakeSense, "the optimizer has numbers that no training produces");
        Batches?.SaveOrLoadBatches(state);
    }

    /// <summary>Why a search cannot continue from a loss and the norm of its gradient; null if it can.</summary>
    protected static StopReason? ReasonAt(double loss, double norm, double minimumNorm) =>
        !double.IsFinite(loss) || !double.IsFinite(norm) ? BpTrainer.StopReason.NonFinite
        : norm <= minimumNorm ? BpTrainer.StopReason.MinimumGradientReached
        : null;
}
