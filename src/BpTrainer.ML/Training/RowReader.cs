using BpTrainer.Kernels;
using Microsoft.ML.Trainers;

namespace BpTrainer.ML.Training;

/// <summary>
/// Reads the usable rows of a data view, like ML.NET's own trainers: rows with a missing or infinite feature or label, or with a weight
/// that is missing or not above 0, are left out and counted. Missing features are allowed if they are imputed.
/// </summary>
internal sealed class RowReader : IDisposable
{
    private readonly RowSource _source;
    private readonly bool _allowsMissing;
    private readonly LabelCursor _cursor;
    private readonly Func<ulong>? _readGroup;
    private long _badFeatures;
    private ulong _rows;

    /// <summary>Begins to read: with ids if <see cref="Id"/> is needed, and with missing features allowed if they will be
    /// imputed.</summary>
    public RowReader(RowSource source, bool withIds = false, Random? shuffle = null, bool allowsMissing = false)
    {
        // ML.NET's cursor checks one feature after another, which would take longer than everything else, so the features are checked here.
        CursOpt what = CursOpt.Features | CursOpt.AllowBadFeatures
            | (source.HasWeights ? CursOpt.Weight : 0)
            | (withIds && source.Group is null && !source.IsInOrder ? CursOpt.Id : 0);
        _source = source;
        _allowsMissing = allowsMissing || source.Imputation is not null;
        _cursor = new LabelCursor(
            source.Data, what, source.Task, source.IsInOrder ? null : shuffle, source.Group is { } read ? [read.Index] : []);
        _readGroup = source.Group is { } column ? RowGroups.CreateGetter(_cursor.Row, column) : null;
    }

    /// <summary>The weight of the current row; 1 without a weight column.</summary>
    public float Weight => _cursor.Weight;

    /// <summary>The group of the current row; 0 without a group column.</summary>
    public ulong Group => _readGroup?.Invoke() ?? 0;

    /// <summary>
    /// The id of the current row, or of its group if there are groups; it does not depend on the order of the rows. If the rows are read in
    /// order, it is the number of the row among the usable rows, from 0.
    /// </summary>
    public DataViewRowId Id => _source.IsInOrder ? new DataViewRowId(_rows - 1, 0)
        : _readGroup is null ? _cursor.Id : new DataViewRowId(Group, 0);

    /// <summary>Counts the usable rows in one pass.</summary>
    public static long Count(RowSource source, CancellationToken cancellationToken)
    {
        using var reader = new RowReader(source);
        long rows = 0;
        for (; reader.MoveNext(); rows++)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return rows;
    }

    public bool MoveNext()
    {
        while (_cursor.MoveNext())
        {
            ReadOnlySpan<float> features = _cursor.Features.GetValues();
            if (Finite.All(features) || (_allowsMissing && !features.ContainsAny(float.PositiveInfinity, float.NegativeInfinity)))
            {
                _rows++;
                return true;
            }

            _badFeatures++;
        }

        return false;
    }

    public ref readonly VBuffer<float> Features => ref _cursor.Features;

    public ReadOnlySpan<float> Labels => _cursor.Labels;

    public void CopyInputsTo(Span<float> inputs)
    {
        _cursor.Features.CopyTo(inputs);
        _source.Imputation?.Complete(inputs);
    }

    public void Dispose() => _cursor.Dispose();

    /// <summary>Warns of the rows that were left out. Call it after all data has been read.</summary>
    /// <exception cref="InvalidOperationException">No row was usable.</exception>
    public void Report(WarningList warnings, string purpose)
    {
        long skipped = _cursor.SkippedRowCount + _badFeatures, used = _cursor.KeptRowCount - _badFeatures;
        if (skipped > 0)
        {
            warnings.Add(
                "RowsLeftOut",
                $"Skipped {skipped} of {skipped + used} rows of the {purpose} data: {_cursor.BadLabelCount} with a missing label, " +
                $"{_cursor.BadWeightCount} with a weight that is missing or not above 0, " +
                $"{_badFeatures} with {(_allowsMissing ? "" : "missing or ")}infinite features.");
        }

        if (used == 0)
        {
            throw warnings.Channel.Except(skipped == 0
                ? $"The {purpose} data has no rows."
                : $"The {purpose} data has no usable rows: all {skipped} rows have a missing label, weight or feature.");
        }
    }
}

/// <summary>
/// ML.NET's cursor of feature vectors, with a label that is a number or a vector. Rows with a missing or infinite label are left out and
/// counted.
/// </summary>
internal sealed class LabelCursor : FeatureFloatVectorCursor
{
    private readonly Action<float[]>? _readVector;
    private readonly ValueGetter<float>? _readNumber;
    private readonly string _column;
    private readonly LearningTask _task;
    private readonly float[] _labels;

    public LabelCursor(RoleMappedData data, CursOpt options, LearningTask task, Random? shuffle, params int[] more)
        : base(data, options | CursOpt.Label, shuffle, more)
    {
        DataViewSchema.Column label = data.Schema.Label!.Value;
        _column = label.Name;
        _task = task;
        if (label.Type is VectorDataViewType vector)
        {
            _readVector = LabelVector.CreateReader(Row, Row.Schema[label.Index]);
            _labels = new float[vector.Size];
        }
        else
        {
            _readNumber = Row.GetLabelFloatGetter(data);
            _labels = new float[1];
        }
    }

    public ReadOnlySpan<float> Labels => _labels;

    public long BadLabelCount { get; private set; }

    public override bool Accept()
    {
        // The label is read first, because reading the features takes longer.
        if (_readVector is null)
        {
            _readNumber!(ref _labels[0]);
        }
        else
        {
            _readVector(_labels);
        }

        if (!Finite.All(_labels))
        {
            BadLabelCount++;
            return false;
        }

        if (_task.IsMultiLabel && _labels.AsSpan().IndexOfAnyExcept(0, 1) is >= 0 and var slot)
        {
            throw Contracts.Except(FormattableString.Invariant(
                $"Column '{_column}' has the label {_labels[slot]} in slot {slot} of row {Row.Position}, but each must be 0 or 1."));
        }

        if (_task.Counts && Array.Find(_labels, label => label < 0) is < 0 and float negative)
        {
            throw Contracts.Except(
                FormattableString.Invariant($"Column '{_column}' has the label {negative}, ") +
                $"but the {nameof(Loss)} {Loss.Poisson} is for counts and rates, which are 0 or more.");
        }

        return base.Accept();
    }
}

internal static class Finite
{
    private static readonly Lazy<RowKernel<float>> s_kernel = new(() => RowKernel<float>.Create(Kernel.Default));

    public static bool All(ReadOnlySpan<float> values) => s_kernel.Value.IsFinite(values);
}
