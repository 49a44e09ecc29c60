using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>A saved pipeline gives back the same scores bit for bit, here and in another process.</summary>
public sealed class SaveLoadTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("bptrainer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(TaskCase.EveryModel), MemberType = typeof(TaskCase))]
    public void WithASchema(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        ITransformer model = _ml.Transforms.NormalizeMinMax("Features").Append(task.Ours(_ml)).Fit(data);
        string file = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(model, data.Schema, file);

        ITransformer loaded = new MLContext().Model.Load(file, out DataViewSchema schema);
        Assert.Equal(data.Schema.Select(column => column.Name), schema.Select(column => column.Name));
        AssertSame(model, loaded, data);
    }

    [Theory]
    [MemberData(nameof(TaskCase.EveryModel), MemberType = typeof(TaskCase))]
    public void FromAStream(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        ITransformer model = task.Ours(_ml).Fit(data);
        AssertSame(model, model.SaveAndLoad(data.Schema), data);
    }

    [Fact]
    public void WithALoader()
    {
        TextLoader loader = TestData.IrisLoader(_ml);
        IDataView data = loader.Load(TestData.IrisFile);
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Label", "Species").Append(TaskCase.Multiclass.Ours(_ml)).Fit(data);
        string file = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(model, loader, file);

        ITransformer loaded = new MLContext().Model.LoadWithDataLoader(file, out IDataLoader<IMultiStreamSource> reader);
        AssertSame(model, loaded, reader.Load(new MultiFileSource(TestData.IrisFile)));
    }

    [Theory]
    [MemberData(nameof(TaskCase.EveryModel), MemberType = typeof(TaskCase))]
    public void InAnotherProcessThatDoesNotKnowUsAndBack(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        ITransformer model = _ml.Transforms.NormalizeMinMax("Features").Append(task.Ours(_ml)).Fit(data);
        string modelFile = Path.Combine(_folder, "model.zip");
        string rowsFile = Path.Combine(_folder, "rows.idv");
        string savedAgain = Path.Combine(_folder, "again.zip");
        _ml.Model.Save(model, data.Schema, modelFile);
        using (FileStream rows = File.Create(rowsFile))
        {
            _ml.Data.SaveAsBinary(data, rows);
        }

        string[] expected = model.Transform(data).Scores().Select(
            s => string.Join(' ', s.Select(BitConverter.SingleToInt32Bits))).ToArray();
        Assert.Equal(expected, Processes.Run("load", modelFile, rowsFile, savedAgain));
        AssertSame(model, new MLContext().Model.Load(savedAgain, out _), data);
    }

    /// <summary>The same type of transformer, history and scores, bit for bit.</summary>
    private static void AssertSame(ITransformer model, ITransformer loaded, IDataView data)
    {
        DataViews.AssertSameBits(model.Transform(data).Scores(), loaded.Transform(data).Scores());
        ITransformer before = Last(model);
        ITransformer after = Last(loaded);
        Assert.Equal(before.GetType(), after.GetType());
        switch (before)
        {
            case BackPropagationTransformer<BackPropagationRegressionModelParameters> ours:
                AssertSame(ours.Model, ModelOfSameType(ours, after));
                break;
            case BackPropagationTransformer<BackPropagationMultiOutputModelParameters> ours:
                AssertSame(ours.Model, ModelOfSameType(ours, after));
                break;
            case BackPropagationTransformer<BackPropagationMultiLabelModelParameters> ours:
                AssertSame(ours.Model, ModelOfSameType(ours, after));
                break;
            case BackPropagationTransformer<BackPropagationBinaryModelParameters> ours:
                AssertSame(ours.Model, ModelOfSameType(ours, after));
                break;
            case BackPropagationTransformer<BackPropagationMulticlassModelParameters> ours:
                AssertSame(ours.Model, ModelOfSameType(ours, after));
                break;
            case BackPropagationEncoderTransformer ours:
                AssertSame(ours.Model, ((BackPropagationEncoderTransformer)after).Model);
                break;
            default:
                Assert.Fail($"{before.GetType()} is not ours.");
                break;
        }
    }

    private static TModel ModelOfSameType<TModel>(BackPropagationTransformer<TModel> _, ITransformer other)
        where TModel : class => ((BackPropagationTransformer<TModel>)other).Model;

    private static void AssertSame<TOutput>(BackPropagationModelParameters<TOutput> before, BackPropagationModelParameters<TOutput> after)
    {
        Assert.Equal(before.GetType(), after.GetType());
        Assert.NotEmpty(before.History);
        Assert.Equal(before.History, after.History);
        Assert.Equal(before.StopReason, after.StopReason);
        Assert.Equal(before.BestEpoch, after.BestEpoch);
        Assert.Equal(before.Warnings, after.Warnings);
        Assert.Equal(before.Network.ToJson(), after.Network.ToJson());
        Assert.Equal(
            (before as BackPropagationVectorModelParameters)?.SlotNames,
            (after as BackPropagationVectorModelParameters)?.SlotNames);
    }

    private static ITransformer Last(ITransformer model) => model is IEnumerable<ITransformer> chain ? Last(chain.Last()) : model;
}
