namespace BpTrainer;

/// <summary>Which biases a layer has.</summary>
public enum BiasKind
{
    /// <summary>A trained bias for every unit.</summary>
    PerNeuron = 0,

    /// <summary>One trained bias that all units of the layer share.</summary>
    Shared = 1,

    /// <summary>A bias for every unit that training leaves as it is: 0 unless the user sets it.</summary>
    Frozen = 2,
}

/// <summary>One fully connected layer of a network: a = f(x·W + b), x of the layer before, W inputs × units.</summary>
/// <param name="Units">The number of units, which is the number of the layer's outputs; 1 or more.</param>
/// <param name="Activation">The function f.</param>
public sealed record LayerSpec(int Units, Activation Activation)
{
    /// <summary>How the weights are drawn; null takes the one that suits the activation: <see cref="BpTrainer.Initializer.He"/> for ReLU and its
    /// smooth and leaky relatives, <see cref="BpTrainer.Initializer.LeCunNormal"/> for SELU, otherwise <see cref="BpTrainer.Initializer.Glorot"/>. Default null.</summary>
    public Initializer? Initializer { get; init; }

    /// <summary>Which biases the layer has. Default <see cref="BiasKind.PerNeuron"/>.</summary>
    public BiasKind Bias { get; init; }

    /// <summary>A layer with <see cref="Activation.Tanh"/>.</summary>
    /// <param name="units">The number of units; 1 or more.</param>
    public static implicit operator LayerSpec(int units) => new(units, Activation.Tanh);
}
