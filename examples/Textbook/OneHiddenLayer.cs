namespace BpTrainer.Examples.Textbook;

/// <summary>
/// The program that many texts print: one hidden layer of logistic units, weights and biases drawn from U[−1, 1], learning rate 0.9, data
/// scaled to [0, 1], an update after every sample. Here it learns the three species of iris, with one output for each.
/// </summary>
internal static class OneHiddenLayer
{
    private const int HiddenUnits = 5;
    private const double LearningRate = 0.9;

    public static void Run(TextWriter to)
    {
        Problem iris = ExampleSets.Load("iris");
        Split split = Split.Of(iris, testFraction: 0.2, seed: 1, index: 0);
        DataSet<float> training = EngineData.From(iris, split.Training);
        to.WriteLine($"iris: 4-{HiddenUnits}-3, logistic, E = ½Σ(y − a)², weights and biases from U[−1, 1], η = 0.9, inputs in [0, 1]");

        Initializer uniform = Initializer.Uniform(1).WithUniformBiases(1);
        Network<float> network = new NetworkBuilder(training.InputColumns)
            .ScaleInputs(ColumnScaling.MinMax(training.Inputs.Span, training.InputColumns, low: 0, high: 1))
            .Add(new LayerSpec(HiddenUnits, Activation.Logistic) { Initializer = uniform })
            .Add(new LayerSpec(iris.ClassNames.Count, Activation.Logistic) { Initializer = uniform })
            .Build<float>(seed: 1);
        TrainingResult result = new NetworkTrainer<float>(network, new TrainingOptions
        {
            Loss = Loss.HalfSquaredError,
            Optimizer = Optimizer.GradientDescent(LearningRate),
            BatchSize = 1,
            Epochs = 1000,
            TargetLoss = 0.02,
        }).Train(training);

        foreach (EpochRecord epoch in result.History.Where(epoch => epoch.Epoch is 1 or 3 or 10 or 30 or 100 or 300))
        {
            to.WriteLine($"epoch {epoch.Epoch,3}: E = {epoch.TrainingLoss:F4}");
        }

        to.WriteLine($"{result.StopReason} after {result.History.Count} epochs of {training.Rows} updates");
        to.WriteLine($"accuracy on the {split.Test.Length} flowers that it has not seen: {Score.Of(network, iris, split.Test):F2}");
    }
}
