using BpTrainer.Averaging;
using BpTrainer.Data;
using BpTrainer.Networks;
using BpTrainer.Schedules;
using BpTrainer.Threads;

namespace BpTrainer.Training;

/// <summary>What the epochs of a training work with, made once a training.</summary>
internal sealed class TrainingParts<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Allocates what has the size of a batch, large enough for losses on the measured rows, and starts the threads.</summary>
    public TrainingParts(
        Network<T> network, TrainingOptions options, TrainingRows<T> rows, int measuredRows, DataSet<T>? validation = null,
        bool keepsNetInputs = false)
    {
        bool isSparse = options.TakesSparse(network, rows.Block, validation);
        Network = network;
        Options = options;
        Kernel = options.KernelInUse;
        BatchSize = Math.Min(options.BatchSize, rows.Block.Rows);
        var work = new Workspace<T>(
            network, Math.Min(Math.Max(BatchSize, measuredRows), Workspace<T>.MostRows), isSparse, keepsNetInputs);
        BackPropagation = new BackPropagation<T>(network, options.Loss, Kernel, work);
        Course = new ScheduledRates(options.Schedule, options.Optimizer.LearningRate ?? 0, options.LengthOn(rows.Rows));
        Average = options.Averaging?.Create(network.Parameters, Kernel);

        // What must be disposed of comes last, after everything that takes much memory.
        var team = new WorkTeam(WorkItems.Threads(options.NumberOfThreads, LayerLayout.Operations(network.Layouts, BatchSize)));
        try
        {
            Pass = new RowPass<T>(rows, network, Kernel, work, team);
        }
        catch
        {
            team.Dispose();
            throw;
        }
    }

    public Network<T> Network { get; }

    public TrainingOptions Options { get; }

    public KernelKind Kernel { get; }

    /// <summary>The training rows, the workspace and the threads.</summary>
    public RowPass<T> Pass { get; }

    public BackPropagation<T> BackPropagation { get; }

    public int BatchSize { get; }

    /// <summary>The learning rate of every update, for optimizers that take one.</summary>
    public RateCourse Course { get; }

    public WeightAverage<T>? Average { get; }

    public void Dispose()
    {
        Pass.Team.Dispose();
        Pass.Dispose();
    }
}
