namespace BpTrainer.Tests;

/// <summary>Rows of a theory: every combination of the values of its arguments.</summary>
internal static class Combinations
{
    public static TheoryData<T1, T2> Of<T1, T2>(IEnumerable<T1> first, IEnumerable<T2> second)
    {
        var data = new TheoryData<T1, T2>();
        foreach ((T1 a, T2 b) in first.SelectMany(_ => second, ValueTuple.Create))
        {
            data.Add(a, b);
        }

        return data;
    }

    public static TheoryData<T1, T2, T3> Of<T1, T2, T3>(IEnumerable<T1> first, IEnumerable<T2> second, IEnumerable<T3> third)
    {
        var data = new TheoryData<T1, T2, T3>();
        foreach (T1 a in first)
        {
            foreach ((T2 b, T3 c) in second.SelectMany(_ => third, ValueTuple.Create))
            {
                data.Add(a, b, c);
            }
        }

        return data;
    }
}
