using BpTrainer.Ensembles;
using BpTrainer.Scalings;

namespace BpTrainer.ML.Training;

/// <summary>
/// The rows that networks learn from, in memory or streamed from the data view, and those that validate them: given ones, or some of the
/// others that are held out.
/// </summary>
internal abstract class TrainingRows(RowSource source, DataSet<float>? validation) : IDisposable
{
    private float[]? _firstLabels;

    protected RowSource Source => source;

    public abstract long Count { get; }

    /// <summary>The number of training rows in memory at once.</summary>
    public abstract int CountInMemory { get; }

    /// <summary>Whether they are in memory without their zeros.</summary>
    public abstract bool IsSparse { get; }

    /// <summary>Whether all are in memory at once.</summary>
    public bool IsInMemory => CountInMemory == Count;

    /// <summary>The bytes of the order in which a network takes them.</summary>
    public virtual long BytesOfOrder => CountInMemory * (long)sizeof(int);

    /// <summary>The number of validation rows.</summary>
    public virtual long ValidationCount => Validation?.Rows ?? 0;

    /// <summary>Where they are, as the log says it.</summary>
    public abstract string Place { get; }

    /// <summary>The validation rows, of the first network if each has its own; null if there are none.</summary>
    public DataSet<float>? Validation { get; protected set; } = validation;

    /// <summary>
    /// Rows by which the model can be compared with a constant: the validation rows, else training rows that are in memory.
    /// </summary>
    public virtual DataSet<float>? Judges => Validation;

    public int Inputs => source.Inputs;

    public bool HasSeveralLabels { get; private set; }

    public ReadOnlySpan<float> FirstLabels => _firstLabels;

    /// <summary>Whether each network has a validation part of its own.</summary>
    public virtual bool HasPartForEach => false;

    /// <summary>
    /// Takes validation rows from the training rows in memory: one draw for all networks, or one for each. Streamed rows were split when
    /// they were surveyed.
    /// </summary>
    public virtual void HoldOut(double fraction, IReadOnlyList<int> seeds)
    {
    }

    /// <summary>As <see cref="Judges"/>, for one network.</summary>
    public virtual DataSet<float>? JudgesOf(int network) => Judges;

    /// <summary>The map of the inputs by the training rows; null for none.</summary>
    public abstract ColumnScaling? InputScaling(Scaling scaling);

    /// <summary>The statistics of the targets of the training rows.</summary>
    public abstract ColumnStatistics TargetStatistics();

    /// <summary>The encoding of the inputs with edges chosen by training rows, with at most so many bins an input.</summary>
    public abstract PiecewiseLinearEncoding Encode(int bins);

    public abstract void ReportFeatures(WarningList warnings);

    public abstract EnsembleResult<float> Train(
        EnsembleTrainer<float> trainer, Action<EpochProgress<float>> onEpoch, CancellationToken cancellationToken);

    /// <summary>Tries numbers of hidden units, judged by the validation rows, of which there must be some, or by folds.</summary>
    public abstract HiddenSizeTrials Try(HiddenSizeSearch<float> search, int folds, int seed, CancellationToken cancellationToken);

    public virtual void Dispose()
    {
    }

    /// <summary>Notes the labels of a row, and that others behind it differ from them.</summary>
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

    /// <summary>The training and validation rows of each network; if there is one pair, it is that of all networks.</summary>
    private (DataSet<float> Training, DataSet<float> Validation)[] _parts = [];

    /// <summary>The statistics of the inputs, if the pass of <see cref="ReportFeatures"/> has gathered them.</summary>
    private ColumnStatistics? _statistics;

    private MemoryRows(RowSource source, DataSet<float>? validation, long? expectedRows)
        : base(source, validation) => _store = source.IsSparse ? new SparseRowStore(source) : new RowStore(source, expectedRows);

    public override long Count => Samples.Rows;

    public override int CountInMemory => Samples.Rows;

    public override bool IsSparse => Source.IsSparse;

    public override string Place => IsSparse ? "all in memory without the zeros of their features" : "all in memory";

    public override DataSet<float> Judges => Validation ?? Samples;

    public override bool HasPartForEach => _parts.Length > 1;

    /// <summary>The bytes of all rows.</summary>
    public long Bytes => _store.Bytes;

    /// <summary>The rows that are not held out.</summary>
    public DataSet<float> Samples => _samples ??= _store.ToDataSet();

    /// <summary>Reads all rows; null if they take more memory than allowed. Messages name the purpose of the data.</summary>
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

    /// <summary>As the other overload, with fewer rows than the minimum none.</summary>
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
                // Large groups may leave a draw without validation rows.
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

    /// <summary>Looks at the features of rows with their zeros, and gathers the statistics of the inputs in the same pass.</summary>
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

    /// <exception cref="InvalidOperationException">There are fewer rows, or groups of them, than folds.</exception>
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
