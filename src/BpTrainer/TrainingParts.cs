using System.Numerics;
using BpTrainer.Kernels;

namespace BpTrainer;

/// <summary>The parts of a training that a <see cref="Learner{T}"/> is put together from.</summary>
internal sealed record TrainingParts<T>(
    Network<T> Network,
    TrainingOptions Options,
    KernelKind Kernel,
    SampleFeed<T> Feed,
    BatchSource<T> Source,
    BackPropagation<T> BackPropagation,
    Workspace<T> Work,
    WorkTeam Team)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The samples of a batch.</summary>
    public int BatchSize => Math.Min(Options.BatchSize, Feed.Block.Rows);

    /// <summary>Epochs of updates by a step of a rule.</summary>
    public EpochPass<T> CreatePass(UpdateStep<T> update) => new(Options, Feed, CreateBatchStep(update));

    /// <summary>Updates by a step of a rule.</summary>
    public BatchStep<T> CreateBatchStep(UpdateStep<T> update) => BatchSize == 1 && !Options.Regularization.IsActive
        ? BpTrainer.Kernel.Create<T, BatchStep<T>, SampleStepFactory<T>>(Kernel, new(Network, Options, Kernel, Source, update))
        : new SharedBatchStep<T>(Network, Source, BackPropagation, Work, update, Options, Team, BatchSize);

    /// <summary>The loss over all samples, with the parameters as they are.</summary>
    public LossMeter<T> CreateLossMeter() => new(Feed, Source, BackPropagation, Work, Team);
}
