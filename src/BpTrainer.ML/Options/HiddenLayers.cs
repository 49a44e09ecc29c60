using System.Runtime.CompilerServices;
using BpTrainer.Numbers;

namespace BpTrainer.ML;

/// <summary>
/// The hidden layers of a network, from the inputs to the outputs: the number of units of each, <c>[20, 10]</c>, or its full specification,
/// <c>[new LayerSpec(20, Activation.ReLU), 10]</c>. A number stands for a layer of that many units with <see cref="Activation.Tanh"/>.
/// <c>[]</c> is a network without hidden layers, which is linear, logistic or softmax regression.
/// </summary>
/// <remarks>
/// A layer without an initializer of its own has the weights that suit its activation and random biases:
/// <see cref="Initializer.WithRandomBiases"/>.
/// </remarks>
[CollectionBuilder(typeof(HiddenLayers), nameof(Create))]
public sealed class HiddenLayers
{
    private const int LargestAddend = 10;

    private readonly LayerSpec[] _layers;
    private readonly int? _addend;

    private HiddenLayers(LayerSpec[] layers, int? addend = null)
    {
        _layers = layers;
        _addend = addend;
    }

    /// <summary>The number of hidden layers.</summary>
    public int Count => _layers.Length;

    /// <summary>Hidden layers with one activation.</summary>
    /// <param name="activation">The activation of every hidden layer.</param>
    /// <param name="units">The number of units of each layer, at least 1.</param>
    /// <returns>The hidden layers.</returns>
    public static HiddenLayers Of(Activation activation, params ReadOnlySpan<int> units) =>
        new(Array.ConvertAll(units.ToArray(), count => new LayerSpec(count, activation)));

    /// <summary>
    /// One hidden layer of √(n + m) + a units for n features and m outputs, rounded to the nearest whole number: a rule of thumb for the
    /// order of magnitude.
    /// </summary>
    /// <param name="addend">a, from 1 to 10. Default 5.</param>
    /// <param name="activation">The activation. Default <see cref="Activation.Tanh"/>.</param>
    /// <returns>The hidden layer.</returns>
    public static HiddenLayers Rule(int addend = 5, Activation? activation = null) =>
        new([new LayerSpec(1, activation ?? Activation.Tanh)], addend);

    /// <summary>Hidden layers by their specifications; collection expressions call it.</summary>
    /// <param name="layers">The layers, from the inputs to the outputs.</param>
    /// <returns>The hidden layers.</returns>
    public static HiddenLayers Create(ReadOnlySpan<LayerSpec> layers) => new(layers.ToArray());

    /// <summary>One hidden layer with <see cref="Activation.Tanh"/>.</summary>
    /// <param name="units">The number of units, at least 1.</param>
    public static implicit operator HiddenLayers(int units) => Of(Activation.Tanh, units);

    /// <summary>Hidden layers with <see cref="Activation.Tanh"/>.</summary>
    /// <param name="units">The number of units of each layer, at least 1.</param>
    public static implicit operator HiddenLayers(int[] units) => Of(Activation.Tanh, units);

    /// <summary>Hidden layers by their specifications.</summary>
    /// <param name="layers">The layers, from the inputs to the outputs.</param>
    public static implicit operator HiddenLayers(LayerSpec[] layers) => Create(layers);

    /// <summary>Enumerates the layers. The layer of <see cref="Rule"/> has 1 unit, until the data says how many.</summary>
    /// <returns>The enumerator.</returns>
    public IEnumerator<LayerSpec> GetEnumerator() => ((IEnumerable<LayerSpec>)_layers).GetEnumerator();

    /// <summary>The layers, or the rule.</summary>
    /// <returns>A text such as <c>[20, 10]</c>, <c>[20 relu, 10 relu]</c> or <c>Rule(5)</c>.</returns>
    public override string ToString() => _addend is { } addend ? $"Rule({addend})" : $"[{string.Join(", ", _layers.Select(Describe))}]";

    /// <summary>The layers of a network with these numbers of inputs and outputs.</summary>
    internal IEnumerable<LayerSpec> For(int inputs, int outputs)
    {
        LayerSpec[] layers = _addend is { } addend ? [_layers[0] with { Units = Units(inputs, outputs, addend) }] : _layers;
        return layers.Select(layer => layer with
        {
            Initializer = layer.Initializer ?? layer.Activation.DefaultInitializer.WithRandomBiases(),
        });
    }

    /// <summary>√(n + m) + a, rounded to the nearest whole number, halves up.</summary>
    private static int Units(int inputs, int outputs, int addend) => addend is >= 1 and <= LargestAddend
        ? (int)Math.Round(Math.Sqrt((double)inputs + outputs) + addend, MidpointRounding.AwayFromZero)
        : throw Guard.OutOfRange(nameof(addend), addend, $"from 1 to {LargestAddend}");

    private static string Describe(LayerSpec layer) =>
        layer.Activation == Activation.Tanh ? $"{layer.Units}" : $"{layer.Units} {layer.Activation}";

    /// <summary>Throws when a layer is out of its range, or learns nothing.</summary>
    internal void Check(IExceptionContext context, string option)
    {
        foreach (LayerSpec? layer in _layers)
        {
            context.CheckUserArg(layer is not null, option, "has a layer that is null.");
            context.CheckUserArg(layer!.Activation is not null, option, "has an activation that is null.");
            context.CheckUserArg(
                layer.Activation != Activation.HardLimit,
                option,
                $"{option} has the activation {layer.Activation}, whose derivative is 0, so that nothing is learned through it; " +
                "logistic and tanh are smooth steps.");
        }

        BackPropagationOptions.Check(
            context, option, () => For(inputs: 1, outputs: 1).Aggregate(new NetworkBuilder(1), (builder, layer) => builder.Add(layer)));
    }
}
