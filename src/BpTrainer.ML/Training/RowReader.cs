using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>
/// Goes through the usable rows of a data view, as ML.NET's own trainers do: a row with a missing or infinite feature or label,
/// or with a weight that is missing or not above 0, is left out and counted.
/// </summary>
internal sealed class RowReader : IDisposable
{
    private readonly LearningTask _task;
    private readonly LabelCursor _cursor;
    private readonly Func<ulong>? _readGroup;
    private long _badFeatures;

    /// <param name="data">The data.</param>
    /// <param name="task">What is to be learned.</param>
    /// <param name="group">The column of which rows with the same value belong together; null for none.</param>
    /// <param name="withIds">Whether <see cref="Id"/> is wanted.</param>
    /// <param name="shuffle">Draws the order of the rows, if the data view can change it; null for its own order.</param>
    public RowReader(RoleMappedData data, LearningTask task, DataViewSchema.Column? group = null, bool withIds = false, Random? shuffle = null)
    {
        // ML.NET's cursor looks at one feature after another, which takes longer than all else: the features are checked here.
        CursOpt what = CursOpt.Features | CursOpt.AllowBadFeatures
            | (data.Schema.Weight.HasValue ? CursOpt.Weight : 0)
            | (withIds && group is null ? CursOpt.Id : 0);
        _task = task;
        _cursor = new LabelCursor(data, what, task, shuffle, group is { } read ? [read.Index] : []);
        _readGroup = group is { } column ? RowGroups.CreateGetter(_cursor.Row, column) : null;
    }

    /// <summary>The weight of the row at hand; 1 without a weight column.</summary>
    public float Weight => _cursor.Weight;

    /// <summary>The group of the row at hand; 0 without a group column.</summary>
    public ulong Group => _readGroup?.Invoke() ?? 0;

    /// <summary>What tells the row at hand, or its group if there are groups, from all others, whatever their order.</summary>
    public DataViewRowId Id => _readGroup is null ? _cursor.Id : new DataViewRowId(Group, 0);

    public bool MoveNext()
    {
        while (_cursor.MoveNext())
        {
            if (Finite.All(_cursor.Features.GetValues()))
            {
                return true;
            }

            _badFeatures++;
        }

        return false;
    }

    /// <summary>Copies the row at hand.</summary>
    public void CopyTo(Span<float> features, Span<float> targets)
    {
        _cursor.Features.CopyTo(features);
        _task.WriteTargets(_cursor.Labels, targets);
    }

    public void Dispose() => _cursor.Dispose();

    /// <summary>Warns, once, of the rows that were left out, when the data have been read to their end.</summary>
    /// <exception cref="InvalidOperationException">No row was usable.</exception>
    public void Report(IChannel channel, string purpose)
    {
        long skipped = _cursor.SkippedRowCount + _badFeatures, used = _cursor.KeptRowCount - _badFeatures;
        if (skipped > 0)
        {
            channel.Warning($"Skipped {skipped} of {skipped + used} rows of the {purpose} data: {_cursor.BadLabelCount} with a missing " +
                $"label, {_cursor.BadWeightCount} with a weight that is missing or not above 0, {_badFeatures} with missing or infinite features.");
        }

        if (used == 0)
        {
            throw channel.Except(skipped == 0
                ? $"The {purpose} data has no rows."
                : $"The {purpose} data has no usable row: all {skipped} rows have a missing label, weight or feature.");
        }
    }
}
