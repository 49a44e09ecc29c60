namespace BpTrainer.Examples.Textbook;

/// <summary>
/// Data compression: a network whose targets are its inputs passes them through a narrow hidden layer, whose outputs become codes for them.
/// The 8-3-8 encoder (Rumelhart, Hinton and Williams, 1986) finds codes of three bits for eight patterns.
/// </summary>
internal static class Encoder
{
    private const int Patterns = 8, CodeUnits = 3;

    public static void Run(TextWriter to)
    {
        to.WriteLine("Encoder: 8-3-8, logistic, E = ½Σ(y − a)²; eight patterns of one 1 and seven 0, each its own target");
        var patterns = new double[Patterns * Patterns];
        for (int p = 0; p < Patterns; p++)
        {
            patterns[(p * Patterns) + p] = 1;
        }

        Network<double> network = new NetworkBuilder(Patterns)
            .Add(CodeUnits, Activation.Logistic)
            .Add(Patterns, Activation.Logistic)
            .Build<double>(seed: 1);
        TrainingResult result = new NetworkTrainer<double>(network, new TrainingOptions
        {
            Optimizer = Optimizer.Momentum(0.5, momentum: 0.9),
            BatchSize = 1,
            Epochs = 5000,
            TargetLoss = 0.001,
        }).Train(new DataSet<double>(patterns, Patterns, patterns, Patterns));
        to.WriteLine($"{result.StopReason} after {result.History.Count} epochs");

        Network<double> encoder = network.ToEncoder(hiddenLayer: 1);
        to.WriteLine("pattern   code, outputs of the hidden layer   largest output");
        for (int p = 0; p < Patterns; p++)
        {
            double[] pattern = patterns[(p * Patterns)..((p + 1) * Patterns)];
            double[] code = encoder.OutputsOf(pattern), restored = network.OutputsOf(pattern);
            string codes = string.Join("  ", code.Select(c => c.ToString("F2")));
            to.WriteLine($"{string.Concat(pattern)}  {codes,-34}  {Array.IndexOf(restored, restored.Max()) + 1}");
        }
    }
}
