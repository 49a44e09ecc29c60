namespace BpTrainer.Examples.Textbook;

/// <summary>Continues the 2-2-2 matrix example until E is at most 0.19, and for 10 iterations.</summary>
internal static class StoppedRuns
{
    private const double Goal = 0.19;

    public static void Run(TextWriter to)
    {
        WorkedNetwork example = Matrices.TwoHiddenUnits;
        to.WriteLine($"2-2-2 with y = (0, 1), until E is at most {Goal}");
        Follow(to, example, mostUpdates: 1000, Goal);

        to.WriteLine();
        to.WriteLine("The same with y = (0.01, 0.99), 10 iterations");
        Follow(to, example with { Y = [0.01, 0.99] }, mostUpdates: 10, goal: 0);
    }

    /// <summary>Prints E after every update. The callback evaluates the network and stops the training when the goal is reached.</summary>
    private static void Follow(TextWriter to, WorkedNetwork example, int mostUpdates, double goal)
    {
        Network<double> network = example.Build();
        Print(to, update: 0, network.Evaluate(example.Sample, WorkedNetwork.Loss), network.OutputsOf(example.X));
        TrainingResult result = WorkedNetwork.Trainer(network, mostUpdates).Train(example.Sample, onEpoch: progress =>
        {
            double loss = progress.Network.Evaluate(example.Sample, WorkedNetwork.Loss);
            Print(to, progress.Epoch.Epoch, loss, progress.Network.OutputsOf(example.X));
            if (loss <= goal)
            {
                progress.Stop();
            }
        });
        to.WriteLine($"{result.StopReason} after {result.History.Count} updates");
    }

    private static void Print(TextWriter to, int update, double loss, double[] outputs) =>
        to.WriteLine($"update {update,2}: E = {loss:F12}, outputs {outputs[0]:F12} and {outputs[1]:F12}");
}
