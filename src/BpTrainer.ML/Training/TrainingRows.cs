using BpTrainer.Ensembles;
using BpTrainer.Scalings;

namespace BpTrainer.ML.Training;

/// <summary>
/// The rows that networks learn from, in memory or streamed from the data view, and the validation rows: given rows, or training rows that
/// are held out.
/// </summary>
internal abstract class TrainingRows(RowSource source, DataSet<float>? validation) : IDisposable
{
    private float[]? _firstLabels;

    protected RowSource Source => source;

    public abstract long Count { get; }

    /// <summary>The number of training rows that are in memory at the same time.</summary>
    public abstract int CountInMemory { get; }

    /// <summary>Whether the rows are stored without their zeros.</summary>
    public abstract bool IsSparse { get; }

    /// <summary>Whether all rows are in memory at the same time.</summary>
    public bool IsInMemory => CountInMemory == Count;

    /// <summary>The bytes for the order in which a network takes the rows.</summary>
    public virtual long BytesOfOrder => CountInMemory * (long)sizeof(int);

    /// <summary>The number of validation rows.</summary>
    public virtual long ValidationCount => Validation?.Rows ?? 0;

    /// <summary>Where they are, as the log says it.</summary>
    public abstract string Place { get; }

    /// <summary>The validation rows; those of the first network if each network has its own; null if there are none.</summary>
    public DataSet<float>? Validation { get; protected set; } = validation;

    /// <summary>
    /// The rows on which the model is compared with a constant: the validation rows, or else the training rows if they are in memory.
    /// </summary>
    public virtual DataSet<float>? Judges => Validation;

    public int Inputs => source.Inputs;

    public bool HasSeveralLabels { get; private set; }

    public ReadOnlySpan<float> FirstLabels => _firstLabels;

    /// <summary>Whether each network has its own validation part.</summary>
    public virtual bool HasPartForEach => false;

    /// <summary>
    /// Takes validation rows from the training rows in memory: one draw for all networks, or one for each. Streamed rows are split during
    /// their survey.
    /// </summary>
    public virtual void HoldOut(double fraction, IReadOnlyList<int> seeds)
    {
    }

    /// <summary>Like <see cref="Judges"/>, but for one network.</summary>
    public virtual DataSet<float>? JudgesOf(int network) => Judges;

    /// <summary>The input scaling that the training rows determine; null for none.</summary>
    public abstract ColumnScaling? InputScaling(Scaling scaling);

    /// <summary>The statistics of the targets of the training rows.</summary>
    public abstract ColumnStatistics TargetStatistics();

    /// <summary>The encoding of the inputs, with edges chosen from training rows and at most <paramref name="bins"/> bins for each
    /// input.</summary>
    public abstract PiecewiseLinearEncoding Encode(int bins);

    public abstract void ReportFeatures(WarningList warnings);

    public abstract EnsembleResult<float> Train(
        EnsembleTrainer<float> trainer, Action<EpochProgress<float>> onEpoch, CancellationToken cancellationToken);

    /// <summary>Tries numbers of hidden units and compares them on folds or on the validation rows, which must then exist.</summary>
    public abstract HiddenSizeTrials Try(HiddenSizeSearch<float> search, int folds, int seed, CancellationToken cancellationToken);

    public virtual void Dispose()
    {
    }

    /// <summary>Records the labels of a row, and whether later rows differ from them.</summary>
    protected void Note(ReadOnlySpan<float> labels, bool othersDiffer = false)
    {
        _firstLabels ??= labels.ToArray();
        HasSeveralLabels = HasSeveralLabels || othersDiffer || !labels.SequenceEqual(_firstLabels);
    }
}

/// <summary>Rows in memory.</summary>
internal sealed class MemoryRows : TrainingRows
{
    private readonly IRowStore _store;
    private readonly List<ulong> _groups = [];
    private DataSet<float>? _samples;

    /// <summary>The training and validation rows of each network; a single pair is for all networks.</summary>
    private (DataSet<float> Training, DataSet<float> Validation)[] _parts = [];

    /// <summary>The statistics of the inputs, if <see cref="ReportFeatures"/> has collected them.</summary>
    private ColumnStatistics? _statistics;

    private MemoryRows(RowSource source, DataSet<float>? validation, long? expectedRows)
        : base(source, validation) => _store = source.IsSparse ? new SparseRowStore(source) : new RowStore(source, expectedRows);

    public override long Count => Samples.Rows;

    public override int CountInMemory => Samples.Rows;

    public override bool IsSparse => Source.IsSparse;

    public override string Place => IsSparse ? "all in memory without the zeros of their features" : "all in memory";

    public override DataSet<float> Judges => Validation ?? Samples;

    public override bool HasPartForEach => _parts.Length > 1;

    /// <summary>The bytes that all rows take.</summary>
    public long Bytes => _store.Bytes;

    /// <summary>The rows that are not held out.</summary>
    public DataSet<float> Samples => _samples ??= _store.ToDataSet();

