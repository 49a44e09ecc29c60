namespace BpTrainer.ML.Training;

/// <summary>Label vectors: vectors of numbers, or of Booleans, which are read as 1 and 0.</summary>
internal static class LabelVector
{
    /// <summary>Whether a column is a vector of numbers or Booleans of known size.</summary>
    public static bool Is(DataViewSchema.Column column) => column.Type is VectorDataViewType { Size: > 0 } vector
        && (vector.ItemType == NumberDataViewType.Single || vector.ItemType == BooleanDataViewType.Instance);

    /// <summary>Creates a function that copies the values of the current row as numbers.</summary>
    public static Action<float[]> CreateReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (((VectorDataViewType)column.Type).ItemType != BooleanDataViewType.Instance)
        {
            ValueGetter<VBuffer<float>> readNumbers = row.GetGetter<VBuffer<float>>(column);
            VBuffer<float> numbers = default;
            return values =>
            {
                readNumbers(ref numbers);
                numbers.CopyTo(values);
            };
        }

        ValueGetter<VBuffer<bool>> readFlags = row.GetGetter<VBuffer<bool>>(column);
        VBuffer<bool> flags = default;
        return values =>
        {
            readFlags(ref flags);
            int i = 0;
            foreach (bool flag in flags.DenseValues())
            {
                values[i++] = flag ? 1 : 0;
            }
        };
    }
}
