using BpTrainer.ML.Models;
using BpTrainer.ML.Training;
using Microsoft.ML.Internal.Utilities;

namespace BpTrainer.ML.BlockScoring;

/// <summary>
/// Reads a block of rows from the source, scores all of it at once, and then returns it row by row. It is at most <see cref="MostRows"/> −
/// 1 rows ahead of the row that it returns.
/// </summary>
internal sealed class BlockCursor : DataViewRowCursor
{
    private const int MostRows = 256;

    // A block of very wide rows would take more memory than it saves time.
    private const int MostFeatureValues = 1 << 20;

    private readonly DataViewRowCursor _source;
    private readonly IBlockScoredModel _model;
    private readonly MissingScores _missingScores;
    private readonly ValueGetter<VBuffer<float>> _readFeatures;
    private readonly ValueGetter<DataViewRowId> _readId;
    private readonly int _width;
    private readonly int _scoresPerRow;
    private readonly SparseRows? _sparse;
    private readonly int _mostDenseRows;
    private float[] _features = [];
    private readonly float[] _scores;
    private readonly long[] _batches;
    private readonly DataViewRowId[] _ids;
    private readonly ColumnBuffer[] _buffers;
    private readonly Delegate?[] _getters;
    private VBuffer<float> _row;
    private bool _isSparse;
    private int _count;
    private int _place = -1;
    private long _position = -1;
    private bool _ended;

    public BlockCursor(
        BlockBindings bindings, IBlockScoredModel model, float threshold, MissingScores missingScores,
        DataViewRowCursor source, IEnumerable<DataViewSchema.Column> active)
    {
        _source = source;
        _model = model;
        _missingScores = missingScores;
        _width = bindings.FeatureCount;
        _scoresPerRow = model.ScoresPerRow;
        _readFeatures = source.GetGetter<VBuffer<float>>(bindings.Features);
        _readId = source.GetIdGetter();
        Schema = bindings.OutputSchema;

        // Rows stored without zeros take little memory, however many features there are.
        _mostDenseRows = Math.Clamp(MostFeatureValues / _width, 1, MostRows);
        _sparse = model.TakesSparseRows && _width >= SparseFeatures.LeastFeatures ? new SparseRows(_width) : null;
        int rows = _sparse is null ? _mostDenseRows : MostRows;
        _scores = new float[rows * _scoresPerRow];
        _batches = new long[rows];
        _ids = new DataViewRowId[rows];

        var buffers = new List<ColumnBuffer>();
        _getters = new Delegate?[Schema.Count];
        foreach (DataViewSchema.Column column in active)
        {
            if (bindings.SourceOf(column) is DataViewSchema.Column original)
            {
                var buffer = ColumnBuffer.Create(source, original, rows);
                buffers.Add(buffer);
                _getters[column.Index] = buffer.CreateGetter(CurrentPlace);
            }
            else
            {
                _getters[column.Index] = model.CreateGetter(column.Name, CurrentScores, threshold);
            }
        }

        _buffers = [.. buffers];
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => _position < 0 ? 0 : _batches[_place];

    public override bool MoveNext()
    {
        if (_place + 1 < _count || ReadBlock())
        {
            _place++;
            _position++;
            return true;
        }

        _position = -1;
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index < _getters.Length && _getters[column.Index] is not null;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Contracts.CheckParam(IsColumnActive(column), nameof(column), "requested column is not active.");
        return _getters[column.Index] as ValueGetter<TValue>
            ?? throw Contracts.Except($"Column '{column.Name}' is of type {column.Type}, which is not read as {typeof(TValue)}.");
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[CurrentPlace()];

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool ReadBlock()
    {
        _count = 0;
        _place = -1;
        _sparse?.Clear();
        _isSparse = _sparse is not null;
        while (_count < (_isSparse ? _batches.Length : _mostDenseRows) && !_ended)
        {
            _ended = !_source.MoveNext();
            if (!_ended)
            {
                ReadRow(_count++);
            }
        }

        if (_count == 0)
        {
            _missingScores.Report();
            return false;
        }

        Span<float> scores = _scores.AsSpan(0, _count * _scoresPerRow);
        if (_isSparse)
        {
            _model.Score(_sparse!.ToMatrix(), scores);
        }
        else
        {
            _model.Score(_features.AsSpan(0, _count * _width), scores, _count);
        }

        _missingScores.Count(scores, _count);
        return true;
    }

    private void ReadRow(int place)
    {
        _readFeatures(ref _row);
        if (_row.Length != _width)
        {
            throw Contracts.Except($"A row has {_row.Length} features, but the model was trained on {_width}.");
        }

        if (place == 0)
        {
            _isSparse = _sparse is not null && SparseFeatures.Suits(_row);
        }

        if (_isSparse)
        {
            _sparse!.Add(_row);
        }
        else
        {
            Array.Resize(ref _features, Math.Max(_features.Length, _mostDenseRows * _width));
            _row.CopyTo(_features.AsSpan(place * _width, _width));
        }

        _batches[place] = _source.Batch;
        _readId(ref _ids[place]);
        foreach (ColumnBuffer buffer in _buffers)
        {
            buffer.Read(place);
        }
    }

    private int CurrentPlace()
    {
        Contracts.Check(_position >= 0, "A value can be read only while the cursor is on a row.");
        return _place;
    }

    private ReadOnlySpan<float> CurrentScores() => _scores.AsSpan(CurrentPlace() * _scoresPerRow, _scoresPerRow);
}

/// <summary>The values of one column for the rows of a block.</summary>
internal abstract class ColumnBuffer
{
    public abstract void Read(int place);

    /// <summary>Creates a getter of the value at the current place of the block cursor.</summary>
    public abstract Delegate CreateGetter(Func<int> current);

    public static ColumnBuffer Create(DataViewRow source, DataViewSchema.Column column, int rows) =>
        Utils.MarshalInvoke(CreateTyped<int>, column.Type.RawType, source, column, rows);

    private static ColumnBuffer CreateTyped<T>(DataViewRow source, DataViewSchema.Column column, int rows)
    {
        ValueGetter<T> read = source.GetGetter<T>(column);
        return column.Type is VectorDataViewType vector
            ? (ColumnBuffer)Activator.CreateInstance(typeof(VectorBuffer<>).MakeGenericType(vector.ItemType.RawType), read, rows)!
            : new ScalarBuffer<T>(read, rows);
    }

    private sealed class ScalarBuffer<T>(ValueGetter<T> read, int rows) : ColumnBuffer
    {
        private readonly T[] _values = new T[rows];

        public override void Read(int place)
        {
            // A getter may dispose or overwrite the object that it is given, and a consumer may still hold the object of the last block.
            _values[place] = default!;
            read(ref _values[place]);
        }

        public override Delegate CreateGetter(Func<int> current) => (ValueGetter<T>)((ref T value) => value = _values[current()]);
    }

    private sealed class VectorBuffer<T>(ValueGetter<VBuffer<T>> read, int rows) : ColumnBuffer
    {
        private readonly VBuffer<T>[] _values = new VBuffer<T>[rows];

        public override void Read(int place) => read(ref _values[place]);

        // The consumer gets a copy in its own memory; the memory of the buffer is reused for the next block.
        public override Delegate CreateGetter(Func<int> current) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[current()].CopyTo(ref value));
    }
}
