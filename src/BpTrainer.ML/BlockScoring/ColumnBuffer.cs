using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace BpTrainer.ML;

/// <summary>The values of one column for the rows of a block.</summary>
internal abstract class ColumnBuffer
{
    /// <summary>Reads the value of the source's current row into a place of the block.</summary>
    public abstract void Read(int place);

    /// <summary>Makes a getter of the value at the place where the block cursor stands.</summary>
    public abstract Delegate CreateGetter(Func<int> current);

    /// <summary>Makes a buffer for a column of a cursor.</summary>
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
            // A getter may dispose or overwrite the object it is handed, and a consumer may still hold the one from the last block.
            _values[place] = default!;
            read(ref _values[place]);
        }

        public override Delegate CreateGetter(Func<int> current) => (ValueGetter<T>)((ref T value) => value = _values[current()]);
    }

    private sealed class VectorBuffer<T>(ValueGetter<VBuffer<T>> read, int rows) : ColumnBuffer
    {
        private readonly VBuffer<T>[] _values = new VBuffer<T>[rows];

        public override void Read(int place) => read(ref _values[place]);

        // The consumer gets a copy in its own memory; that of the buffer is used again for the next block.
        public override Delegate CreateGetter(Func<int> current) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[current()].CopyTo(ref value));
    }
}
