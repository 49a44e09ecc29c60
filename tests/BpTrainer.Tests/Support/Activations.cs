namespace BpTrainer.Tests;

/// <summary>Every activation, those with parameters also in values that are not the default.</summary>
internal static class Activations
{
    public static IReadOnlyList<Activation> All { get; } =
    [
        Activation.Linear,
        Activation.Logistic,
        Activation.Tanh,
        Activation.ReLU,
        Activation.Softmax,
        Activation.ScaledLogistic(2, 0.5),
        Activation.ScaledLogistic(1.5, 3),
        Activation.LeakyReLU(),
        Activation.LeakyReLU(0.3),
        Activation.PReLU(),
        Activation.PReLU(-0.5),
        Activation.Elu(),
        Activation.Elu(0.7),
        Activation.Selu,
        Activation.Softplus,
        Activation.Gelu,
        Activation.SiLU,
        Activation.Mish,
        Activation.Exponential,
        Activation.CumulativeSoftplus,
        Activation.HardLimit,
    ];

    /// <summary>Those that a gradient comes through.</summary>
    public static IReadOnlyList<Activation> ThatLearn { get; } = [.. All.Where(activation => activation != Activation.HardLimit)];

    /// <summary>Those that work on each number by itself, without parameters that are learned.</summary>
    public static IReadOnlyList<Activation> Elementwise { get; } =
    [
        .. All.Where(activation => activation.Name is not ("softmax" or "prelu" or "cumulative-softplus"))
    ];
}
