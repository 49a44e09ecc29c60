using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.Examples.Compare;

/// <summary>A row as ML.NET reads it.</summary>
internal sealed class Row<TLabel>
{
    /// <summary>The numeric cells.</summary>
    public required float[] Numbers { get; init; }

    /// <summary>The text cells as "column=value"; "" if missing.</summary>
    public required string[] Categories { get; init; }

    /// <summary>A number, true or false, or the name of a class.</summary>
    public required TLabel Label { get; init; }
}

/// <summary>Converts rows of a problem to a data view.</summary>
internal static class Rows
{
    /// <summary>Returns the given rows, in that order, with the label type that the task needs.</summary>
    public static IDataView View(MLContext context, Problem problem, int[] rows) => problem.Task switch
    {
        LearningTask.Regression => View(context, problem, rows, r => problem.Targets[r]),
        LearningTask.Binary => View(context, problem, rows, r => problem.Classes[r] == 1),
        _ => View(context, problem, rows, r => problem.ClassNames[problem.Classes[r]]),
    };

    private static IDataView View<TLabel>(MLContext context, Problem problem, int[] rows, Func<int, TLabel> label)
    {
        Row<TLabel>[] list = rows.Select(r => new Row<TLabel>
        {
            Numbers = problem.Numbers[r],
            Categories = problem.Categories[r].Select(
                (value, c) => value.Length == 0 ? "" : $"{problem.CategoryColumns[c]}={value}").ToArray(),
            Label = label(r),
        }).ToArray();
        return context.Data.LoadFromEnumerable(list, Schema<TLabel>(problem));
    }

    // The class does not define the lengths of its arrays, and ML.NET has no vectors of length zero.
    private static SchemaDefinition Schema<TLabel>(Problem problem)
    {
        var schema = SchemaDefinition.Create(typeof(Row<TLabel>));
        SetLength(nameof(Row<>.Numbers), problem.NumberColumns.Count, NumberDataViewType.Single);
        SetLength(nameof(Row<>.Categories), problem.CategoryColumns.Count, TextDataViewType.Instance);
        if (problem.NumberColumns.Count > 0)
        {
            ReadOnlyMemory<char>[] names = [.. problem.NumberColumns.Select(name => name.AsMemory())];
            schema[nameof(Row<>.Numbers)].AddAnnotation(
                "SlotNames",
                new VBuffer<ReadOnlyMemory<char>>(names.Length, names),
                new VectorDataViewType(TextDataViewType.Instance, names.Length));
        }
        return schema;

        void SetLength(string column, int length, PrimitiveDataViewType type)
        {
            if (length == 0)
                schema.Remove(schema[column]);
            else
                schema[column].ColumnType = new VectorDataViewType(type, length);
        }
    }
}
