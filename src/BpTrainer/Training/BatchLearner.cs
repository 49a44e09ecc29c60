using BpTrainer.Files;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>
/// Learns from batch after batch: the gradient of each, and the update by it, or for single samples both at once where the options allow.
/// </summary>
internal sealed class BatchLearner<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OnlineStep<T>? _online;
    private readonly ParameterUpdate<T>? _update;
    private readonly BatchGradient<T>? _gradient;
    private readonly int _batchSize;

    public BatchLearner(TrainingParts<T> parts, OptimizerStep<T> step)
    {
        _batchSize = parts.BatchSize;
        TrainingOptions options = parts.Options;
        if (OnlineStep<T>.Takes(options, parts.Network.Layouts, _batchSize) && parts.Pass.Work.SparseInputs is null)
        {
            _online = new OnlineStep<T>(parts.Network, options, parts.Kernel, parts.Pass.Source, step);
            return;
        }

        _update = new ParameterUpdate<T>(parts, step);
        _gradient = new BatchGradient<T>(parts, options.Regularization, _update);
    }

    /// <summary>
    /// Learns from samples order[first .. end], and returns the sum of their losses, each before its update. A batch whose loss is not
    /// finite changes nothing.
    /// </summary>
    public double Learn(int[] order, int first, int end, T rate, ref long updates, CancellationToken cancellationToken)
    {
        if (_online is not null)
        {
            return _online.Run(order, first, end, rate, ref updates, cancellationToken);
        }

        double loss = 0;
        while (first < end && !cancellationToken.IsCancellationRequested)
        {
            int count = Math.Min(_batchSize, end - first);
            loss += _gradient!.Run(order, first, count, rate) * count;
            first += count;
            updates++;
        }

        return loss;
    }

    /// <summary>Makes the updates that were deferred.</summary>
    public void FinishUpdates() => _update?.Deferred?.Finish();

    /// <summary>Saves or loads what continues from batch to batch, besides the optimizer state.</summary>
    public void SaveOrLoad(CheckpointState state) => _gradient?.SaveOrLoad(state);
}
