using BpTrainer.ML.Models;
using BpTrainer.ML.Tests.Onnx;
using BpTrainer.ML.Training;
using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>An ensemble is trained from different weights; the model is the best network, or all of them.</summary>
public class EnsembleTests
{
    private static readonly Lazy<BackPropagationRegressionModelParameters> s_bestOfSix = new(() => BestOf(6, threads: 1));

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void TheBestIsKept()
    {
        BackPropagationRegressionModelParameters alone = BestOf(1, threads: 1), best = s_bestOfSix.Value;
        Assert.Null(best.Ensemble);
        Assert.True(Lowest(best) < Lowest(alone));

        static double Lowest(BackPropagationRegressionModelParameters model) => model.History.Min(epoch => epoch.ValidationLoss!.Value);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(null)]
    public void TheBestIsTheSameOnAnyNumberOfThreads(int? threads) =>
        Assert.Equal(s_bestOfSix.Value.Network.ToBytes(), BestOf(6, threads).Network.ToBytes());

    [Theory]
    [MemberData(nameof(TaskCase.All), MemberType = typeof(TaskCase))]
    public void AnEnsemblePredictsTheMeanAndIsKeptByTheModelFile(TaskCase task)
    {
        IDataView data = task.Load(_ml);
        (ITransformer model, NetworkEnsemble<float> ensemble) = FitEnsemble(task, data, maximumMemory: null);
        Assert.Equal(3, ensemble.Networks.Count);

        float[][] scores = model.Transform(data).Scores();
        DataViews.AssertClose(Expected(task, ensemble, data), scores, 1e-5);

        // Row by row, as a PredictionEngine asks.
        DataViews.AssertClose(DataViews.SingleRowScores(model, data), scores, 1e-6);

        ITransformer loaded = model.SaveAndLoad(data.Schema);
        DataViews.AssertSameBits(scores, loaded.Transform(data).Scores());
    }

    [Fact]
    public void AStreamedEnsembleLearnsAsWell()
    {
        IDataView data = TestData.Iris(_ml);
        (ITransformer model, NetworkEnsemble<float> ensemble) = FitEnsemble(TaskCase.Multiclass, data, maximumMemory: 4_000);
        Assert.Equal(3, ensemble.Networks.Count);
        Assert.InRange(_ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy, 0.9, 1);
    }

    [Fact]
    public void TheProbabilityOfAnEnsembleIsTheMeanOfTheirs()
    {
        IDataView data = TestData.BreastCancer(_ml);
        (ITransformer model, NetworkEnsemble<float> ensemble) = FitEnsemble(TaskCase.Binary, data, maximumMemory: null);
        float[] probabilities = model.Transform(data).Values<float>("Probability");
        float[] features = Features(data);
        var expected = new float[probabilities.Length];
        ensemble.Predict(features, expected, expected.Length);
        Assert.All(expected.Zip(probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Theory]
    [InlineData(0f, 0f, 0f)]
    [InlineData(1f, 1f, 1f)]
    [InlineData(40f, 40f, 40f)]
    [InlineData(200f, 200f, 200f)]
    [InlineData(-200f, -200f, -200f)]
    [InlineData(2f, -2f, 0f)]
    [InlineData(float.NaN, 0f, float.NaN)]
    public void LogOddsKeepTheirDigitsBeyondTheRangeOfProbabilities(float first, float second, float expected)
    {
        var score = new float[1];
        MeanLogOdds.Predict(new NetworkEnsemble<float>(Constant(first), Constant(second)), [0f], sparse: null, score, 1);
        Assert.Equal(expected, score[0], 1e-4f);
    }

    [Fact]
    [Trait("Needs", "OnnxRuntime")]
    public void NetworksOfUnequalWeightsPredictTheWeightedMeanInEveryForm()
    {
        double[] weights = [0.5, 0.3, 0.2];
        IDataView data = TestData.Diabetes(_ml);
        float[] features = Features(data);
        var outputs = new float[features.Length / TestData.DiabetesFeatures];
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast) { Ensemble = 3, NumberOfEpochs = 3, Seed = 1 };
        TrainedNetwork trained = Weigh(((IBlockScoredModel)_ml.Regression.Trainers.BackPropagation(options).Fit(data).Model).Trained);
        trained.Ensemble!.Predict(features, outputs, outputs.Length);
        var model = new BackPropagationRegressionModelParameters(_ml, trained);
        Check(model, model.SaveAsOnnx, outputs, score => score);
        Assert.Contains("with 2 more networks; the weights of all are 0.5, 0.3, 0.2", model.Summary(), StringComparison.Ordinal);

        data = TestData.BreastCancer(_ml);
        features = Features(data);
        var binaryOptions = new BackPropagationBinaryTrainer.Options(Preset.Fast) { Ensemble = 3, NumberOfEpochs = 3, Seed = 1 };
        trained = Weigh(((IBlockScoredModel)_ml.BinaryClassification.Trainers.BackPropagation(binaryOptions).Fit(data).Model).Trained);
        outputs = new float[features.Length / trained.Features];
        trained.Ensemble!.Predict(features, outputs, outputs.Length);
        var binary = new BackPropagationBinaryModelParameters(_ml, trained);
        Check(binary, binary.SaveAsOnnx, outputs, score => 1 / (1 + MathF.Exp(-score)));

        TrainedNetwork Weigh(TrainedNetwork made)
        {
            var ensemble = new NetworkEnsemble<float>(made.Networks, weights);
            using var file = new MemoryStream();
            new TrainedNetwork(made.Network, ensemble, made.StopReason, made.BestEpoch, made.History).Save(file);
            file.Position = 0;
            TrainedNetwork loaded = TrainedNetwork.Load(_ml, file);
            Assert.Equal(weights, loaded.Ensemble!.Weights);
            return loaded;
        }

        void Check(IBlockScoredModel scored, Action<Stream> saveAsOnnx, float[] expected, Func<float, float> output)
        {
            var scores = new float[expected.Length];
            scored.Score(features, scores, scores.Length);
            AssertClose(expected, scores.Select(output));
            using var stream = new MemoryStream();
            saveAsOnnx(stream);
            using var onnx = new OnnxModel(stream.ToArray());
            float[] written = [.. onnx.Run(data, "Score")["Score"].Select(row => (float)row[0])];
            AssertClose(expected, written.Select(output));
        }

        static void AssertClose(float[] expected, IEnumerable<float> actual) => Assert.All(
            expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * Math.Max(1, Math.Abs(pair.First))));
    }

