namespace BpTrainer.Examples.Textbook;

/// <summary>Two examples that texts compute with matrices, and the errors in their published numbers.</summary>
internal static class Matrices
{
    private static readonly WorkedNetwork s_threeHiddenUnits = new(
        Hidden: new[,] { { 0.10, 0.20, 0.30 }, { 0.15, 0.25, 0.35 } },
        HiddenBias: 0.35,
        Output: new[,] { { 0.40, 0.45 }, { 0.50, 0.55 }, { 0.60, 0.65 } },
        OutputBias: 0.65,
        X: [5, 10],
        Y: [0.01, 0.99]);

    /// <summary>2-2-2 with the targets 0 and 1.</summary>
    public static WorkedNetwork TwoHiddenUnits { get; } = new(
        Hidden: new[,] { { 0.15, 0.20 }, { 0.25, 0.30 } },
        HiddenBias: 0.1,
        Output: new[,] { { 0.40, 0.45 }, { 0.50, 0.55 } },
        OutputBias: 0.2,
        X: [0.05, 0.10],
        Y: [0, 1]);

    public static void Run(TextWriter to)
    {
        to.WriteLine("2-2-2, logistic, E = ½Σ(y − a)², biases 0.1 and 0.2 frozen, η = 0.5, x = (0.05, 0.10), y = (0, 1)");
        Show.Pass(to, TwoHiddenUnits);
        to.WriteLine("Errata: a published E is 0.2796, and a published ∂E/∂W, which leaves out h(1 − h), is about four times too large.");

        to.WriteLine();
        to.WriteLine("2-3-2, logistic, E = ½Σ(y − a)², biases 0.35 and 0.65 frozen, η = 0.5, x = (5, 10), y = (0.01, 0.99)");
        Show.Pass(to, s_threeHiddenUnits);
        to.WriteLine("Erratum: a published E is 0.1391829.");
    }
}
