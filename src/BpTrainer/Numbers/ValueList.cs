using System.Collections;
using System.Globalization;

namespace BpTrainer.Numbers;

/// <summary>A copy of a list of numbers. It is equal to every list with the same numbers, so that a record that contains one is a
/// value.</summary>
internal sealed class ValueList(IEnumerable<double> values) : IReadOnlyList<double>, IEquatable<ValueList>
{
    private readonly double[] _values = [.. values];

    public int Count => _values.Length;

    public double this[int index] => _values[index];

    public IEnumerator<double> GetEnumerator() => _values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _values.GetEnumerator();

    public bool Equals(ValueList? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    public override bool Equals(object? obj) => Equals(obj as ValueList);

    public override int GetHashCode() => HashCode.Combine(Count, _values.FirstOrDefault(), _values.LastOrDefault());

    public override string ToString() => string.Join(", ", _values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
