using System.Runtime.InteropServices;

namespace BpTrainer.ML.Training;

/// <summary>A data view and how its rows become samples.</summary>
internal sealed record RowSource(RoleMappedData Data, LearningTask Task)
{
    /// <summary>The column whose equal values mark rows that belong together; null for none.</summary>
    public DataViewSchema.Column? Group { get; init; }

    /// <summary>
    /// Whether every pass takes the rows in the order of the data view, and the last rows are for validation. The ids of the rows are then
    /// their numbers.
    /// </summary>
    public bool IsInOrder { get; init; }

    /// <summary>The replacements of missing features; null to leave out rows with missing features.</summary>
    public MeanImputation? Imputation { get; init; }

    /// <summary>Whether rows in memory are kept without their zeros.</summary>
    public bool IsSparse { get; init; }

    public DataViewSchema.Column Label => Data.Schema.Label!.Value;

    public DataViewSchema.Column Feature => Data.Schema.Feature!.Value;

    public int Features { get; } = ((VectorDataViewType)Data.Schema.Feature!.Value.Type).Size;

    public string[] FeatureNames => ColumnNames.SlotsOf(Feature);

    public int Inputs => Imputation?.Inputs ?? Features;

    public bool HasWeights => Data.Schema.Weight.HasValue;

    /// <summary>
    /// The bytes that a sample takes in memory if its zeros are stored, including the indices by which training orders and selects rows.
    /// </summary>
    public long BytesPerRow => (sizeof(float) * (long)Inputs) + BytesPerRowWithoutInputs;

    public long BytesPerRowWithoutInputs => (sizeof(float) * ((long)Task.Outputs + (HasWeights ? 1 : 0))) + (2 * sizeof(int));
}

/// <summary>
/// Reads which group a row belongs to. Rows with the same value in the group column have the same number, in any order.
/// </summary>
internal static class RowGroups
{
    // Offset basis and prime of the 64-bit FNV-1a hash (draft-eastlake-fnv).
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <exception cref="ArgumentException">There is no such column, or its values are not keys, text or integers of 8 to 64
    /// bits.</exception>
    public static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw context.ExceptSchemaMismatch(nameof(schema), "row group", name);
        bool isGroup = column.Type is KeyDataViewType or TextDataViewType
            || (column.Type is NumberDataViewType && column.Type != NumberDataViewType.Single && column.Type != NumberDataViewType.Double);
        return isGroup
            ? column
            : throw context.ExceptSchemaMismatch(nameof(schema), "row group", name, "key, text or integer", column.Type.ToString()!);
    }

    /// <summary>Creates a function that returns the group number of the current row.</summary>
    public static Func<ulong> CreateGetter(DataViewRow row, DataViewSchema.Column column) => column.Type.RawType switch
    {
        var type when type == typeof(ReadOnlyMemory<char>) => Convert<ReadOnlyMemory<char>>(row, column, text => Hash(text.Span)),
        var type when type == typeof(byte) => Convert<byte>(row, column, value => value),
        var type when type == typeof(ushort) => Convert<ushort>(row, column, value => value),
        var type when type == typeof(uint) => Convert<uint>(row, column, value => value),
        var type when type == typeof(ulong) => Convert<ulong>(row, column, value => value),
        var type when type == typeof(sbyte) => Convert<sbyte>(row, column, value => (ulong)value),
        var type when type == typeof(short) => Convert<short>(row, column, value => (ulong)value),
        var type when type == typeof(int) => Convert<int>(row, column, value => (ulong)value),
        _ => Convert<long>(row, column, value => (ulong)value),
    };

    private static Func<ulong> Convert<TValue>(DataViewRow row, DataViewSchema.Column column, Func<TValue, ulong> number)
    {
        ValueGetter<TValue> read = row.GetGetter<TValue>(row.Schema[column.Index]);
        TValue value = default!;
        return () =>
        {
            read(ref value);
            return number(value);
        };
    }

    private static ulong Hash(ReadOnlySpan<char> text)
    {
        ulong hash = FnvOffset;
        foreach (byte part in MemoryMarshal.AsBytes(text))
        {
            hash = (hash ^ part) * FnvPrime;
        }

        return hash;
    }
}
