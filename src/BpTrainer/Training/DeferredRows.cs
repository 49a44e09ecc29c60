using BpTrainer.Networks;
using BpTrainer.Optimizers;
using BpTrainer.Prediction;
using BpTrainer.Threads;

namespace BpTrainer.Training;

/// <summary>
/// Defers updates of first-layer weights whose inputs are 0 in a whole batch. Their gradient is 0, but the optimizer may still move them,
/// by momentum for example. The deferred updates are made just before the weights are needed, all at once while they are in registers. The
/// result is the same, bit for bit, as without deferring, but not every batch has to go through the memory of all weights.
/// </summary>
internal sealed unsafe class DeferredRows<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of updates after which all weights catch up, so that not too many have to be recorded.</summary>
    private const int MostNotes = 4096;

    /// <summary>The number of rows in a work item when all weights catch up.</summary>
    private const int RowsOfItem = 256;

    private readonly AlignedBuffer<T> _parameters;
    private readonly AlignedBuffer<T>? _memory;
    private readonly OptimizerStep<T> _update;
    private readonly WorkTeam _team;
    private readonly LayerLayout _layout;
    private readonly SparseBatch<T> _batch;
    private readonly int[] _made;
    private readonly Action<int> _touchedItem;
    private readonly Action<int> _rowItem;
    private int _noted;
    private int _touchedOfItem;

    public DeferredRows(Network<T> network, OptimizerStep<T> update, SparseBatch<T> batch, WorkTeam team)
    {
        _parameters = network.Parameters;
        _memory = update.Memory.FirstOrDefault();
        _update = update;
        _team = team;
        _layout = network.Layouts[0];
        _batch = batch;
        _made = new int[_layout.Rows];
        _touchedItem = CatchUpTouched;
        _rowItem = CatchUpRows;
    }

    /// <summary>Brings the weights that the batch needs up to date.</summary>
    public void Begin()
    {
        if (_noted == MostNotes)
        {
            Finish();
        }

        _touchedOfItem = WorkItems.Size(_batch.TouchedCount, _team.Threads, group: 1);
        _team.Run(_batch.TouchedCount == 0 ? 0 : WorkItems.Count(_batch.TouchedCount, _touchedOfItem), _touchedItem);
    }

    /// <summary>Records the current update for all rows that are not marked as updated.</summary>
    public void Note(T learningRate)
    {
        _update.Note(learningRate);
        _noted++;
    }

    /// <summary>Marks a row that has made the update that was recorded last.</summary>
    public void MarkUpdated(int row) => _made[row] = _noted;

    /// <summary>Brings all weights up to date.</summary>
    public void Finish()
    {
        if (_noted == 0)
        {
            return;
        }

        _team.Run(WorkItems.Count(_layout.Rows, RowsOfItem), _rowItem);
        _made.AsSpan().Clear();
        _update.ForgetNotes();
        _noted = 0;
    }

    private void CatchUpTouched(int item)
    {
        int first = item * _touchedOfItem;
        foreach (int row in _batch.Touched[first..Math.Min(first + _touchedOfItem, _batch.TouchedCount)])
        {
            CatchUp(row);
        }
    }

    private void CatchUpRows(int item)
    {
        for (int row = item * RowsOfItem; row < Math.Min((item + 1) * RowsOfItem, _layout.Rows); row++)
        {
            CatchUp(row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CatchUp(int row)
    {
        if (_made[row] < _noted)
        {
            int offset = _layout.WeightOffset + (row * _layout.RowStride);
            fixed (T* parameters = _parameters, memory = _memory)
            {
                _update.CatchUp(parameters + offset, memory, offset, _layout.RowStride, _made[row]);
            }

            _made[row] = _noted;
        }
    }
}
