namespace BpTrainer.Examples.Engine;

/// <summary>Handwritten digits, 8 × 8 pixels: ten classes, softmax and categorical cross-entropy.</summary>
internal static class Digits
{
    private const int Seed = 1;

    public static void Run(TextWriter to)
    {
        Problem problem = ExampleSets.Load("digits");
        Split split = Split.Of(problem, testFraction: 0.2, Seed, index: 0);
        to.WriteLine($"Digits: {problem.NumberColumns.Count}-{Recipe.HiddenUnits}-{problem.ClassNames.Count}, tanh and softmax, " +
            $"cross-entropy; {split.Training.Length} rows to learn, {split.Test.Length} to test");

        (Network<float> network, TrainingResult result) = LiveTraining.Show(
            Terminal.On(to), Recipe.Epochs, onEpoch => Recipe.Learn(problem, split.Training, Seed, onEpoch));
        to.WriteLine($"  {result.StopReason} after {result.History.Count} epochs; the weights of epoch {result.BestEpoch} are kept.");
        to.WriteLine($"  Test accuracy {Score.Of(network, problem, split.Test):P2}.");
        to.WriteLine();
    }
}
