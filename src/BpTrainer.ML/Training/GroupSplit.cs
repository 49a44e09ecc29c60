using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML;

namespace BpTrainer.ML.Training;

/// <summary>Chooses the rows that are kept out of training where rows belong to groups: a group is never torn apart.</summary>
internal static class GroupSplit
{
    /// <summary>
    /// Draws the validation rows from a seed. Groups come in random order, and each goes to the validation part if that brings the numbers of rows
    /// of its classes nearer to the share that is asked for: Σ (validation rows − share · rows)² / rows over the classes falls. Every class
    /// keeps a row for training. Both parts keep the order of the rows.
    /// </summary>
    /// <param name="labels">The label of every row; for a classification the index of the class.</param>
    /// <param name="groups">The group of every row.</param>
    /// <param name="classes">The number of classes, or 0 for a regression.</param>
    /// <param name="fraction">The share of the rows for validation, in [0, 1).</param>
    /// <param name="minimum">With fewer validation rows than this there is no validation part.</param>
    /// <param name="seed">The seed of the choice.</param>
    /// <returns>The rows of both parts; no validation rows when the data is too small for them or has one group only.</returns>
    public static (int[] Training, int[] Validation) Draw(
        ReadOnlySpan<float> labels, ReadOnlySpan<ulong> groups, int classes, double fraction, int minimum, int seed)
    {
        List<List<int>> members = Collect(groups);
        Shuffle(members, seed);
        int[] classOf = new int[labels.Length];
        var all = new int[Math.Max(1, classes)];
        for (int row = 0; row < labels.Length; row++)
        {
            classOf[row] = classes == 0 ? 0 : (int)labels[row];
            all[classOf[row]]++;
        }

        var held = new int[all.Length];
        var ofGroup = new int[all.Length];
        var isHeld = new bool[labels.Length];
        foreach (List<int> rows in members)
        {
            foreach (int row in rows)
            {
                ofGroup[classOf[row]]++;
            }

            bool takes = Improves(rows.Select(row => classOf[row]).Distinct(), all, held, ofGroup, fraction);
            foreach (int row in rows)
            {
                isHeld[row] = takes;
                held[classOf[row]] += takes ? 1 : 0;
                ofGroup[classOf[row]] = 0;
            }
        }

        return ValidationSplit.Parts(isHeld, minimum);
    }

    private static bool Improves(IEnumerable<int> classes, int[] all, int[] held, int[] ofGroup, double fraction)
    {
        double change = 0;
        foreach (int c in classes)
        {
            if (held[c] + ofGroup[c] >= all[c])
            {
                return false;
            }

            double missing = (fraction * all[c]) - held[c];
            change += (((missing - ofGroup[c]) * (missing - ofGroup[c])) - (missing * missing)) / all[c];
        }

        return change < 0;
    }

    /// <summary>The rows of every group, the groups in the order in which they come up.</summary>
    private static List<List<int>> Collect(ReadOnlySpan<ulong> groups)
    {
        var places = new Dictionary<ulong, int>();
        var members = new List<List<int>>();
        for (int row = 0; row < groups.Length; row++)
        {
            if (!places.TryGetValue(groups[row], out int place))
            {
                place = places[groups[row]] = members.Count;
                members.Add([]);
            }

            members[place].Add(row);
        }

        return members;
    }

    private static void Shuffle(List<List<int>> groups, int seed)
    {
        // ML.NET's generator has a fixed algorithm; System.Random's may change from one .NET to the next.
        Random random = RandomUtils.Create(seed);
        for (int i = 0; i < groups.Count - 1; i++)
        {
            int j = random.Next(i, groups.Count);
            (groups[i], groups[j]) = (groups[j], groups[i]);
        }
    }
}

/// <summary>Reads which group a row belongs to. Rows with the same value of the group column have the same number, whatever their order.</summary>
internal static class RowGroups
{
    // Offset basis and prime of the 64-bit FNV-1a hash (draft-eastlake-fnv).
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>The group column of the data.</summary>
    /// <exception cref="ArgumentException">There is no such column, or its values are not keys, text or integers of 8 to 64 bits.</exception>
    public static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw context.ExceptSchemaMismatch(nameof(schema), "row group", name);
        return IsGroup(column.Type)
            ? column
            : throw context.ExceptSchemaMismatch(nameof(schema), "row group", name, "key, text or integer", column.Type.ToString()!);
    }

    /// <summary>Makes a function that gives the number of the row's group.</summary>
    public static Func<ulong> CreateGetter(DataViewRow row, DataViewSchema.Column column) => column.Type.RawType switch
    {
        Type type when type == typeof(ReadOnlyMemory<char>) => Convert<ReadOnlyMemory<char>>(row, column, text => Hash(text.Span)),
        Type type when type == typeof(byte) => Convert<byte>(row, column, value => value),
        Type type when type == typeof(ushort) => Convert<ushort>(row, column, value => value),
        Type type when type == typeof(uint) => Convert<uint>(row, column, value => value),
        Type type when type == typeof(ulong) => Convert<ulong>(row, column, value => value),
        Type type when type == typeof(sbyte) => Convert<sbyte>(row, column, value => (ulong)value),
        Type type when type == typeof(short) => Convert<short>(row, column, value => (ulong)value),
        Type type when type == typeof(int) => Convert<int>(row, column, value => (ulong)value),
        _ => Convert<long>(row, column, value => (ulong)value),
    };

    private static bool IsGroup(DataViewType type) => type is KeyDataViewType or TextDataViewType
        || (type is NumberDataViewType && type != NumberDataViewType.Single && type != NumberDataViewType.Double);

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
