namespace BpTrainer.Tests;

/// <summary>The losses by name, so that theories can list them, and the output activations each is defined for.</summary>
internal static class Losses
{
    public static IReadOnlyList<Loss> All { get; } =
        [Loss.HalfSquaredError, Loss.MeanSquaredError, Loss.BinaryCrossEntropy, Loss.CategoricalCrossEntropy];

    public static IReadOnlyList<Activation> Activations => Tests.Activations.ThatLearn;

    public static Loss Named(string name) => All.Single(loss => loss.Name == name);

    /// <summary>A cross-entropy takes logarithms of a and 1 − a, so a must lie in (0, 1).</summary>
    public static bool IsLegal(Loss loss, Activation output) =>
        loss == Loss.HalfSquaredError || loss == Loss.MeanSquaredError || output == Activation.Logistic || output == Activation.Softmax;
}