    private static BackPropagationRegressionModelParameters BestOf(int networks, int? threads)
    {
        var ml = new MLContext(seed: 1);
        return ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Fast)
        {
            Seed = 3,
            NumberOfEpochs = 15,
            Ensemble = Ensemble.BestOf(networks),
            NumberOfThreads = threads,
        }).Fit(TestData.Diabetes(ml)).Model;
    }

    private (ITransformer Model, NetworkEnsemble<float> Ensemble) FitEnsemble(TaskCase task, IDataView data, long? maximumMemory)
    {
        T With<T>(T options) where T : BackPropagationOptions
        {
            (options.HiddenLayers, options.Ensemble, options.NumberOfEpochs) = (64, 3, 20);
            (options.Seed, options.MaximumMemory) = (5, maximumMemory);
            return options;
        }

        switch (task.Name)
        {
            case nameof(TaskCase.Regression):
                var regression = _ml.Regression.Trainers.BackPropagation(
                    With(new BackPropagationRegressionTrainer.Options(Preset.Fast))).Fit(data);
                return (regression, regression.Model.Ensemble!);
            case nameof(TaskCase.Binary):
                var binary = _ml.BinaryClassification.Trainers.BackPropagation(
                    With(new BackPropagationBinaryTrainer.Options(Preset.Fast))).Fit(data);
                return (binary, binary.Model.Ensemble!);
            default:
                var multiclass = _ml.MulticlassClassification.Trainers.BackPropagation(
                    With(new BackPropagationMulticlassTrainer.Options(Preset.Fast))).Fit(data);
                return (multiclass, multiclass.Model.Ensemble!);
        }
    }

    /// <summary>The means, computed network by network; for two classes the log-odds of the mean probability.</summary>
    private static float[][] Expected(TaskCase task, NetworkEnsemble<float> ensemble, IDataView data)
    {
        float[][] rows = [.. Features(data).Chunk(ensemble.Inputs)];
        return [.. rows.Select(row =>
        {
            double[] means = new double[ensemble.Outputs];
            foreach ((Network<float> network, double weight) in ensemble.Networks.Zip(ensemble.Weights))
            {
                var outputs = new float[ensemble.Outputs];
                network.Predict(row, outputs);
                for (int i = 0; i < means.Length; i++)
                {
                    means[i] += weight * outputs[i];
                }
            }

            return task.Name == nameof(TaskCase.Binary) ? [LogOdds(ensemble, row)] : means.Select(mean => (float)mean).ToArray();
        })];
    }

    private static float LogOdds(NetworkEnsemble<float> ensemble, float[] row)
    {
        var z = new float[1];
        double yes = 0, no = 0;
        foreach ((Network<float> network, double weight) in ensemble.Networks.Zip(ensemble.Weights))
        {
            network.PredictNetInput(row, z, 1);
            yes += weight / (1 + Math.Exp(-(double)z[0]));
            no += weight / (1 + Math.Exp((double)z[0]));
        }

        return (float)Math.Log(yes / no);
    }

    private static float[] Features(IDataView data) => [.. data.Values<VBuffer<float>>("Features").SelectMany(row => row.DenseValues())];

    private static Network<float> Constant(float netInput)
    {
        Network<float> network = new NetworkBuilder(1).Add(1, Activation.Logistic).Build<float>();
        network.Layers[0].SetBias(0, netInput);
        return network;
    }
}
