using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>The output columns are those of the built-in trainers: names, order, types and annotations with their values.</summary>
public class OutputSchemaTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void EqualsThatOfABuiltInTrainer(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        Assert.Equal(
            SchemaText.Of(TestData.Prepare(data, task.BuiltIn(_ml)).Schema),
            SchemaText.Of(TestData.Prepare(data, task.Ours(_ml)).Schema));
    }

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void HidesColumnsOfTheSameNameAsABuiltInTrainerDoes(TaskCase task)
    {
        IDataView scoredBefore = TestData.Prepare(task.Load(_ml), task.BuiltIn(_ml));
        Assert.Equal(
            SchemaText.Of(TestData.Prepare(scoredBefore, task.BuiltIn(_ml)).Schema),
            SchemaText.Of(TestData.Prepare(scoredBefore, task.Ours(_ml)).Schema));
    }

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void TheTransformerPromisesWhatItDelivers(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        ITransformer model = task.Ours(_ml).Fit(data);
        Assert.Equal(SchemaText.Of(model.GetOutputSchema(data.Schema)), SchemaText.Of(model.Transform(data).Schema));
    }

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void TheTrainerPromisesWhatABuiltInTrainerPromises(TaskCase task)
    {
        // A loader is the public way to the SchemaShape that an estimator starts from.
        var loader = _ml.Data.CreateTextLoader(
            [new TextLoader.Column("Features", DataKind.Single, 0, 3), new TextLoader.Column("Raw", DataKind.Single, 4)]);
        IEstimator<ITransformer> label = task.Name switch
        {
            nameof(TaskCase.Regression) => _ml.Transforms.CopyColumns("Label", "Raw"),
            nameof(TaskCase.Binary) => _ml.Transforms.Conversion.ConvertType("Label", "Raw", DataKind.Boolean),
            _ => _ml.Transforms.Conversion.MapValueToKey("Label", "Raw"),
        };

        Assert.Equal(
            Describe(loader.Append(label.Append(task.BuiltIn(_ml))).GetOutputSchema()),
            Describe(loader.Append(label.Append(task.Ours(_ml))).GetOutputSchema()));
    }

    private static string[] Describe(SchemaShape shape) => shape
        .Select(column => $"{column.Name} {column.Kind} {column.ItemType} key {column.IsKey} " +
            $"[{string.Join("; ", Describe(column.Annotations).Order())}]")
        .Order()
        .ToArray();
}
