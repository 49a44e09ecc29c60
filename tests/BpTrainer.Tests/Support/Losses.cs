namespace BpTrainer.Tests;

/// <summary>The losses by their text, so that theories can list them, and the output activations each is defined for.</summary>
internal static class Losses
{
    /// <summary>Every loss; Huber's with a δ that leaves errors of targets in (0, 1) on both sides of it.</summary>
    public static IReadOnlyList<Loss> All { get; } =
    [
        Loss.HalfSquaredError,
        Loss.MeanSquaredError,
        Loss.MeanAbsoluteError,
        Loss.Huber(0.3),
        Loss.Quantile(0.8),
        Loss.Poisson,
        Loss.BinaryCrossEntropy(),
        Loss.CategoricalCrossEntropy(),
        Loss.BinaryCrossEntropy(0.1, [0.5, 3]),
        Loss.CategoricalCrossEntropy(0.1),
    ];

    public static IReadOnlyList<Activation> Activations => Tests.Activations.ThatLearn;

    public static Loss Named(string text) => All.Single(loss => loss.ToString() == text);

    /// <summary>A cross-entropy takes logarithms of a and 1 − a, so a must lie in (0, 1); Poisson of a, so it must be above 0.</summary>
    public static bool IsLegal(Loss loss, Activation output) => loss.Name switch
    {
        "binary-cross-entropy" or "categorical-cross-entropy" => output == Activation.Logistic || output == Activation.Softmax,
        "poisson" => output.Name is "logistic" or "softmax" or "exponential" or "softplus",
        _ => true,
    };
}
