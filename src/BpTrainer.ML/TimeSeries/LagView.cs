using Microsoft.ML.Model.OnnxConverter;

namespace BpTrainer.ML.TimeSeries;

/// <summary>Data with a column of lags. Its cursors read one row after another, even rows whose lags nobody reads.</summary>
internal sealed class LagView : ITransformCanSaveOnnx
{
    private readonly IHost _host;
    private readonly LagTransformer _transformer;
    private readonly IRowToRowMapper _mapper;
    private readonly DataViewSchema.Column _series;
    private readonly int _width;
    private readonly int _added;

    public LagView(IHost host, LagTransformer transformer, IDataView source)
    {
        _host = host;
        _transformer = transformer;
        Source = source;
        _mapper = ((ITransformer)transformer).GetRowToRowMapper(source.Schema);
        (_series, _width) = transformer.Find(source.Schema);
        _added = Schema[transformer.OutputColumnName].Index;
    }

    public DataViewSchema Schema => _mapper.OutputSchema;

    public IDataView Source { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => Source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        List<DataViewSchema.Column> columns = columnsNeeded.ToList();
        bool isRead = columns.Exists(column => column.Index == _added);
        DataViewRowCursor source = Source.GetRowCursor(_mapper.GetDependencies(columns));
        DataViewRow passed = _mapper.GetRow(source, columns.Where(column => column.Index != _added));
        return isRead ? new Cursor(this, source, passed) : new Cursor(source, passed);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => throw _host.ExceptNotSupp(
        $"The column '{_transformer.OutputColumnName}' has values of other rows, which ONNX cannot express, so ConvertToOnnx cannot " +
        "convert a pipeline with lag features. SaveAsOnnx of the model writes the network alone; its input is the window.");

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => ((ICanSaveOnnx)this).CanSaveOnnx(ctx);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_transformer).Save(ctx);

    /// <summary>
    /// Follows the cursor of the source. The series is read by the same cursor or, if the column looks ahead, by a second cursor that runs
    /// ahead by as many rows.
    /// </summary>
    private sealed class Cursor : DataViewRowCursor
    {
        private readonly DataViewRowCursor _source;
        private readonly DataViewRow _passed;
        private readonly int _added = -1;
        private readonly Delegate? _getter;
        private readonly SeriesWindow? _window;
        private readonly SeriesReader? _reader;
        private readonly DataViewRowCursor? _ahead;
        private bool _isOver;

        /// <summary>Creates a cursor that does not read the column of lags.</summary>
        public Cursor(DataViewRowCursor source, DataViewRow passed) => (_source, _passed) = (source, passed);

        public Cursor(LagView view, DataViewRowCursor source, DataViewRow passed)
            : this(source, passed)
        {
            SeriesColumn column = view._transformer.Column;
            _added = view._added;
            _window = view._transformer.Begin(column.Ahead);
            _ahead = column.Ahead > 0 ? view.Source.GetRowCursor([view._series]) : null;
            _reader = new SeriesReader(_ahead ?? source, view._series, view._width);
            _getter = _window.CreateGetter(column.IsScalar, CheckPosition);
            for (int row = 0; row < column.Ahead; row++)
            {
                ReadAhead();
            }
        }

        public override DataViewSchema Schema => _passed.Schema;

        public override long Position => _source.Position;

        public override long Batch => _source.Batch;

        public override bool MoveNext()
        {
            if (!_source.MoveNext())
            {
                return false;
            }

            if (_ahead is not null)
            {
                ReadAhead();
            }
            else
            {
                _window?.Add(_reader!.Read());
            }

            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) =>
            column.Index == _added || _passed.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => column.Index != _added
            ? _passed.GetGetter<TValue>(column)
            : _getter as ValueGetter<TValue>
                ?? throw Contracts.Except($"Column '{column.Name}' is of type {column.Type}, which is not read as {typeof(TValue)}.");

        public override ValueGetter<DataViewRowId> GetIdGetter() => _source.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _passed.Dispose();
                _source.Dispose();
                _ahead?.Dispose();
            }

            base.Dispose(disposing);
        }

        private void CheckPosition() =>
            Contracts.Check(Position >= 0, "A value can be read only while the cursor is on a row.");

        private void ReadAhead()
        {
            _isOver = _isOver || !_ahead!.MoveNext();
            if (_isOver)
            {
                _window!.AddMissing();
            }
            else
            {
                _window!.Add(_reader!.Read());
            }
        }
    }
}
