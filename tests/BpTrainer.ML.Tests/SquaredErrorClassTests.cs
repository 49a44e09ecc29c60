using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>
/// Classifications by squared error, behind logistic, tanh and softmax units, have probabilities like those by cross-entropy.
/// </summary>
public class SquaredErrorClassTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string, bool> Sigmoids => new()
    {
        { "logistic", false }, { "logistic", true }, { "logistic(2;0.5)", false }, { "tanh", false }, { "tanh", true },
    };

    [Theory]
    [MemberData(nameof(Sigmoids))]
    public void TwoClasses(string output, bool isMean)
    {
        IDataView data = TestData.BreastCancer(_ml);
        var model = _ml.BinaryClassification.Trainers.BackPropagation(Binary(output, isMean)).Fit(data);
        IDataView scored = model.Transform(data);
        Assert.InRange(_ml.BinaryClassification.Evaluate(scored).Accuracy, 0.97, 1);
        float[] scores = scored.Values<float>("Score"), probabilities = scored.Values<float>("Probability");
        bool[] labels = scored.Values<bool>("PredictedLabel");
        Assert.All(scores.Zip(probabilities), row => Assert.Equal(1 / (1 + MathF.Exp(-row.First)), row.Second, 1e-6f));
        Assert.All(scores.Zip(labels), row => Assert.Equal(row.First > 0, row.Second));

        // The network itself predicts the probability.
        float[][] features = data.Vectors("Features");
        Assert.All(features.Zip(probabilities).Take(50), row => Assert.Equal(row.Second, model.Model.Network.Outputs(row.First)[0], 1e-5f));
        DataViews.AssertClose(scored.Scores(), DataViews.SingleRowScores(model, data), 1e-5);
        DataViews.AssertSameBits(scored.Scores(), model.SaveAndLoad(data.Schema).Transform(data).Scores());
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("logistic")]
    [InlineData("logistic(2;0.5)")]
    [InlineData("tanh")]
    public void SeveralClasses(string output)
    {
        IDataView data = TestData.Iris(_ml);
        BackPropagationMulticlassTrainer.Options options = Multiclass(output);
        var model = _ml.MulticlassClassification.Trainers.BackPropagation(options).Fit(data);
        IDataView scored = model.Transform(data);
        Assert.InRange(_ml.MulticlassClassification.Evaluate(scored).MicroAccuracy, 0.94, 1);
        float[][] scores = scored.Scores();
        Assert.All(scores, row => Assert.Equal(1, row.Sum(), 1e-5f));
        DataViews.AssertSameBits(scores, model.SaveAndLoad(data.Schema).Transform(data).Scores());

        // Each class has a probability of its own, and Score has its share of their sum.
        float[][] features = data.Vectors("Features");
        for (int row = 0; row < scores.Length; row += 10)
        {
            float[] ofNetwork = model.Model.Network.Outputs(features[row]);
            DataViews.AssertClose([[.. ofNetwork.Select(p => p / ofNetwork.Sum())]], [scores[row]], 1e-4);
        }
    }

    [Fact]
    public void TheNetworkOfTanhUnitsLearnsMinusOneAndOne()
    {
        // One row, label true, linear in two features of 0: a = tanh(0.5), E = ½(1 − a)² = ½(1 − 0.462117157260)² = 0.144658976255.
        // δ = (a − 1)(1 − a²) = −0.537882842740·0.786447732966 = −0.423016741; b⁺ = 0.5 + 0.5·0.423016741 = 0.711508370.
        IDataView data = _ml.Data.LoadFromEnumerable(
            new Row[] { new() { Features = [0, 0], Label = true }, new() { Features = [0, 0], Label = false, Weight = 1e-12f } });
        var options = new BackPropagationBinaryTrainer.Options(Preset.Textbook)
        {
            HiddenLayers = [],
            ExampleWeightColumnName = "Weight",
            BatchSize = int.MaxValue,
            OutputActivation = Activation.Tanh,
            OutputInitializer = Initializer.Zero.WithBiases(0.5),
            Loss = Loss.HalfSquaredError,
            NumberOfEpochs = 1,
        };

        // Weights are divided by their mean, so that the mean loss of both rows is that of the first.
        var model = _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(data).Model;
        Assert.Equal(0.144658976255, model.History[0].TrainingLoss, 1e-6);
        Assert.Equal(0.711508370, model.Network.Layers[0].GetBias(0), 1e-6);

        // The score is the log-odds 2z, since (1 + tanh z) / 2 = 1 / (1 + e^(−2z)).
        float score = _ml.BinaryClassification.Trainers.BackPropagation(options).Fit(data).Transform(data).Scores()[0][0];
        Assert.Equal(2 * 0.711508370, score, 1e-5);
    }

    [Theory]
    [InlineData("logistic")]
    [InlineData("tanh")]
    public void TogetherTheyPredictTheMeanOfTheirProbabilities(string output)
    {
        IDataView data = TestData.BreastCancer(_ml);
        BackPropagationBinaryTrainer.Options binary = Binary(output);
        binary.Ensemble = 3;
        var model = _ml.BinaryClassification.Trainers.BackPropagation(binary).Fit(data);
        float[] probabilities = model.Transform(data).Values<float>("Probability");
        float[][] features = data.Vectors("Features");
        Assert.All(features.Zip(probabilities), row => Assert.Equal(
            model.Model.Ensemble!.Networks.Zip(
                model.Model.Ensemble.Weights, (network, weight) => weight * network.Outputs(row.First)[0]).Sum(), row.Second, 1e-5));

        IDataView iris = TestData.Iris(_ml);
        BackPropagationMulticlassTrainer.Options multiclass = Multiclass(output);
        multiclass.Ensemble = 3;
        var several = _ml.MulticlassClassification.Trainers.BackPropagation(multiclass).Fit(iris);
        float[][] scores = several.Transform(iris).Scores();
        float[][] ofIris = iris.Vectors("Features");
        for (int row = 0; row < scores.Length; row += 10)
        {
            var mean = new float[3];
            foreach ((Network<float> network, double weight) in several.Model.Ensemble!.Networks.Zip(several.Model.Ensemble.Weights))
            {
                float[] own = network.Outputs(ofIris[row]);
                mean = [.. mean.Zip(own, (sum, p) => sum + ((float)weight * p / own.Sum()))];
            }

            DataViews.AssertClose([mean], [scores[row]], 1e-4);
        }
    }

    [Fact]
    public void ProbabilitiesThatAreAllTinyStillHaveShares()
    {
        // Far beyond what float can tell from −1: z = −30 for the first class, −31 for the second; ln σ(2z) = 2z, e^−2 = 0.135335.
        IDataView data = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 4).Select(i => new Keyed { Features = [0, 0], Label = (uint)(i % 2) }));
        var options = new BackPropagationMulticlassTrainer.Options(Preset.Textbook)
        {
            HiddenLayers = [],
            OutputActivation = Activation.Tanh,
            OutputInitializer = Initializer.Zero.WithBiases(-30, -31),
            OutputBias = BiasKind.Frozen,
            Loss = Loss.HalfSquaredError,
            NumberOfEpochs = 1,
        };
        var model = _ml.MulticlassClassification.Trainers.BackPropagation(options).Fit(data);
        Assert.Equal(1 / (1 + 0.135335), model.Transform(data).Scores()[0][0], 1e-5);
    }

    [Fact]
    public void ThresholdCalibratorAndOneVersusAllTakeTheScore()
    {
        IDataView data = TestData.BreastCancer(_ml);
        var model = _ml.BinaryClassification.Trainers.BackPropagation(Binary("tanh")).Fit(data);
        IDataView changed = _ml.BinaryClassification.ChangeModelThreshold(model, 1.5f).Transform(data);
        Assert.All(changed.Values<float>("Score").Zip(changed.Values<bool>("PredictedLabel")),
            row => Assert.Equal(row.First > 1.5f, row.Second));
        IDataView calibrated = _ml.BinaryClassification.Calibrators.Platt().Fit(model.Transform(data)).Transform(model.Transform(data));
        Assert.InRange(_ml.BinaryClassification.Evaluate(calibrated).LogLoss, 0, 0.4);

        IDataView iris = TestData.Iris(_ml);
        var all = _ml.MulticlassClassification.Trainers.OneVersusAll(_ml.BinaryClassification.Trainers.BackPropagation(Binary("tanh")));
        Assert.InRange(_ml.MulticlassClassification.Evaluate(all.Fit(iris).Transform(iris)).MicroAccuracy, 0.9, 1);
    }

    [Theory]
    [InlineData("logistic")]
    [InlineData("tanh")]
    [InlineData("softmax")]
    public void RowsOfOneClassMakeAModelOfIt(string output)
    {
        // By the rule of succession 1 of 4 rows and 3 classes: (4 + 1) / (4 + 3).
        IDataView data = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 4).Select(i => new Keyed { Features = [i, 1], Label = 2 }), Keyed.Schema(3));
        BackPropagationMulticlassTrainer.Options options = Multiclass(output);
        options.OutputBias = BiasKind.Shared;
        float[][] scores = _ml.MulticlassClassification.Trainers.BackPropagation(options).Fit(data).Transform(data).Scores();
        Assert.All(scores, row => DataViews.AssertClose([[1 / 7f, 1 / 7f, 5 / 7f]], [row], 1e-6));
    }

    [Theory]
    [InlineData("huber", null, "Loss is huber")]
    [InlineData(null, "tanh", "OutputActivation is tanh, but must be logistic")]
    [InlineData(null, "linear", "OutputActivation is linear, but must be logistic")]
    [InlineData("squares", "linear", "OutputActivation is linear, but must be logistic or tanh")]
    [InlineData("squares", "softmax", "OutputActivation is softmax, but must be logistic or tanh")]
    [InlineData(null, "logistic(2;1)", "OutputActivation is logistic(2;1), but must be logistic")]
    public void WhatDoesNotGoTogetherIsRefused(string? loss, string? output, string message)
    {
        var options = new BackPropagationBinaryTrainer.Options
        {
            Loss = loss switch { null => null, "huber" => Loss.Huber(), _ => Loss.HalfSquaredError },
            OutputActivation = output is null ? null : Activation.Parse(output),
        };
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.BinaryClassification.Trainers.BackPropagation(options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logistic", false, "must be softmax")]
    [InlineData("relu", true, "must be softmax, logistic or tanh")]
    public void AndOfSeveralClasses(string output, bool isSquared, string message)
    {
        var options = new BackPropagationMulticlassTrainer.Options
        {
            Loss = isSquared ? Loss.MeanSquaredError : null,
            OutputActivation = Activation.Parse(output),
        };
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.MulticlassClassification.Trainers.BackPropagation(options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PartsOfTheCrossEntropyDoNotGoWithSquares()
    {
        BackPropagationBinaryTrainer.Options smooth = Binary("tanh"), weighted = Binary("tanh");
        smooth.LabelSmoothing = 0.1;
        weighted.ClassWeights = ClassWeights.Balanced;
        Assert.Contains("LabelSmoothing is 0.1", Message(() => _ml.BinaryClassification.Trainers.BackPropagation(smooth)));
        Assert.Contains("ClassWeights is balanced", Message(() => _ml.BinaryClassification.Trainers.BackPropagation(weighted)));
        BackPropagationMulticlassTrainer.Options several = Multiclass("tanh");
        several.ClassWeights = ClassWeights.Balanced;
        Assert.Contains("ClassWeights is balanced", Message(() => _ml.MulticlassClassification.Trainers.BackPropagation(several)));
    }

    private static string Message(Action act) => Assert.ThrowsAny<ArgumentException>(act).Message;

    private static BackPropagationBinaryTrainer.Options Binary(string output, bool isMean = false) => new(Preset.Fast)
    {
        HiddenLayers = [16],
        OutputActivation = Activation.Parse(output),
        Loss = isMean ? Loss.MeanSquaredError : Loss.HalfSquaredError,
        NumberOfEpochs = 60,
        Seed = 1,
    };

    private static BackPropagationMulticlassTrainer.Options Multiclass(string output) => new(Preset.Fast)
    {
        HiddenLayers = [16],
        OutputActivation = Activation.Parse(output),
        Loss = Loss.HalfSquaredError,
        NumberOfEpochs = 200,
        Seed = 1,
    };

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }

        public float Weight { get; set; } = 1;
    }

    private sealed class Keyed
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [KeyType(2)]
        public uint Label { get; set; }

        public static SchemaDefinition Schema(ulong classes)
        {
            var schema = SchemaDefinition.Create(typeof(Keyed));
            schema[nameof(Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
            return schema;
        }
    }
}
