using System.Numerics;
using BpTrainer.Averaging;
using BpTrainer.Data;
using BpTrainer.Kernels;
using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Schedules;
using BpTrainer.Threads;

namespace BpTrainer.Training;

/// <summary>The parts of a training that a <see cref="Learner{T}"/> is put together from.</summary>
internal sealed class TrainingParts<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Allocates all that has the size of a batch, and starts the threads.</summary>
    /// <param name="network">The network that learns.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="feed">What it learns from.</param>
    /// <param name="measuredRows">The rows of the largest set that a loss is measured on; 0 for none.</param>
    /// <param name="validation">The set that a loss is measured on beside <paramref name="feed"/>; null for none.</param>
    public TrainingParts(Network<T> network, TrainingOptions options, TrainingRows<T> feed, int measuredRows, DataSet<T>? validation = null)
    {
        bool isSparse = SparseBatch<T>.Suits(network.InputScaling, options, feed.Block, validation);
        Network = network;
        Options = options;
        Feed = feed;
        Kernel = options.KernelInUse;
        BatchSize = Math.Min(options.BatchSize, feed.Block.Rows);
        Work = new Workspace<T>(network, Math.Min(Math.Max(BatchSize, measuredRows), Workspace<T>.MostRows), isSparse);
        BackPropagation = new BackPropagation<T>(network, options.Loss, Kernel, Work);
        Course = new RateCourse(options, TrainingLength.Of(options, feed.Rows));
        Average = options.Averaging?.Create(network.Parameters, Kernel);

        // What must be disposed of comes last, when everything that takes much memory is there.
        Source = new BatchSource<T>(feed.Block, network, Kernel);
        try
        {
            Team = new WorkTeam(WorkItems.Threads(options.NumberOfThreads, LayerLayout.Operations(network.Layouts, BatchSize)));
        }
        catch
        {
            Source.Dispose();
            throw;
        }
    }

    public Network<T> Network { get; }

    public TrainingOptions Options { get; }

    public KernelKind Kernel { get; }

    public TrainingRows<T> Feed { get; }

    public BatchSource<T> Source { get; }

    public BackPropagation<T> BackPropagation { get; }

    public Workspace<T> Work { get; }

    public WorkTeam Team { get; }

    /// <summary>The samples of a batch.</summary>
    public int BatchSize { get; }

    /// <summary>The learning rate of every update, for rules that take one.</summary>
    public RateCourse Course { get; }

    /// <summary>The average of the weights, if one is wanted.</summary>
    public WeightAverage<T>? Average { get; }

    public void Dispose()
    {
        Team.Dispose();
        Source.Dispose();
    }

    /// <summary>Epochs of updates by a step of a rule.</summary>
    public EpochPass<T> CreatePass(OptimizerStep<T> update) => new(Options, Feed, CreateBatchStep(update));

    /// <summary>Updates by a step of a rule.</summary>
    public BatchStep<T> CreateBatchStep(OptimizerStep<T> update) => BatchSize == 1 && !Options.Regularization.ChangesUpdates && Work.SparseInputs is null
        ? Kernels.Kernel.Create<T, BatchStep<T>, SampleStepFactory<T>>(Kernel, new(Network, Options, Kernel, Source, update))
        : new SharedBatchStep<T>(Network, Source, BackPropagation, Work, update, Options, Team, BatchSize);

    /// <summary>The loss over all samples, with the parameters as they are.</summary>
    public LossMeter<T> CreateLossMeter() => new(Feed, Source, BackPropagation, Work, Team);
}
