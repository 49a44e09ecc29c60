using BpTrainer.Data;
using BpTrainer.Losses;
using BpTrainer.Networks;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>The parts of a training on rows of this machine, in memory or streamed.</summary>
internal sealed class RowParts<T> : TrainingParts<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DataSet<T>? _validation;
    private readonly RowPass<T>? _validationPass;

    /// <summary>Allocates the memory for a batch, which is large enough to measure the training rows if they are measured.</summary>
    public RowParts(
        Network<T> network, TrainingOptions options, TrainingRows<T> rows, DataSet<T>? validation = null, bool keepsNetInputs = false)
        : base(
            network, options, rows.Rows, Math.Min(options.BatchSize, rows.Block.Rows),
            MakeWorkspace(network, options, rows, validation, keepsNetInputs),
            LayerLayout.Operations(network.Layouts, Math.Min(options.BatchSize, rows.Block.Rows)))
    {
        _validation = validation;
        try
        {
            ConstantLoss = validation is null ? null : Losses.ConstantLoss.Of(options.Loss, validation, network.OutputScaling);
            Pass = new RowPass<T>(rows, network, Kernel, Work, Team);
            if (validation is not null)
            {
                _validationPass = new RowPass<T>(new InMemoryRows<T>(validation), network, Kernel, Work, Team);
                ValidationMeter = new RowLossMeter<T>(_validationPass, BackPropagation);
            }
        }
        catch
        {
            // If memory runs out, nothing stays pinned and no thread keeps waiting.
            Dispose();
            throw;
        }
    }

    /// <summary>The training rows, the workspace and the threads.</summary>
    public RowPass<T> Pass { get; } = null!;

    public override bool RowsAreAtHand => Pass.Rows.IsInMemory;

    public override double? ConstantLoss { get; }

    public override LossMeter<T>? ValidationMeter { get; }

    public override BatchLearner<T> CreateLearner(OptimizerStep<T> step) => new RowLearner<T>(this, step);

    public override LossMeter<T> CreateLossMeter() => new RowLossMeter<T>(Pass, BackPropagation);

    public override WholeGradient<T> CreateGradient(Regularization regularization) => new RowGradient<T>(this, regularization);

    public override IEnumerable<(string Name, string Value)> DescribeRows() =>
        TrainingIdentity.DescribeRows(Pass.Rows, _validation);

    public override void Dispose()
    {
        base.Dispose();
        Pass?.Dispose();
        _validationPass?.Dispose();
    }

    private static Workspace<T> MakeWorkspace(
        Network<T> network, TrainingOptions options, TrainingRows<T> rows, DataSet<T>? validation, bool keepsNetInputs)
    {
        int measured = Math.Max(options.MeasuresTrainingSet ? rows.Block.Rows : 0, validation?.Rows ?? 0);
        int most = Math.Max(Math.Min(options.BatchSize, rows.Block.Rows), measured);
        bool isSparse = options.TakesSparse(network, rows.Block, validation);
        return new Workspace<T>(network, Math.Min(most, Workspace<T>.MostRows), isSparse, keepsNetInputs);
    }
}
