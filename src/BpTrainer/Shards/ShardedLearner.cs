using BpTrainer.Files;
using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Threads;
using BpTrainer.Training;

namespace BpTrainer.Shards;

/// <summary>Learns from batches with a share from every shard: the shards compute the gradient, and the update is made here.</summary>
internal sealed unsafe class ShardedLearner<T> : BatchLearner<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ShardedParts<T> _training;
    private readonly ShardedGradient<T> _gradient;
    private readonly ParameterUpdate<T> _update;
    private readonly ParameterPart[] _parts;
    private readonly Action<int> _partItem;
    private int _items;

    /// <summary>The number of passes so far; each pass shuffles the rows once more.</summary>
    private long _pass;
    private bool _isAtEnd;

    public ShardedLearner(ShardedParts<T> training, OptimizerStep<T> step)
    {
        _training = training;
        _gradient = new ShardedGradient<T>(training, training.Options.Regularization);
        _update = new ParameterUpdate<T>(training, step);
        _parts = ParameterPart.Cut(training.Network.Layouts);
        _partItem = UpdateParts;
    }

    public override void Restart() => _isAtEnd = false;

    public override long NextBlock(CancellationToken cancellationToken)
    {
        if (_isAtEnd || cancellationToken.IsCancellationRequested)
        {
            return 0;
        }

        _isAtEnd = true;
        _pass += _training.Options.Shuffle ? 1 : 0;
        return _training.Rows;
    }

    public override double Learn(long first, long end, T rate, ref long updates, CancellationToken cancellationToken)
    {
        double loss = 0;
        while (first < end)
        {
            long count = Math.Min(_training.BatchSize, end - first);
            var place = new BatchPlace(_pass, first, first + count, Divisor: count, Update: updates + 1);
            if (_gradient.Run(place, T.One, cancellationToken) is not { } lossOfBatch)
            {
                break;
            }

            Update(lossOfBatch, rate);
            loss += lossOfBatch * count;
            first += count;
            updates++;
        }

        return loss;
    }

    /// <summary>Saves or loads the number of passes, which determines the order of the rows.</summary>
    public override void SaveOrLoad(CheckpointState state) => state.SaveOrLoad(ref _pass, 0, state.Epochs);

    private void Update(double loss, T rate)
    {
        if (!double.IsFinite(loss))
        {
            return;
        }

        _update.Begin(loss, rate);
        _items = Math.Min(_parts.Length, WorkItems.Most(_training.Team.Threads));
        _training.Team.Run(_items, _partItem);
        _update.Finish(_gradient.Whole);
    }

    private void UpdateParts(int item)
    {
        fixed (T* parameters = _training.Network.Parameters, gradients = _gradient.Whole, memory = _update.Memory)
        {
            for (int p = item; p < _parts.Length; p += _items)
            {
                ParameterPart part = _parts[p];
                _update.Take(part, p, parameters + part.Offset, gradients + part.Offset, memory);
            }
        }
    }
}
