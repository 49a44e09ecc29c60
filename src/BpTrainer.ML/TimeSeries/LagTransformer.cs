using System.Runtime.InteropServices;
using BpTrainer.Files;
using BpTrainer.ML;
using BpTrainer.ML.Friend;
using BpTrainer.ML.TimeSeries;
using BpTrainer.ML.Training;

[assembly: LoadableClass(typeof(LagTransformer), null, typeof(SignatureLoadModel), "Lag features", LagTransformer.LoaderSignature)]

namespace BpTrainer.ML;

/// <summary>
/// Adds a column with the values that a series had some rows before, or has some rows later; see <see cref="LagEstimator"/>, which creates
/// it. Rows are read in the order of the data view, one after another.
/// </summary>
public sealed class LagTransformer : RowToRowTransformerBase, ITransformer
{
    internal const string LoaderSignature = "LagTransformer";

    private static readonly VersionInfo s_version = TrainedNetwork.MakeVersionInfo("BPLAGFEA", LoaderSignature);
    private static readonly ChecksummedBlock s_block = new("BPLF", "lag transformer");

    private readonly int _width;

    /// <summary>The last rows of the training data, oldest first.</summary>
    private readonly float[] _last;

    internal LagTransformer(IHostEnvironment env, SeriesColumn column, int width, float[] last, bool continuesSeries)
        : base(Contracts.CheckRef(env, nameof(env)).Register(LoaderSignature))
    {
        Column = column;
        _width = width;
        _last = last;
        ContinuesSeries = continuesSeries;
    }

    /// <summary>The name of the column that is added.</summary>
    public string OutputColumnName => Column.Output;

    /// <summary>The name of the column with the series.</summary>
    public string InputColumnName => Column.Input;

    /// <summary>
    /// Whether the data directly follows the training data: the last training rows are then the rows before the first row.
    /// </summary>
    public bool ContinuesSeries { get; }

    /// <summary>Returns a transformer for data that directly follows the training data: the first rows of that data have all their
    /// lags.</summary>
    /// <returns>The transformer; this one is not changed.</returns>
    public LagTransformer ContinueSeries() => new(Host, Column, _width, _last, continuesSeries: true);

    /// <summary>Adds the column. The data is read only when a cursor reads the column.</summary>
    /// <param name="input">The data with the series, in order of time.</param>
    /// <returns>The data with the column. Its rows cannot be shuffled, nor read in parallel.</returns>
    public new IDataView Transform(IDataView input)
    {
        Host.CheckValue(input, nameof(input));
        return new LagView(Host, this, input);
    }

    /// <summary>The window before the first row is read, with room for the rows ahead of the current one.</summary>
    internal SeriesWindow Begin(int ahead)
    {
        var window = new SeriesWindow(Column, _width, ahead);
        if (ContinuesSeries)
        {
            window.Add(_last);
        }

        return window;
    }

    internal SeriesColumn Column { get; }

    /// <summary>Finds the series in the data; it must have as many slots as in training.</summary>
    internal (DataViewSchema.Column Column, int Width) Find(DataViewSchema schema)
    {
        (DataViewSchema.Column column, int width) = Column.Find(Host, schema);
        return width == _width
            ? (column, width)
            : throw Host.ExceptSchemaMismatch(
                nameof(schema), "series", column.Name, $"Vector<Single, {_width}>, as in the training data", column.Type.ToString()!);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    // *** Binary format: a ChecksummedBlock of the engine with the magic "BPLF" ***
    // string: output column, string: input column
    // byte: 1 for a single number, else 0
    // int: number of offsets, int[]: offsets
    // int: slots of the series
    // float[]: the last rows of the training data, as many as the largest lag
    // byte: 1 if the data directly follows the training data, else 0

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(s_version);
        ctx.Writer.Flush();
        s_block.Write(ctx.Writer.BaseStream, writer =>
        {
            writer.Write(Column.Output);
            writer.Write(Column.Input);
            writer.Write(Column.IsScalar);
            writer.Write(Column.Offsets.Length);
            writer.Write(MemoryMarshal.AsBytes(Column.Offsets.AsSpan()));
            writer.Write(_width);
            writer.Write(MemoryMarshal.AsBytes(_last.AsSpan()));
            writer.Write(ContinuesSeries);
        });
    }

    internal static LagTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MicrosoftMLVersion.Check();
        ctx.CheckAtModel(s_version);
        try
        {
            return s_block.Read(ctx.Reader.BaseStream, reader => Read(env, reader));
        }
        catch (InvalidDataException e)
        {
            throw env.ExceptDecode(e, $"The saved lag transformer cannot be read. {e.Message}");
        }
    }

    private static LagTransformer Read(IHostEnvironment env, BlockReader reader)
    {
        string output = reader.ReadText(), input = reader.ReadText();
        bool isScalar = reader.ReadBoolean("sign of a single number");
        int[] offsets = reader.ReadArray<int>("offsets");
        int width = reader.Read("number of slots", 1, int.MaxValue);
        SeriesColumn column = reader.Make(() => LagEstimator.Check(output, input, offsets, isScalar));
        if ((long)column.Back * width > reader.Left / sizeof(float))
        {
            throw reader.Damaged($"{column.Back} last rows of {width} slots do not fit into the {reader.Left} bytes that are left");
        }

        if ((long)offsets.Length * width > Array.MaxLength || (isScalar && (offsets.Length, width) != (1, 1)))
        {
            throw reader.Damaged($"{offsets.Length} offsets of {width} slots make no column");
        }

        // Values may be missing, so every float is valid.
        var last = new float[column.Back * width];
        reader.Read<float>(last);
        return new LagTransformer(env, column, width, last, reader.ReadBoolean("sign of continued data"));
    }

    /// <summary>Maps single rows in order of time, as a prediction engine does.</summary>
    private sealed class Mapper : MapperBase
    {
        private readonly LagTransformer _parent;
        private readonly DataViewSchema.Column _series;

        public Mapper(LagTransformer parent, DataViewSchema schema)
            : base(parent.Host, schema, parent)
        {
            _parent = parent;
            (_series, _) = parent.Find(schema);
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
        {
            SeriesColumn column = _parent.Column;
            var annotations = new DataViewSchema.Annotations.Builder();
            if (!column.IsScalar)
            {
                ReadOnlyMemory<char>[] names =
                    [.. column.SlotNames(ColumnNames.SlotsOf(_series), _parent._width).Select(name => name.AsMemory())];
                annotations.AddSlotNames(
                    names.Length,
                    (ref VBuffer<ReadOnlyMemory<char>> slots) => new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref slots));
            }

            return [new(column.Output, column.TypeFor(_parent._width), annotations.ToAnnotations())];
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action? disposer)
        {
            disposer = null;
            SeriesWindow window = _parent.Begin(ahead: 0);
            var reader = new SeriesReader(input, _series, _parent._width);
            long position = -1;
            return window.CreateGetter(_parent.Column.IsScalar, Move);

            void Move()
            {
                if (input.Position != position)
                {
                    // If a row was not read, its values are unknown, and all later rows would be off by one.
                    if (input.Position != position + 1)
                    {
                        throw _parent.Host.Except(
                            $"Row {input.Position} was read after row {position}, "
                            + $"but the column '{_parent.OutputColumnName}' needs every row in order.");
                    }

                    position = input.Position;
                    window.Add(reader.Read());
                }
            }
        }

        private protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput) =>
            column => activeOutput(0) && column == _series.Index;

        private protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);
    }
}
