using BpTrainer.ML.Training;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>Rows of one class make a model that always predicts it, and a warning, as ML.NET's own trainers do.</summary>
public class OneClassTests
{
    private const int Rows = 60;

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];

    public OneClassTests() => _ml.Log += (_, e) =>
    {
        if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
        {
            _warnings.Add(e.Message);
        }
    };

    [Theory]
    [InlineData(true, null, false)]
    [InlineData(false, null, false)]
    [InlineData(true, 700L, false)]
    [InlineData(false, 700L, false)]
    [InlineData(false, null, true)]
    public void OfTrueAndFalse(bool flag, long? memory, bool isEnsemble)
    {
        IDataView data = Data(_ => flag);
        var model = _ml.BinaryClassification.Trainers.BackPropagation(new BackPropagationBinaryTrainer.Options(Preset.Fast)
        {
            LabelColumnName = "Flag",
            MaximumMemory = memory,
            ClassWeights = ClassWeights.Balanced,
            Ensemble = isEnsemble ? 3 : 1,
        }).Fit(data);
        Assert.Contains(
            $"All {Rows} usable rows of the training data have the same label in column 'Flag'",
            Assert.Single(_warnings),
            StringComparison.Ordinal);
        Assert.Equal(StopReason.OneClass, model.Model.StopReason);
        Assert.Empty(model.Model.History);
        Assert.Equal(isEnsemble ? 3 : 1, model.Model.Ensemble?.Networks.Count ?? 1);
        foreach (ITransformer one in new[] { model, model.SaveAndLoad(data.Schema) })
        {
            IDataView scored = one.Transform(FarAway());
            Assert.All(scored.Values<bool>("PredictedLabel"), predicted => Assert.Equal(flag, predicted));
            const float Certain = (Rows + 1f) / (Rows + 2);
            Assert.All(scored.Values<float>("Probability"), p => Assert.Equal(flag ? Certain : 1 - Certain, p, 1e-6f));
        }
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(3, 800L)]
    [InlineData(2, null)]
    [InlineData(1, null)]
    public void OfSeveralKeys(int keys, long? memory)
    {
        // The last key is the only one that has rows.
        IDataView data = Keyed(_ => "class" + (keys - 1), keys);
        BackPropagationTransformer<BackPropagationMulticlassModelParameters> model =
            _ml.MulticlassClassification.Trainers.BackPropagation(
                new BackPropagationMulticlassTrainer.Options(Preset.Fast) { MaximumMemory = memory }).Fit(data);
        Assert.Contains("same label in column 'Label'", Assert.Single(_warnings), StringComparison.Ordinal);
        foreach (ITransformer one in new[] { model, model.SaveAndLoad(data.Schema) })
        {
            IDataView scored = one.Transform(FarAway());
            Assert.All(scored.Values<uint>("PredictedLabel"), key => Assert.Equal((uint)keys, key));
            Assert.All(scored.Scores(), scores =>
            {
                Assert.Equal(keys, scores.Length);
                Assert.Equal((Rows + 1f) / (Rows + keys), scores[^1], 1e-6f);
                Assert.Equal(1, scores.Sum(), 1e-5f);
            });
        }
    }

    [Fact]
    public void OneVersusAllMeetsClassesWithoutRows()
    {
        IDataView data = Keyed(i => "class" + (i % 2), keys: 4);
        ITransformer model = _ml.MulticlassClassification.Trainers.OneVersusAll(
            _ml.BinaryClassification.Trainers.BackPropagation(new BackPropagationBinaryTrainer.Options(Preset.Fast)
            {
                NumberOfEpochs = 100,
                ValidationFraction = 0,
            })).Fit(data);
        Assert.Equal(2, _warnings.Count(warning => warning.Contains("have the same label", StringComparison.Ordinal)));
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(model.Transform(data));
        Assert.Equal(1, metrics.MicroAccuracy);
    }

    [Fact]
    public void KeysWithoutRowsAreHardlyEverPredicted()
    {
        IDataView data = Keyed(i => "class" + (i % 2), keys: 5);
        IDataView scored = _ml.MulticlassClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 100)
            .Fit(data).Transform(data);
        Assert.Empty(_warnings);
        Assert.All(scored.Scores(), scores => Assert.InRange(scores[2..].Sum(), 0, 0.1f));
        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy);
    }

    [Fact]
    public void AModelLearnsOnFromOneClass()
    {
        ITransformer first = _ml.BinaryClassification.Trainers.BackPropagation(
            new BackPropagationBinaryTrainer.Options(Preset.Fast) { LabelColumnName = "Flag", NumberOfEpochs = 50 })
            .Fit(Data(i => i % 2 == 0));
        var trainer = _ml.BinaryClassification.Trainers.BackPropagation(
            new BackPropagationBinaryTrainer.Options(Preset.Fast)
            {
                LabelColumnName = "Flag",
                NumberOfEpochs = 1,
                Optimizer = Optimizer.Momentum(1e-6),
                InitialModel = first,
            });
        BackPropagationTransformer<BackPropagationBinaryModelParameters> second = trainer.Fit(Data(_ => true));
        Assert.Contains("training continues with that class alone", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Single(second.Model.History);
        IDataView both = Data(i => i % 2 == 0);
        DataViews.AssertClose(first.Transform(both).Scores(), second.Transform(both).Scores(), 1e-3);
    }

    [Fact]
    public void AModelOfOneClassLearnsTheOther()
    {
        IDataView data = Data(i => i % 2 == 0);
        var options = new BackPropagationBinaryTrainer.Options
        {
            LabelColumnName = "Flag",
            InitialModel = _ml.BinaryClassification.Trainers.BackPropagation("Flag").Fit(Data(_ => true)),
        };
        Assert.Equal(1, _ml.BinaryClassification.Evaluate(
            _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(data).Transform(data), "Flag").Accuracy);
    }

    [Fact]
    public void ThereIsNoLearningRateToLookFor()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => _ml.BinaryClassification.Trainers.BackPropagation("Flag").FindLearningRate(Data(_ => true)));
        Assert.Contains("'Flag'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Rows whose class is that of an even or odd first feature's sign.</summary>
    private IDataView Data(Func<int, bool> flag, Func<int, string>? name = null) => _ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, Rows).Select(i => new Row
        {
            Flag = flag(i),
            Name = name?.Invoke(i) ?? "",
            Features = [i % 2 == 0 ? 1 + (i % 7) : -1 - (i % 5), i % 3],
        }).ToArray());

    private IDataView Keyed(Func<int, string> name, int keys)
    {
        IDataView known = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, keys).Select(k => new Key { Name = "class" + k }).ToArray());
        return TestData.Prepare(Data(_ => true, name), _ml.Transforms.Conversion.MapValueToKey("Label", "Name", keyData: known));
    }

    private IDataView FarAway() => _ml.Data.LoadFromEnumerable(new Row[]
    {
        new() { Features = [0, 0] }, new() { Features = [1e6f, -1e6f] }, new() { Features = [-1e30f, 1e30f] }, new() { Features = [3, 1] },
    });

    private sealed class Row
    {
        public bool Flag { get; set; }

        public string Name { get; set; } = "";

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Key
    {
        public string Name { get; set; } = "";
    }
}
