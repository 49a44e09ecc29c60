using BpTrainer.Numbers;

namespace BpTrainer.ML.TimeSeries;

/// <summary>
/// A column with the values that another column has some rows away: offset −1 is the row before, 1 the row after. For each offset it has
/// the slots of the other column; or it is a single number.
/// </summary>
internal sealed record SeriesColumn(string Output, string Input, int[] Offsets, bool IsScalar)
{
    /// <summary>The maximum distance of a value, in rows.</summary>
    public const int MostRows = 1_000_000;

    /// <summary>The number of rows before the current one that are needed.</summary>
    public int Back { get; } = Math.Max(0, -Offsets.Min());

    /// <summary>The number of rows after the current one that are needed.</summary>
    public int Ahead { get; } = Math.Max(0, Offsets.Max());

    public DataViewType TypeFor(int width) =>
        IsScalar ? NumberDataViewType.Single : new VectorDataViewType(NumberDataViewType.Single, checked(Offsets.Length * width));

    /// <summary>Finds the input column, whose width is its number of slots; 1 for a number.</summary>
    /// <exception cref="ArgumentException">There is no such column, it is neither a number nor a vector of numbers of known size, or the
    /// needed rows take more memory than there is.</exception>
    public (DataViewSchema.Column Column, int Width) Find(IExceptionContext context, DataViewSchema schema)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(Input) ?? throw context.ExceptSchemaMismatch(nameof(schema), "series", Input);
        int width = column.Type is VectorDataViewType vector ? vector.Size : 1;
        bool fits = column.Type.GetItemType() == NumberDataViewType.Single && width >= 1
            && (!IsScalar || column.Type is not VectorDataViewType);
        if (!fits)
        {
            throw context.ExceptSchemaMismatch(nameof(schema), "series", Input, Expected, column.Type.ToString()!);
        }

        // The rows that are held at once, or the rows that make up one row of the column.
        long rows = Math.Max(Back + Ahead + 1L, Offsets.Length);
        MemorySize.ThrowIfNotAvailable(MemorySize.Of<float>((double)rows * width), "lags", FormattableString.Invariant($"{rows} rows"));
        context.CheckParam(
            rows * width <= Array.MaxLength, nameof(schema),
            FormattableString.Invariant($"{rows} rows of the {width} slots of '{Input}' make more than {Array.MaxLength} numbers."));
        return (column, width);
    }

    /// <summary>The expected type of the input column, for messages.</summary>
    public string Expected => IsScalar ? "Single" : "Single or Vector<Single> of known size";

    /// <summary>Names such as Sales[t-12], and Weather[t-1].Rain for a slot of a vector.</summary>
    public IEnumerable<string> SlotNames(string[] slotsOfInput, int width) =>
        from offset in Offsets
        from slot in Enumerable.Range(0, width)
        let time = offset == 0 ? "t" : FormattableString.Invariant($"t{offset:+#;-#}")
        select $"{Input}[{time}]" + (slotsOfInput.Length > 0 ? $".{slotsOfInput[slot]}" : width > 1 ? $".{slot}" : "");
}
