using BpTrainer.Networks;

namespace BpTrainer;

/// <summary>
/// Describes a network, layer by layer from the inputs to the outputs:
/// <c>var network = new NetworkBuilder(2).Add(5, Activation.Tanh).Add(1, Activation.Logistic).Build&lt;float&gt;(seed: 1);</c>
/// </summary>
public sealed class NetworkBuilder
{
    private readonly List<LayerSpec> _layers = [];
    private readonly int _inputs;

    /// <summary>Begins the description of a network without layers.</summary>
    /// <param name="inputs">The number of inputs; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="inputs"/> is below 1.</exception>
    public NetworkBuilder(int inputs) => _inputs = Guard.AtLeast(inputs, 1);

    /// <summary>Adds a layer after the existing ones.</summary>
    /// <param name="units">The number of units; 1 or more.</param>
    /// <param name="activation">The function of every unit.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public NetworkBuilder Add(int units, Activation activation) => Add(new LayerSpec(units, activation));

    /// <summary>Adds a layer after the existing ones.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The layer has fewer than 1 unit or an unknown kind of bias.</exception>
    public NetworkBuilder Add(LayerSpec layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(layer.Activation);
        Guard.AtLeast(layer.Units, 1);
        if (!Enum.IsDefined(layer.Bias))
        {
            throw Guard.OutOfRange(nameof(layer.Bias), layer.Bias, "PerUnit, Shared or Frozen");
        }

        _layers.Add(layer);
        return this;
    }

    /// <summary>Scales inputs before the first layer, in training and in prediction.</summary>
    /// <param name="scaling">A scaling with one column for each input.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The scaling does not have one column for each input.</exception>
    public NetworkBuilder ScaleInputs(ColumnScaling scaling)
    {
        ArgumentNullException.ThrowIfNull(scaling);
        Guard.Require(
            scaling.Columns == _inputs,
            $"The scaling has {scaling.Columns} columns, but the network has {_inputs} inputs.", nameof(scaling));

        InputScaling = scaling;
        return this;
    }

    /// <summary>
    /// Encodes inputs with piecewise linear functions, in training and in prediction: the first layer reads the inputs followed by their
    /// codes. This needs dense batches, so sparse batches are filled with their zeros.
    /// </summary>
    /// <param name="encoding">An encoding with one column for each input, in the units before scaling.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The encoding does not have one column for each input.</exception>
    public NetworkBuilder EncodeInputs(PiecewiseLinearEncoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        Guard.Require(
            encoding.Columns == _inputs,
            $"The encoding has {encoding.Columns} columns, but the network has {_inputs} inputs.", nameof(encoding));

        InputEncoding = encoding;
        return this;
    }

    /// <summary>
    /// Scales targets in training, and outputs back in prediction: the network learns y = (target − offset) · scale, without limits.
    /// </summary>
    /// <param name="scaling">A scaling with one column for each output.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder ScaleOutputs(ColumnScaling scaling)
    {
        ArgumentNullException.ThrowIfNull(scaling);
        OutputScaling = scaling.WithoutLimits();
        return this;
    }

    /// <summary>Creates the network and draws its weights.</summary>
    /// <typeparam name="T">float to train, double to verify.</typeparam>
    /// <param name="seed">The seed of the weights. The same seed gives the same weights.</param>
    /// <returns>A new network.</returns>
    /// <exception cref="InvalidOperationException">No layer was added.</exception>
    /// <exception cref="ArgumentException">The output scaling or the given initial weights of a layer do not fit the shape of the network,
    /// initial weights are beyond the range of T, or the parameters of the network do not fit into an array.</exception>
    public Network<T> Build<T>(int seed = 0) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LayerLayout[] layouts = Arrange<T>();
        MemorySize.ThrowIfNotAvailable(
            MemorySize.Of<T>(layouts[^1].End), "layers", string.Join(", ", _layers.Select(layer => layer.Units)));
        var network = new Network<T>(_inputs, _layers, InputScaling, InputEncoding, OutputScaling);
        network.DrawWeights(new RandomStream(seed, RandomPurpose.Weights));
        return network;
    }

    internal ColumnScaling? InputScaling { get; private set; }

    internal PiecewiseLinearEncoding? InputEncoding { get; private set; }

    internal ColumnScaling? OutputScaling { get; private set; }

    /// <summary>A builder of the same network, which later changes to this builder do not affect.</summary>
    internal NetworkBuilder Clone()
    {
        var copy = new NetworkBuilder(_inputs)
        {
            InputScaling = InputScaling,
            InputEncoding = InputEncoding,
            OutputScaling = OutputScaling,
        };
        copy._layers.AddRange(_layers);
        return copy;
    }

    /// <summary>A builder of the same network, but with another number of units in its only hidden layer.</summary>
    internal NetworkBuilder WithHiddenUnits(int units)
    {
        Guard.Require(_layers.Count == 2, $"The network has {_layers.Count - 1} hidden layers, but must have one.", "builder");
        NetworkBuilder copy = Clone();
        copy._layers[0] = _layers[0] with { Units = units };
        return copy;
    }

    internal LayerLayout[] Arrange<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_layers.Count == 0)
        {
            throw new InvalidOperationException("A network needs at least one layer: call Add before Build.");
        }

        Guard.Require(
            OutputScaling is null || OutputScaling.Columns == _layers[^1].Units,
            $"The output scaling has {OutputScaling?.Columns} columns, but the network has {_layers[^1].Units} outputs.");
        return LayerLayout.Arrange<T>(_inputs, _layers, InputEncoding);
    }
}
