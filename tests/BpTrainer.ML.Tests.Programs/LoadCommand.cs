using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests.Programs;

/// <summary>
/// Loads a saved pipeline and scores saved rows with it, as the program of somebody who was only handed the model would:
/// nothing here mentions the assembly that trained it, and nothing has loaded it before.
/// </summary>
internal static class LoadCommand
{
    /// <summary>Prints the bits of every score, a row a line.</summary>
    /// <param name="modelFile">The saved pipeline.</param>
    /// <param name="rowsFile">The rows, as ML.NET saves them in binary.</param>
    /// <param name="copy">Where to save the pipeline again; null for nowhere.</param>
    /// <returns>0, or 1 when the assembly of the trainer was loaded before.</returns>
    public static int Run(string modelFile, string rowsFile, string? copy)
    {
        IEnumerable<string?> loaded = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name);
        if (loaded.Intersect(["BpTrainer", "BpTrainer.ML"]).Any())
        {
            Console.Error.WriteLine("The trainer's assembly was loaded before the model was.");
            return 1;
        }

        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(modelFile, out DataViewSchema schema);
        IDataView scored = model.Transform(mlContext.Data.LoadFromBinary(rowsFile));

        DataViewSchema.Column column = scored.Schema["Score"];
        using DataViewRowCursor cursor = scored.GetRowCursor([column]);
        if (column.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<float>> read = cursor.GetGetter<VBuffer<float>>(column);
            VBuffer<float> scores = default;
            while (cursor.MoveNext())
            {
                read(ref scores);
                Console.WriteLine(string.Join(' ', scores.DenseValues().Select(BitConverter.SingleToInt32Bits)));
            }
        }
        else
        {
            ValueGetter<float> read = cursor.GetGetter<float>(column);
            float score = 0;
            while (cursor.MoveNext())
            {
                read(ref score);
                Console.WriteLine(BitConverter.SingleToInt32Bits(score));
            }
        }

        if (copy is not null)
        {
            mlContext.Model.Save(model, schema, copy);
        }

        return 0;
    }
}
