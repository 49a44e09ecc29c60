using BpTrainer.Encodings;
using BpTrainer.Ensembles;
using BpTrainer.Scalings;

namespace BpTrainer.ML.Training;

/// <summary>
/// Rows that do not fit into memory: every pass reads them from the data view again. A first pass, the survey, counts them, collects the
/// statistics for the scalings, and draws the validation rows, which stay in memory.
/// </summary>
internal sealed class StreamedRows : TrainingRows, IRowStream<float>
{
    private readonly WarningList _warnings;
    private readonly StreamedSplit _split;
    private readonly ColumnStatistics _inputs;
    private readonly ColumnStatistics _outputs;
    private readonly FeatureSurvey _features;
    private readonly RowSample<float>? _sample;
    private readonly List<DataViewRowId> _heldIds = [];
    private readonly RowStore _held;
    private readonly float[] _targets;
    private readonly long _memory;
    private RowReader? _reader;

    /// <summary>
    /// Surveys the rows. The rows in memory take at most the given number of bytes, in addition to a sample for the encoding.
    /// </summary>
    public StreamedRows(
        WarningList warnings, RowSource source, long memory, DataSet<float>? validation,
        StreamedSplit split, bool isEncoded, CancellationToken cancellationToken)
        : base(source, validation)
    {
        if (source.IsSparse)
        {
            SparseFeatures.WarnOfZeros(
                warnings, source, $"they do not fit into {nameof(BackPropagationOptions.MaximumMemory)} and are streamed");
        }

        _warnings = warnings;
        _split = split;
        _inputs = new ColumnStatistics(source.Inputs);
        _outputs = new ColumnStatistics(source.Task.Outputs);
        _features = new FeatureSurvey(source.Features);
        _sample = isEncoded
            ? new RowSample<float>(source.Inputs, source.Task.Outputs, RowSample<float>.MostNumbersOfStream)
            : null;
        _held = new RowStore(source);
        _targets = new float[source.Task.Outputs];
        Survey(mostHeld: (int)Math.Min(memory / source.BytesPerRow / 4, int.MaxValue), cancellationToken);
        if (_held.Count > 0)
        {
            Validation = _held.ToDataSet();
            memory -= _held.Bytes;
        }

        _memory = memory;
    }

    public override long Count => _inputs.Rows;

    public override int CountInMemory
    {
        get
        {
            long rows = Math.Min(_memory / Source.BytesPerRow, Array.MaxLength / Math.Max(Source.Inputs, Source.Task.Outputs));
            return rows >= 1
                ? (int)rows
                : throw _warnings.Channel.Except(FormattableString.Invariant(
                    $"{nameof(BackPropagationOptions.MaximumMemory)} leaves {_memory} bytes for the training rows, ") +
                    FormattableString.Invariant($"but one row of {Source.Features} features takes {Source.BytesPerRow}."));
        }
    }

    public override bool IsSparse => false;

    public override string Place => $"streamed in blocks of at most {CountInMemory} rows";

    long IRowStream<float>.Rows => Count;

    int IRowStream<float>.InputColumns => Source.Inputs;

    int IRowStream<float>.TargetColumns => Source.Task.Outputs;

    double? IRowStream<float>.TotalWeight => Source.HasWeights ? _inputs.TotalWeight : null;

    public override ColumnScaling? InputScaling(Scaling scaling) => scaling.OfInputs(_inputs);

    public override ColumnStatistics TargetStatistics() => _outputs;

    public override PiecewiseLinearEncoding Encode(int bins) => _sample!.EncodeByTrees(bins);

    public override void ReportFeatures(WarningList warnings) => _features.Report(warnings, Source.FeatureNames);

    public override EnsembleResult<float> Train(
        EnsembleTrainer<float> trainer, Action<EpochProgress<float>> onEpoch, CancellationToken cancellationToken) =>
        trainer.Run(this, CountInMemory, Validation, onEpoch, cancellationToken);

    /// <exception cref="InvalidOperationException">There are folds, which require all rows in memory.</exception>
    public override HiddenSizeTrials Try(HiddenSizeSearch<float> search, int folds, int seed, CancellationToken cancellationToken) =>
        folds == 0 ? search.Run(this, CountInMemory, Validation!, cancellationToken) : throw _warnings.Channel.Except(
            $"{nameof(BackPropagationOptions.HiddenLayers)} has {folds} folds, but the rows do not fit into " +
            $"{nameof(BackPropagationOptions.MaximumMemory)} and are streamed: leave out the folds, or allow more memory.");

    void IRowStream<float>.Restart(int? shuffleSeed)
    {
        _reader?.Dispose();

        // ML.NET's generator has a fixed algorithm; that of System.Random may change between versions of .NET.
        _reader = new RowReader(Source, withIds: true, shuffleSeed is { } seed ? RandomUtils.Create(seed) : null);
    }

    int IRowStream<float>.Read(Span<float> inputs, Span<float> targets, Span<float> weights)
    {
        int room = inputs.Length / Source.Inputs;
        int rows = 0;
        while (rows < room && _reader!.MoveNext())
        {
            if (_split.Takes(_reader.Id))
            {
                continue;
            }

            _reader.CopyInputsTo(inputs.Slice(rows * Source.Inputs, Source.Inputs));
            Source.Task.WriteTargets(_reader.Labels, targets.Slice(rows * Source.Task.Outputs, Source.Task.Outputs));
            if (Source.HasWeights)
            {
                weights[rows] = _reader.Weight;
            }

            rows++;
        }

        return rows;
    }

    public override void Dispose() => _reader?.Dispose();

    private void Survey(int mostHeld, CancellationToken cancellationToken)
    {
        var inputs = new float[Source.Inputs];
        using (var reader = new RowReader(Source, withIds: true))
        {
            while (reader.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_split.Takes(reader.Id))
                {
                    _held.Add(reader);
                    _heldIds.Add(reader.Id);
                    while (_held.Count > mostHeld && _held.Count > 0)
                    {
                        _split.Halve();
                        Release();
                    }
                }
                else
                {
                    reader.CopyInputsTo(inputs);
                    Add(inputs, reader.Labels, reader.Weight);
                }
            }

            reader.Report(_warnings, "training");
        }

        if (_held.Count is > 0 and < ValidationSplit.MinimumRows)
        {
            _split.TakeNone();
            Release();
        }

        if (Count == 0)
        {
            throw _warnings.Channel.Except(
                $"All {_held.Count} rows of the training data fell into the validation part, because their ids or groups do not " +
                $"distinguish them; set {nameof(BackPropagationOptions.ValidationFraction)} to 0 or give Fit validation data.");
        }
    }

    /// <summary>Returns the rows that are no longer validation rows to training.</summary>
    private void Release()
    {
        int kept = 0;
        for (int row = 0; row < _held.Count; row++)
        {
            if (_split.Takes(_heldIds[row]))
            {
                _held.Move(row, kept);
                _heldIds[kept] = _heldIds[row];
                kept++;
            }
            else
            {
                Add(_held.Inputs(row), _held.Labels(row), _held.Weight(row));
            }
        }

        _held.Truncate(kept);
        _heldIds.RemoveRange(kept, _heldIds.Count - kept);
    }

    private void Add(ReadOnlySpan<float> inputs, ReadOnlySpan<float> labels, float weight)
    {
        Note(labels);
        _features.Add(inputs);
        _inputs.Add(inputs, weight);
        Source.Task.WriteTargets(labels, _targets);
        _outputs.Add<float>(_targets, weight);
        _sample?.Add(inputs, _targets);
    }
}
