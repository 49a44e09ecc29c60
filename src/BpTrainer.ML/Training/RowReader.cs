using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML;

/// <summary>
/// Goes through the usable rows of a data view, as ML.NET's own trainers do: a row with a missing or infinite feature or label,
/// or with a weight that is missing or not above 0, is left out and counted. Missing features are let through where they are imputed.
/// </summary>
internal sealed class RowReader : IDisposable
{
    private readonly RowSource _source;
    private readonly bool _allowsMissing;
    private readonly LabelCursor _cursor;
    private readonly Func<ulong>? _readGroup;
    private long _badFeatures;

    /// <param name="source">The rows.</param>
    /// <param name="withIds">Whether <see cref="Id"/> is wanted.</param>
    /// <param name="shuffle">Draws the order of the rows, if the data view can change it; null for its own order.</param>
    /// <param name="allowsMissing">Whether rows with missing features are let through though nothing is imputed.</param>
    public RowReader(RowSource source, bool withIds = false, Random? shuffle = null, bool allowsMissing = false)
    {
        // ML.NET's cursor looks at one feature after another, which takes longer than all else: the features are checked here.
        CursOpt what = CursOpt.Features | CursOpt.AllowBadFeatures
            | (source.HasWeights ? CursOpt.Weight : 0)
            | (withIds && source.Group is null ? CursOpt.Id : 0);
        _source = source;
        _allowsMissing = allowsMissing || source.Imputation is not null;
        _cursor = new LabelCursor(source.Data, what, source.Task, shuffle, source.Group is { } read ? [read.Index] : []);
        _readGroup = source.Group is { } column ? RowGroups.CreateGetter(_cursor.Row, column) : null;
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
            ReadOnlySpan<float> features = _cursor.Features.GetValues();
            if (Finite.All(features) || (_allowsMissing && !features.ContainsAny(float.PositiveInfinity, float.NegativeInfinity)))
            {
                return true;
            }

            _badFeatures++;
        }

        return false;
    }

    /// <summary>The features of the row at hand.</summary>
    public ref readonly VBuffer<float> Features => ref _cursor.Features;

    /// <summary>Copies the row at hand as a sample.</summary>
    public void CopyTo(Span<float> inputs, Span<float> targets)
    {
        _cursor.Features.CopyTo(inputs);
        _source.Imputation?.Complete(inputs);
        CopyTargetsTo(targets);
    }

    /// <summary>Copies the targets of the row at hand.</summary>
    public void CopyTargetsTo(Span<float> targets) => _source.Task.WriteTargets(_cursor.Labels, targets);

    public void Dispose() => _cursor.Dispose();

    /// <summary>Warns, once, of the rows that were left out, when the data have been read to their end.</summary>
    /// <exception cref="InvalidOperationException">No row was usable.</exception>
    public void Report(WarningList warnings, string purpose)
    {
        long skipped = _cursor.SkippedRowCount + _badFeatures, used = _cursor.KeptRowCount - _badFeatures;
        if (skipped > 0)
        {
            warnings.Add("RowsLeftOut", $"Skipped {skipped} of {skipped + used} rows of the {purpose} data: {_cursor.BadLabelCount} with a missing " +
                $"label, {_cursor.BadWeightCount} with a weight that is missing or not above 0, {_badFeatures} with {(_allowsMissing ? "" : "missing or ")}infinite features.");
        }

        if (used == 0)
        {
            throw warnings.Channel.Except(skipped == 0
                ? $"The {purpose} data has no rows."
                : $"The {purpose} data has no usable row: all {skipped} rows have a missing label, weight or feature.");
        }
    }
}
