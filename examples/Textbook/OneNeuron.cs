namespace BpTrainer.Examples.Textbook;

/// <summary>
/// Logistic regression is a network of one logistic neuron with binary cross-entropy: δ = a − y, ∂J/∂w = (1/m)·Σ x(a − y),
/// ∂J/∂b = mean(a − y). The first gradient is compared with these formulas; then the neuron learns breast cancer.
/// </summary>
internal static class OneNeuron
{
    public static void Run(TextWriter to)
    {
        Problem cancer = ExampleSets.Load("breast-cancer");
        Split split = Split.Of(cancer, testFraction: 0.2, seed: 1, index: 0);
        DataSet<float> training = EngineData.From(cancer, split.Training);
        Loss loss = Loss.BinaryCrossEntropy();
        Network<float> neuron = new NetworkBuilder(training.InputColumns)
            .ScaleInputs(ColumnScaling.StandardizeInputs(training))
            .Add(new LayerSpec(1, Activation.Logistic) { Initializer = Initializer.Zero })
            .Build<float>();

        to.WriteLine("Breast cancer: one logistic neuron, binary cross-entropy, weights and bias 0 at first");
        Inspection<float> start = neuron.Inspect(training, loss);
        double malignant = training.Targets.ToArray().Average(), gradient = start.Layers[0].BiasGradients[0];
        to.WriteLine($"J before training                     {start.Loss:F6}, ln 2 = {Math.Log(2):F6}");
        to.WriteLine($"∂J/∂b = mean(a − y)                   {gradient:F6}, 0.5 − {malignant:F6} = {0.5 - malignant:F6}");

        var options = new TrainingOptions
        {
            Loss = loss,
            Optimizer = Optimizer.Momentum(0.1, momentum: 0.9),
            BatchSize = TrainingOptions.FullBatch,
            Epochs = 500,
            Regularization = new Regularization { L2 = 0.01 },
        };
        TrainingResult result = new NetworkTrainer<float>(neuron, options).Train(training);
        to.WriteLine($"{result.StopReason} after {result.History.Count} updates: J = {neuron.Evaluate(training, loss):F4}");
        to.WriteLine($"accuracy on {split.Test.Length} other rows: {Score.Of(neuron, cancer, split.Test):F3}");
    }
}
