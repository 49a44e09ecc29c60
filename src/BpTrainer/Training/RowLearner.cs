using BpTrainer.Data;
using BpTrainer.Files;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>
/// Learns from rows on this machine: computes the gradient of each batch and updates the parameters, or does both at once for single
/// samples if the options allow it.
/// </summary>
internal sealed class RowLearner<T> : BatchLearner<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OnlineStep<T>? _online;
    private readonly ParameterUpdate<T>? _update;
    private readonly BatchGradient<T>? _gradient;
    private readonly TrainingRows<T> _rows;
    private readonly RandomStream? _shuffle;
    private readonly SampleOrder<T> _orders;
    private readonly int _batchSize;
    private int[] _order;

    public RowLearner(RowParts<T> parts, OptimizerStep<T> step)
    {
        TrainingOptions options = parts.Options;
        _rows = parts.Pass.Rows;
        _shuffle = options.Shuffle ? new RandomStream(options.Seed, RandomPurpose.Shuffle) : null;
        _orders = new SampleOrder<T>(_rows.Block);
        _order = _orders.For(_rows.Block.Rows);
        _batchSize = (int)parts.BatchSize;
        if (OnlineStep<T>.Takes(options, parts.Network.Layouts, _batchSize) && parts.Work.SparseInputs is null)
        {
            _online = new OnlineStep<T>(parts.Network, options, parts.Kernel, parts.Pass.Source, step);
            return;
        }

        _update = new ParameterUpdate<T>(parts, step);
        _gradient = new BatchGradient<T>(parts, options.Regularization, _update);
    }

    public override void Restart() => _rows.Restart(isShuffled: _shuffle is not null);

    public override long NextBlock(CancellationToken cancellationToken)
    {
        int rows = _rows.Next(cancellationToken);
        if (rows > 0)
        {
            _order = _orders.For(rows);
            _shuffle?.Shuffle(_order.AsSpan(0, rows));
        }

        return rows;
    }

    public override double Learn(long first, long end, T rate, ref long updates, CancellationToken cancellationToken)
    {
        if (_online is not null)
        {
            return _online.Run(_order, (int)first, (int)end, rate, ref updates, cancellationToken);
        }

        double loss = 0;
        for (int next = (int)first; next < end && !cancellationToken.IsCancellationRequested; updates++)
        {
            int count = Math.Min(_batchSize, (int)end - next);
            loss += _gradient!.Run(_order, next, count, rate) * count;
            next += count;
        }

        return loss;
    }

    public override void FinishUpdates() => _update?.Deferred?.Finish();

    public override void SaveOrLoad(CheckpointState state)
    {
        _gradient?.SaveOrLoad(state);
        state.SaveOrLoad(_shuffle);
        _orders.SaveOrLoad(state, _rows.IsInMemory);
        _rows.SaveOrLoad(state);
    }
}
