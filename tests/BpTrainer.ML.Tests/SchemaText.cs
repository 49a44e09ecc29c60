using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>A schema in words, to compare: index, name, type and annotations of every column, hidden ones too.</summary>
internal static class SchemaText
{
    // Not public, but the only way to the shape of a schema that no loader made.
    private static readonly Func<DataViewSchema, SchemaShape> s_shape =
        typeof(SchemaShape).GetMethod(
            "Create",
            BindingFlags.NonPublic | BindingFlags.Static,
            [typeof(DataViewSchema)])!.CreateDelegate<Func<DataViewSchema, SchemaShape>>();

    public static SchemaShape ToShape(this DataViewSchema schema) => s_shape(schema);

    /// <summary>Name, kind, type and names of the annotations of every column.</summary>
    public static string[] Of(SchemaShape shape) => [.. shape.Select(column =>
        $"{column.Name} {column.Kind} {column.ItemType} key {column.IsKey} {string.Join(',', column.Annotations.Select(a => a.Name))}")];

    public static string[] Of(DataViewSchema schema) => schema
        .Select(column => $"{column.Index} {column.Name} {column.Type} hidden {column.IsHidden} " +
            $"[{string.Join("; ", column.Annotations.Schema
            .Where(annotation => annotation.Name != "ScoreColumnSetId")
            .Select(annotation => $"{annotation.Name}: {annotation.Type} = {ReadAnnotation(column.Annotations, annotation)}")
            .Order())}]")
        .ToArray();

    private static string ReadAnnotation(DataViewSchema.Annotations annotations, DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => Read<ReadOnlyMemory<char>>(annotations, column).ToString(),
        BooleanDataViewType => Read<bool>(annotations, column).ToString(),
        VectorDataViewType { ItemType: TextDataViewType } =>
            string.Join(',', Read<VBuffer<ReadOnlyMemory<char>>>(annotations, column).DenseValues()),
        _ => "not compared",
    };

    private static T Read<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        T value = default!;
        annotations.GetValue(column.Name, ref value);
        return value;
    }
}