    /// <summary>Reads all rows; returns null if they take more memory than allowed. Messages name the <paramref name="purpose"/> of the
    /// data.</summary>
    public static MemoryRows? Read(
        WarningList warnings, RowSource source, string purpose, long maximumMemory,
        CancellationToken cancellationToken, DataSet<float>? validation = null)
    {
        int bytesOfGroup = source.Group is null ? 0 : sizeof(ulong);
        long? expected = source.Data.Data.GetRowCount();
        if (!source.IsSparse && expected > maximumMemory / (source.BytesPerRow + bytesOfGroup))
        {
            return null;
        }

        var rows = new MemoryRows(source, validation, expected);
        using var reader = new RowReader(source);
        while (reader.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows._store.Add(reader);
            rows.Note(reader.Labels);
            if (rows.Bytes + ((long)rows._store.Count * bytesOfGroup) > maximumMemory || rows._store.Count == int.MaxValue)
            {
                return null;
            }

            if (source.Group is not null)
            {
                rows._groups.Add(reader.Group);
            }
        }

        reader.Report(warnings, purpose);
        return rows;
    }

    public override void HoldOut(double fraction, IReadOnlyList<int> seeds) => HoldOut(fraction, seeds, ValidationSplit.MinimumRows);

    /// <summary>Like the other overload, but returns no rows if there are fewer than the minimum.</summary>
    public void HoldOut(double fraction, IReadOnlyList<int> seeds, int minimum)
    {
        if (Validation is not null || fraction == 0)
        {
            return;
        }

        DataSet<float> all = Samples;
        float[] labels = _store.FirstLabels();
        ulong[] groups = [.. _groups];
        var parts = new List<(DataSet<float> Training, DataSet<float> Validation)>();
        foreach (int seed in seeds)
        {
            (int[] learn, int[] watch) = Source.IsInOrder
                ? ValidationSplit.Last(all.Rows, fraction, minimum)
                : Source.Group is null
                ? ValidationSplit.Draw(labels, Source.Task.Classes, fraction, minimum, seed)
                : ValidationSplit.DrawGroups(labels, groups, Source.Task.Classes, fraction, minimum, seed);
            if (watch.Length > 0)
            {
                parts.Add((all.Select(learn), all.Select(watch)));
            }
            else if (parts.Count > 0)
            {
                // With large groups, a draw may have no validation rows.
                parts.Add(parts[0]);
            }
            else
            {
                return;
            }
        }

        _parts = [.. parts];
        (_samples, Validation) = _parts[0];
    }

    public override DataSet<float> JudgesOf(int network) => HasPartForEach ? _parts[network].Validation : Judges;

    public override ColumnScaling? InputScaling(Scaling scaling) =>
        _statistics is null ? scaling.OfInputs(Samples) : scaling.OfInputs(_statistics);

    public override ColumnStatistics TargetStatistics() => ColumnScaling.TargetStatistics(Samples);

    public override PiecewiseLinearEncoding Encode(int bins) => PiecewiseLinearEncoding.FromTrees(Samples, bins);

    public override void ReportFeatures(WarningList warnings)
    {
        FeatureSurvey survey;
        if (IsSparse)
        {
            survey = new FeatureSurvey(Source.Features);
            survey.Add(Samples.ToSparseMatrix());
        }
        else
        {
            survey = SurveyFeatures(out _statistics);
        }

        survey.Report(warnings, Source.FeatureNames);
    }

    /// <summary>Surveys the features of rows with their zeros, and computes the statistics of the inputs in the same pass.</summary>
    public FeatureSurvey SurveyFeatures(out ColumnStatistics inputs)
    {
        var survey = new FeatureSurvey(Source.Features);
        inputs = new ColumnStatistics(Source.Inputs);
        for (int row = 0; row < Samples.Rows; row++)
        {
            survey.Add(Samples.InputRow(row));
            inputs.Add(Samples.InputRow(row), Samples.Weight(row));
        }

        return survey;
    }

    public override EnsembleResult<float> Train(
        EnsembleTrainer<float> trainer, Action<EpochProgress<float>> onEpoch, CancellationToken cancellationToken) =>
        HasPartForEach
            ? trainer.Run(
                [.. _parts.Select(part => part.Training)], [.. _parts.Select(part => part.Validation)], onEpoch, cancellationToken)
            : trainer.Run(Samples, Validation, onEpoch, cancellationToken);

    /// <exception cref="InvalidOperationException">There are fewer rows or groups than folds.</exception>
    public override HiddenSizeTrials Try(HiddenSizeSearch<float> search, int folds, int seed, CancellationToken cancellationToken)
    {
        if (folds == 0)
        {
            return search.Run(Samples, Validation!, cancellationToken);
        }

        DataSet<float> all = _store.ToDataSet();
        int[][] parts = ValidationSplit.Folds(
            _store.FirstLabels(), Source.Group is null ? null : _groups, Source.Task.Classes, folds, seed);
        return search.Run(
            [.. parts.Select(rows => all.Select([.. Enumerable.Range(0, all.Rows).Except(rows)]))],
            [.. parts.Select(rows => all.Select(rows))],
            cancellationToken);
    }
}
