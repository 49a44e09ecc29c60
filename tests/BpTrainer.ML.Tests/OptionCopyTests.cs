using BpTrainer.Training;
using Microsoft.ML;

namespace BpTrainer.ML.Tests;

/// <summary>A trainer keeps the options that it was made with, whatever happens to the object they came in.</summary>
public class OptionCopyTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void LaterChangesOfTheOptionsHaveNoEffect()
    {
        int[] sizes = [5, 4];
        var options = new BackPropagationRegressionTrainer.Options(Preset.Fast) { Seed = 3, NumberOfEpochs = 4, HiddenLayers = sizes };
        BackPropagationRegressionTrainer trainer = _ml.Regression.Trainers.BackPropagation(options);
        byte[] expected = Fit(trainer);

        sizes[0] = 0;
        Assert.Equal(expected, Fit(trainer));
        (options.HiddenLayers, options.NumberOfEpochs, options.BatchSize, options.Ensemble) = (null!, -1, 0, int.MaxValue);
        (
            options.LabelColumnName,
            options.FeatureColumnName,
            options.Optimizer,
            options.Seed,
            options.Loss) = ("Nowhere", "Nowhere", null!, 9, null!);
        (options.OnEpoch, options.MaximumMemory) = (_ => throw new InvalidOperationException(), -1);
        Assert.Equal(expected, Fit(trainer));
    }

    [Fact]
    public void NorHaveChangesOfTheirArrays()
    {
        double[] taus = [0.1, 0.9];
        LayerSpec[] layers = [new LayerSpec(4, Activation.Tanh)];
        var options =
            new BackPropagationMultiOutputTrainer.Options(Preset.Fast)
            {
                NumberOfEpochs = 2,
                Loss = Loss.Quantiles(taus),
                HiddenLayers = layers,
            };
        BackPropagationMultiOutputTrainer trainer = _ml.Regression.Trainers.MultiOutputBackPropagation(options);
        byte[] expected = Fit(trainer);
        taus[1] = 0;
        layers[0] = null!;
        Assert.Equal(expected, Fit(trainer));

        byte[] Fit(BackPropagationMultiOutputTrainer trainer) => trainer.Fit(TestData.Diabetes(_ml)).Model.Network.ToBytes();
    }

    [Fact]
    public void EveryTaskCopiesItsOptions()
    {
        var binary = new BackPropagationBinaryTrainer.Options(Preset.Fast) { NumberOfEpochs = 2 };
        var multiclass = new BackPropagationMulticlassTrainer.Options(Preset.Fast) { NumberOfEpochs = 2 };
        BackPropagationBinaryTrainer two = _ml.BinaryClassification.Trainers.BackPropagation(binary);
        BackPropagationMulticlassTrainer several = _ml.MulticlassClassification.Trainers.BackPropagation(multiclass);
        (binary.LabelSmoothing, binary.NumberOfEpochs, multiclass.LabelSmoothing, multiclass.NumberOfEpochs) = (7, 0, 7, 0);
        (binary.ClassWeights, multiclass.ClassWeights) = (ClassWeights.Given(1, 2, 3), ClassWeights.Given(1, 2, 3, 4));
        Assert.Equal(2, two.Fit(TestData.BreastCancer(_ml)).Model.History.Count);
        Assert.Equal(2, several.Fit(TestData.Iris(_ml)).Model.History.Count);
    }

    [Fact]
    public void ScalingsAndTheOutputLayerAreCopied()
    {
        var options = new BackPropagationMultiLabelTrainer.Options(Preset.Fast)
        {
            LabelColumnName = "Labels",
            NumberOfEpochs = 2,
            Loss = Loss.HalfSquaredError,
            OutputActivation = Activation.Tanh,
        };
        BackPropagationMultiLabelTrainer trainer = _ml.BinaryClassification.Trainers.MultiLabelBackPropagation(options);
        (options.Loss, options.OutputActivation, options.OutputBias) = (Loss.Poisson, Activation.HardLimit, (BiasKind)7);
        (options.FeatureScaling, options.LabelSmoothing) = (null!, 7);
        Network<float> network = trainer.Fit(TaskCase.SeveralLabels.Load(_ml)).Model.Network;
        Assert.Equal((Activation.Tanh, BiasKind.PerUnit), (network.Layers[^1].Activation, network.Layers[^1].Bias));
        Assert.NotNull(network.InputScaling);
    }

    [Fact]
    public void TheArrayOfTheShortOverloadIsCopiedToo()
    {
        int[] layers = [5];
        BackPropagationRegressionTrainer trainer = _ml.Regression.Trainers.BackPropagation(hiddenLayers: layers, numberOfEpochs: 1);
        layers[0] = -1;
        Assert.Equal(5, trainer.Fit(TestData.Diabetes(_ml)).Model.Network.Layers[0].Outputs);
    }

    private byte[] Fit(BackPropagationRegressionTrainer trainer) => trainer.Fit(TestData.Diabetes(_ml)).Model.Network.ToBytes();
}
