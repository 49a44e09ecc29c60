namespace BpTrainer.Examples.Engine;

/// <summary>
/// The exclusive or, learned by 2-5-1 logistic units, one sample at a time in random order. Some initial weights lead to a local minimum;
/// training then restarts from others.
/// </summary>
internal static class Xor
{
    private const int Restarts = 10;

    private static readonly double[] s_inputs = [0, 0, 0, 1, 1, 0, 1, 1];
    private static readonly double[] s_targets = [0, 1, 1, 0];

    public static void Run(TextWriter to)
    {
        to.WriteLine("XOR: 2-5-1, logistic, half squared error, one sample at a time, learning rate 0.5");
        var data = new DataSet<double>(s_inputs, 2, s_targets, 1);
        var options = new TrainingOptions
        {
            Loss = Loss.HalfSquaredError,
            Optimizer = Optimizer.GradientDescent(0.5),
            BatchSize = 1,
            Epochs = 20000,
            TargetLoss = 0.001,
        };

        for (int seed = 1; seed <= Restarts; seed++)
        {
            Network<double> network = new NetworkBuilder(2).Add(5, Activation.Logistic).Add(1, Activation.Logistic).Build<double>(seed);
            TrainingResult result = new NetworkTrainer<double>(network, options with { Seed = seed }).Train(data);
            var outputs = new double[4];
            network.Predict(s_inputs, outputs, rows: 4);
            bool learned = outputs.Zip(s_targets).All(pair => pair.First > 0.5 == pair.Second > 0.5);
            to.WriteLine($"  From seed {seed}: {result.StopReason} after {4 * result.History.Count} updates, error " +
                $"{result.History[^1].TrainingLoss:F6}.");
            if (learned)
            {
                for (int row = 0; row < 4; row++)
                {
                    to.WriteLine(
                        $"    {s_inputs[2 * row]} xor {s_inputs[(2 * row) + 1]} = {s_targets[row]}, the network says {outputs[row]:F4}");
                }

                break;
            }
        }

        to.WriteLine();
    }
}
