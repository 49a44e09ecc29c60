// Loads a saved pipeline and scores saved rows with it, as the program of somebody who was only handed the model would:
// nothing here mentions the assembly that trained it. Prints the bits of every score, a row a line.
// With a third argument it saves the pipeline again, under that name.
using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext();
ITransformer model = mlContext.Model.Load(args[0], out DataViewSchema schema);
IDataView scored = model.Transform(mlContext.Data.LoadFromBinary(args[1]));

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

if (args.Length > 2)
{
    mlContext.Model.Save(model, schema, args[2]);
}
