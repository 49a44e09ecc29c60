using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>What tests do with models.</summary>
internal static class Models
{
    /// <summary>The model as another context loads it from what was saved.</summary>
    public static ITransformer SaveAndLoad(this ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(model, schema, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out _);
    }
}
