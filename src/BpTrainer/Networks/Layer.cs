using BpTrainer.Networks;

namespace BpTrainer;

/// <summary>A layer of a network, for reading and setting its parameters. It is a view: changes to the layer change the network.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class Layer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _network;
    private readonly LayerLayout _layout;

    internal Layer(Network<T> network, LayerLayout layout) => (_network, _layout) = (network, layout);

    /// <summary>
    /// The number of inputs. For the first layer, these are the inputs of the network, followed by the codes of their encoding if there is
    /// one.
    /// </summary>
    public int Inputs => _layout.Inputs;

    /// <summary>The number of outputs, one for each unit.</summary>
    public int Outputs => _layout.Outputs;

    /// <summary>The function of every unit.</summary>
    public Activation Activation => _layout.Spec.Activation;

    /// <summary>Which biases the layer has.</summary>
    public BiasKind Bias => _layout.Spec.Bias;

    /// <summary>The weight from an input to a unit.</summary>
    /// <param name="input">From 0 to <see cref="Inputs"/> − 1.</param>
    /// <param name="output">From 0 to <see cref="Outputs"/> − 1.</param>
    /// <returns>The weight.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input or output.</exception>
    public T GetWeight(int input, int output) => _network.Parameters.Span[Index(input, output)];

    /// <summary>Sets the weight from an input to a unit.</summary>
    /// <param name="input">From 0 to <see cref="Inputs"/> − 1.</param>
    /// <param name="output">From 0 to <see cref="Outputs"/> − 1.</param>
    /// <param name="value">The weight.</param>
    /// <inheritdoc cref="GetWeight" path="/exception"/>
    public void SetWeight(int input, int output, T value) => _network.Parameters.Span[Index(input, output)] = value;

    /// <summary>Copies all weights, row by row, independent of how the network stores them.</summary>
    /// <param name="destination">Receives <see cref="Inputs"/> × <see cref="Outputs"/> numbers: first the weights from the first input to
    /// each unit, then those from the second input, and so on.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    public void CopyWeightsTo(Span<T> destination)
    {
        Guard.Require(
            destination.Length == (long)Inputs * Outputs,
            $"There is room for {destination.Length} weights, but the layer has {Inputs} × {Outputs}.", nameof(destination));

        ReadOnlySpan<T> parameters = _network.Parameters.Span;
        for (int i = 0; i < Inputs; i++)
        {
            for (int o = 0; o < Outputs; o++)
            {
                destination[(i * Outputs) + o] = parameters[_layout.WeightIndex(i, o)];
            }
        }
    }

    /// <summary>
    /// The bias of every unit; if the units share one bias, all are equal. The span is the network's own memory and shows later changes.
    /// </summary>
    public ReadOnlySpan<T> Biases => StoredBiases;

    /// <summary>The bias of a unit.</summary>
    /// <param name="output">From 0 to <see cref="Outputs"/> − 1.</param>
    /// <returns>The bias.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    public T GetBias(int output) => StoredBiases[CheckOutput(output)];

    /// <summary>Sets the bias of a unit, or of all units if they share one bias.</summary>
    /// <param name="output">From 0 to <see cref="Outputs"/> − 1.</param>
    /// <param name="value">The bias.</param>
    /// <inheritdoc cref="GetBias" path="/exception"/>
    public void SetBias(int output, T value)
    {
        CheckOutput(output);
        if (Bias == BiasKind.Shared)
        {
            StoredBiases.Fill(value);
        }
        else
        {
            StoredBiases[output] = value;
        }
    }

    /// <summary>
    /// Whether every unit has a slope that is learned with the weights: <see cref="Activation.PReLU"/>.
    /// </summary>
    public bool HasSlopes => _layout.HasSlopes;

    /// <summary>The learned slope of every unit, in the network's own memory; empty if the activation has none.</summary>
    public ReadOnlySpan<T> Slopes => HasSlopes ? StoredSlopes : default;

    /// <summary>The learned slope of a unit's activation.</summary>
    /// <param name="output">From 0 to <see cref="Outputs"/> − 1.</param>
    /// <returns>The slope for negative net inputs.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    /// <exception cref="InvalidOperationException">The activation has no learned slopes.</exception>
    public T GetSlope(int output) => StoredSlopes[CheckOutput(output)];

    /// <summary>Sets the learned slope of a unit's activation.</summary>
    /// <param name="output">From 0 to <see cref="Outputs"/> − 1.</param>
    /// <param name="value">The slope for negative net inputs.</param>
    /// <inheritdoc cref="GetSlope" path="/exception"/>
    public void SetSlope(int output, T value) => StoredSlopes[CheckOutput(output)] = value;

    internal Span<T> StoredSlopes => HasSlopes
        ? _network.Parameters.Span.Slice(_layout.SlopeOffset, Outputs)
        : throw new InvalidOperationException($"The activation {Activation} has no learned slopes; prelu has.");

    internal Span<T> StoredBiases => _network.Parameters.Span.Slice(_layout.BiasOffset, Outputs);

    private int Index(int input, int output)
    {
        if ((uint)input >= (uint)Inputs)
        {
            throw Guard.OutOfRange(nameof(input), input, $"from 0 to {Inputs - 1}");
        }

        return _layout.WeightIndex(input, CheckOutput(output));
    }

    private int CheckOutput(int output) =>
        (uint)output < (uint)Outputs ? output : throw Guard.OutOfRange(nameof(output), output, $"from 0 to {Outputs - 1}");
}

/// <summary>Which biases a layer has.</summary>
public enum BiasKind
{
    /// <summary>A trained bias for every unit.</summary>
    PerUnit = 0,

    /// <summary>One trained bias that all units of the layer share.</summary>
    Shared = 1,

    /// <summary>A bias for every unit that training does not change: 0 unless the user sets it.</summary>
    Frozen = 2,
}

/// <summary>One fully connected layer of a network: a = f(x·W + b), where x is the output of the layer before and W is inputs ×
/// units.</summary>
/// <param name="Units">The number of units, which is the number of outputs of the layer; 1 or more.</param>
/// <param name="Activation">The function f.</param>
public sealed record LayerSpec(int Units, Activation Activation)
{
    /// <summary>
    /// How the weights are drawn; null for the initializer that suits the activation: <see cref="BpTrainer.Initializer.He"/> for ReLU and
    /// its smooth and leaky relatives, <see cref="BpTrainer.Initializer.LeCunNormal"/> for SELU, otherwise
    /// <see cref="BpTrainer.Initializer.Glorot"/>. Default: null.
    /// </summary>
    public Initializer? Initializer { get; init; }

    /// <summary>Which biases the layer has. Default: <see cref="BiasKind.PerUnit"/>.</summary>
    public BiasKind Bias { get; init; }

    /// <summary>A layer with <see cref="Activation.Tanh"/>.</summary>
    /// <param name="units">The number of units; 1 or more.</param>
    public static implicit operator LayerSpec(int units) => new(units, Activation.Tanh);
}
