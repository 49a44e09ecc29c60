namespace BpTrainer.Examples.Textbook;

/// <summary>The 2-2-2 example that many texts and blogs compute by hand, and the results that they print for 10,000 updates.</summary>
internal static class OneSample
{
    private const int Updates = 10000;

    private static readonly WorkedNetwork s_example = new(
        Hidden: new[,] { { 0.15, 0.25 }, { 0.20, 0.30 } },
        HiddenBias: 0.35,
        Output: new[,] { { 0.40, 0.50 }, { 0.45, 0.55 } },
        OutputBias: 0.60,
        X: [0.05, 0.10],
        Y: [0.01, 0.99]);

    public static void Run(TextWriter to)
    {
        to.WriteLine("2-2-2, logistic, E = ½Σ(y − a)², biases 0.35 and 0.60 frozen, η = 0.5, x = (0.05, 0.10), y = (0.01, 0.99)");
        Show.Pass(to, s_example);

        to.WriteLine($"After {Updates} updates:");
        Report(to, "biases frozen", s_example);
        to.WriteLine("  Texts print E = 0.000035085 and the outputs 0.015912196 and 0.984065734, as between updates 10,002 and 10,003.");
        Report(to, "biases trained", s_example with { Bias = BiasKind.PerUnit });
        float[] score = s_example.ScoreOfMLNet(Updates);
        to.WriteLine($"{"ML.NET, in float",-22}{score[0],18:F6}{score[1],18:F6}");

        to.WriteLine("A program that is passed around prints the outputs 0.0160 and 0.0900. Its last target is 0.09, not 0.99:");
        Report(to, "y = (0.01, 0.09)", s_example with { Y = [0.01, 0.09] });
    }

    private static void Report(TextWriter to, string name, WorkedNetwork example)
    {
        Network<double> network = example.After(Updates);
        Show.Numbers(to, name, network.OutputsOf(example.X));
        to.WriteLine($"{"",-22}  E = {network.Evaluate(example.Sample, WorkedNetwork.Loss):E9}");
    }
}
