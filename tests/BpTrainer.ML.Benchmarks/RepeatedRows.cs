using System.Collections;

namespace BpTrainer.Benchmarks;

/// <summary>
/// As many rows as wanted out of a few, over and over: a view of it needs no memory worth speaking of, and hardly any time
/// but that of ML.NET. A view takes the number of its rows from <see cref="Count"/>.
/// </summary>
internal sealed class RepeatedRows(Row[] few, int count) : ICollection<Row>
{
    public int Count => count;

    public bool IsReadOnly => true;

    /// <summary>The same rows, but nobody can know their number beforehand.</summary>
    public IEnumerable<Row> Uncounted()
    {
        for (int i = 0; i < count; i++)
        {
            yield return few[i % few.Length];
        }
    }

    public IEnumerator<Row> GetEnumerator() => Uncounted().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Contains(Row item) => few.Contains(item);

    public void CopyTo(Row[] array, int arrayIndex)
    {
        foreach (Row row in this)
        {
            array[arrayIndex++] = row;
        }
    }

    public void Add(Row item) => throw new NotSupportedException();

    public bool Remove(Row item) => throw new NotSupportedException();

    public void Clear() => throw new NotSupportedException();
}
