using BpTrainer.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BpTrainer.ML.Tests;

/// <summary>What a trained model shows of itself: layers with their numbers, history and summary.</summary>
public class TypedModelTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void TheLayersNumbersGiveThePredictions()
    {
        IDataView data = TestData.Diabetes(_ml);
        var trained = _ml.Regression.Trainers.BackPropagation(new BackPropagationRegressionTrainer.Options(Preset.Classic)
        {
            HiddenLayers = HiddenLayers.Of(Activation.Tanh, 9),
            NumberOfEpochs = 5,
        }).Fit(data);
        Network<float> network = trained.Model.Network;
        Layer<float> hidden = network.Layers[0];
        Layer<float> last = network.Layers[1];
        var first = new float[hidden.Inputs * hidden.Outputs];
        var second = new float[last.Inputs * last.Outputs];
        hidden.CopyWeightsTo(first);
        last.CopyWeightsTo(second);

        float[] row = [.. data.Values<VBuffer<float>>("Features")[5].DenseValues()];
        double z = last.Biases[0];
        for (int unit = 0; unit < 9; unit++)
        {
            double sum = hidden.Biases[unit];
            for (int i = 0; i < row.Length; i++)
            {
                sum += (row[i] - network.InputScaling!.Offsets[i]) * network.InputScaling.Scales[i] * first[(i * 9) + unit];
            }

            z += Math.Tanh(sum) * second[unit];
        }

        double expected = (z / network.OutputScaling!.Scales[0]) + network.OutputScaling.Offsets[0];
        Assert.Equal(expected, trained.Transform(data).Values<float>("Score")[5], 1e-3);
        Assert.Throws<ArgumentException>(() => hidden.CopyWeightsTo(new float[3]));
        Assert.True(hidden.Slopes.IsEmpty);
    }

    [Fact]
    public void TheHistoryHasTheCurves()
    {
        var model = _ml.BinaryClassification.Trainers.BackPropagation(hiddenLayers: [16], numberOfEpochs: 7)
            .Fit(TestData.BreastCancer(_ml)).Model;
        Assert.Equal(7, model.History.Count);
        Assert.Equal(StopReason.EpochsReached, model.StopReason);
        Assert.Equal(model.History.MinBy(epoch => epoch.ValidationLoss)!.Epoch, model.BestEpoch);
        Assert.True(model.History[^1].TrainingLoss < model.History[0].TrainingLoss);
    }

    [Fact]
    public void TheSummaryNamesLayersParametersAndTraining()
    {
        var model =
            _ml.MulticlassClassification.Trainers.BackPropagation(new BackPropagationMulticlassTrainer.Options(Preset.Classic)
            {
                HiddenLayers = HiddenLayers.Of(Activation.Tanh, 12, 5),
                NumberOfEpochs = 3,
            }).Fit(TestData.Iris(_ml)).Model;
        string summary = model.Summary();
        Assert.Contains("layer 1: 12 tanh, 48 weights, 12 biases", summary, StringComparison.Ordinal);
        Assert.Contains("layer 2: 5 tanh, 60 weights, 5 biases", summary, StringComparison.Ordinal);
        Assert.Contains("layer 3: 3 softmax, 15 weights, 3 biases", summary, StringComparison.Ordinal);
        Assert.Contains("143 parameters", summary, StringComparison.Ordinal);
        Assert.Contains(
            $"Training stopped (EpochsReached) after 3 epochs; best epoch {model.BestEpoch}: training loss",
            summary,
            StringComparison.Ordinal);
    }
}
