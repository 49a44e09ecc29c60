using System.Runtime.CompilerServices;
using BpTrainer.Numbers;

namespace BpTrainer.ML;

/// <summary>
/// The hidden layers of a network, from the inputs to the outputs: the number of units of each, <c>[20, 10]</c>, or its full specification,
/// <c>[new LayerSpec(20, Activation.Tanh), 10]</c>. <c>[]</c> is a network without hidden layers, which is linear, logistic or softmax
/// regression.
/// </summary>
/// <remarks>
/// <para>
/// A number stands for a layer of that many units with the default activation: <see cref="Activation.ReLU"/> in a network that reads codes
/// of the features (<see cref="FeatureEncoding"/>), because the codes provide the bends; otherwise <see cref="Activation.SiLU"/>, which is
/// smooth.
/// </para>
/// <para>
/// A layer without an initializer gets initial weights that suit its activation, and random biases
/// (<see cref="Initializer.WithUniformBiases"/>) if every unit has its own trained bias; shared and frozen biases start at 0.
/// </para>
/// </remarks>
[CollectionBuilder(typeof(HiddenLayers), nameof(Create))]
public sealed class HiddenLayers
{
    private readonly HiddenLayer[] _layers;
    private readonly UnitChoice? _units;

    private HiddenLayers(HiddenLayer[] layers, UnitChoice? units = null)
    {
        _layers = layers;
        _units = units;
    }

    /// <summary>The number of hidden layers.</summary>
    public int Count => _layers.Length;

    /// <summary>Hidden layers with one activation.</summary>
    /// <param name="activation">The activation of every hidden layer.</param>
    /// <param name="units">The number of units of each layer, at least 1.</param>
    /// <returns>The hidden layers.</returns>
    public static HiddenLayers Of(Activation activation, params ReadOnlySpan<int> units) =>
        new(Array.ConvertAll(units.ToArray(), count => (HiddenLayer)new LayerSpec(count, activation)));

    /// <summary>
    /// One hidden layer of √(n + m) + a units for n features and m outputs, rounded to the nearest integer: a rule of thumb for the order
    /// of magnitude.
    /// </summary>
    /// <param name="addend">a, from 1 to 10. Default: 5.</param>
    /// <param name="activation">The activation; null for the default one. Default: null.</param>
    /// <returns>The hidden layer.</returns>
    public static HiddenLayers Rule(int addend = 5, Activation? activation = null) => new([OneUnit(activation)], new UnitRule(addend));

    /// <summary>One hidden layer with the best of several sizes: <c>HiddenLayers.Try([4, 8, 16])</c>.</summary>
    /// <param name="sizes">The numbers of units to try, all different; each at least 1.</param>
    /// <param name="activation">The activation; null for the default one. Default: null.</param>
    /// <param name="folds">The number of folds for a cross-validation of each size on the training rows, 2 or more; 0 to compare the sizes
    /// on the validation rows. Default: 0.</param>
    /// <returns>The hidden layer.</returns>
    /// <remarks>
    /// <para>
    /// <c>Fit</c> trains a network of each size, in parallel if there are enough threads, chooses a size as <see cref="HiddenSizeTrials"/>
    /// describes, and then trains the model with that size. The table of the trials is in the log and in <c>HiddenSizeTrials</c> of the
    /// model. Each trial is a training with these options, but without <see cref="BackPropagationOptions.OnEpoch"/>; for an ensemble it
    /// trains one network of the first kind. The trials may take half of a <see cref="BackPropagationOptions.TimeBudget"/>.
    /// </para>
    /// <para>
    /// Folds keep classes in proportion and groups of rows together. Scalings and codes of the features are computed from all training
    /// rows. Folds require rows that fit into memory, and are not allowed with <see cref="ValidationRows.Last"/>. Without folds there must
    /// be validation rows.
    /// </para>
    /// <para>It cannot be used to continue the training of a model, because the size of that model is known.</para>
    /// </remarks>
    public static HiddenLayers Try(IReadOnlyList<int> sizes, Activation? activation = null, int folds = 0)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return new([OneUnit(activation)], new UnitTrials([.. sizes], folds));
    }

    /// <summary>
    /// One hidden layer with the best of the sizes √(n + m) + a for a = 1, 2, …, 10, with n features and m outputs: see <see cref="Try"/>.
    /// </summary>
    /// <inheritdoc cref="Try"/>
    public static HiddenLayers TryRule(Activation? activation = null, int folds = 0) =>
        new([OneUnit(activation)], new UnitTrials(Given: null, folds));

    /// <summary>
    /// One hidden layer that begins with a few units and gets more as long as they lower the validation loss, or the training loss if there
    /// are no validation rows: <c>HiddenLayers.Grow(50, new() { First = 5, Step = 5 })</c>.
    /// </summary>
    /// <param name="most">The maximum number of units, or the specification of a layer with that number.</param>
    /// <param name="growth">How the layer grows; null for the default. Default: null.</param>
    /// <returns>The hidden layer.</returns>
    /// <remarks>
    /// Each stage is a training with these options, as <see cref="GrowingTrainer{T}"/> describes: the epochs, the updates and the schedule
    /// apply to each stage, and <see cref="BackPropagationOptions.TimeBudget"/> applies to all stages together. The model lists its stages
    /// in <c>GrowthStages</c>, and its history counts epochs across stages. Each network of an ensemble grows separately. It cannot be used
    /// to continue the training of a model; give the number of units of that model instead.
    /// </remarks>
    public static HiddenLayers Grow(HiddenLayer most, GrowthOptions? growth = null) =>
        new([most], new UnitGrowth(growth ?? new GrowthOptions(), most.Units));

    /// <summary>Creates hidden layers from a list; collection expressions call this.</summary>
    /// <param name="layers">The layers, from the inputs to the outputs.</param>
    /// <returns>The hidden layers.</returns>
    public static HiddenLayers Create(ReadOnlySpan<HiddenLayer> layers) => new(layers.ToArray());

    /// <summary>One hidden layer with the default activation.</summary>
    /// <param name="units">The number of units, at least 1.</param>
    public static implicit operator HiddenLayers(int units) => new([units]);

    /// <summary>Hidden layers with the default activation.</summary>
    /// <param name="units">The number of units of each layer, at least 1.</param>
    public static implicit operator HiddenLayers(int[] units) => new(Array.ConvertAll(units, count => (HiddenLayer)count));

    /// <summary>Hidden layers by their specifications.</summary>
    /// <param name="layers">The layers, from the inputs to the outputs.</param>
    public static implicit operator HiddenLayers(LayerSpec[] layers) => new(Array.ConvertAll(layers, layer => (HiddenLayer)layer));

    /// <summary>
    /// Enumerates the layers. Those of <see cref="Rule"/> and <see cref="Try"/> have 1 unit until the data is known.
    /// </summary>
    /// <returns>The enumerator.</returns>
    public IEnumerator<HiddenLayer> GetEnumerator() => ((IEnumerable<HiddenLayer>)_layers).GetEnumerator();

    /// <summary>The layers, or how the number of units is found.</summary>
    /// <returns>A text such as <c>[20, 10]</c>, <c>[20 tanh, 10 tanh]</c> or <c>Rule(5)</c>.</returns>
    public override string ToString() => _units?.ToString() ?? $"[{string.Join(", ", _layers)}]";

    /// <summary>The sizes to try; null if none are tried.</summary>
    internal UnitTrials? Trials => _units as UnitTrials;

    /// <summary>How the layer grows; null if it does not.</summary>
    internal GrowthOptions? Growth => (_units as UnitGrowth)?.Growth;

    /// <summary>
    /// The layers of a network with these numbers of inputs and outputs. If training finds the number of units, they have the maximum.
    /// </summary>
    internal IEnumerable<LayerSpec> For(int inputs, int outputs, bool readsCodes)
    {
        int? units = _units?.Most(inputs, outputs);
        IEnumerable<LayerSpec> layers = _layers.Select(layer => layer.ToSpec(readsCodes ? Activation.ReLU : Activation.SiLU));
        return layers.Select(layer => layer with
        {
            Units = units ?? layer.Units,
            Initializer = layer.Initializer
                ?? (layer.Bias == BiasKind.PerUnit ? layer.Activation.DefaultInitializer.WithUniformBiases() : null),
        });
    }

    private static HiddenLayer OneUnit(Activation? activation) => activation is null ? (HiddenLayer)1 : new LayerSpec(1, activation);

    /// <summary>Throws if a layer is out of its range or cannot learn.</summary>
    internal void Check(IExceptionContext context, string option)
    {
        foreach (HiddenLayer layer in _layers)
        {
            layer.Check(context, option);
        }

        BackPropagationOptions.Check(context, option, () => _units?.Check());
        BackPropagationOptions.Check(
            context, option,
            () => For(inputs: 1, outputs: 1, readsCodes: false).Aggregate(new NetworkBuilder(1), (builder, layer) => builder.Add(layer)));
    }
}

/// <summary>One hidden layer: a number of units, whose activation is the default one of <see cref="HiddenLayers"/>, or a full
/// specification.</summary>
public readonly struct HiddenLayer
{
    private readonly int _units;
    private readonly LayerSpec? _spec;
    private readonly bool _isNumber;

    private HiddenLayer(int units, LayerSpec? spec, bool isNumber) => (_units, _spec, _isNumber) = (units, spec, isNumber);

    /// <summary>A layer with the default activation.</summary>
    /// <param name="units">The number of units, at least 1.</param>
    public static implicit operator HiddenLayer(int units) => new(units, spec: null, isNumber: true);

    /// <summary>A layer by its specification.</summary>
    /// <param name="layer">The specification.</param>
    public static implicit operator HiddenLayer(LayerSpec layer) => new(units: 0, layer, isNumber: false);

    /// <summary>The layer.</summary>
    /// <returns>A text such as <c>20</c> or <c>20 tanh</c>.</returns>
    public override string ToString() => _spec is null ? $"{_units}" : $"{_spec.Units} {_spec.Activation}";

    /// <summary>The number of units.</summary>
    public int Units => _spec?.Units ?? _units;

    /// <summary>The activation; null for the default one.</summary>
    public Activation? Activation => _spec?.Activation;

    internal LayerSpec ToSpec(Activation defaultActivation) => _spec ?? new LayerSpec(_units, defaultActivation);

    /// <summary>Throws if the layer is null or cannot learn.</summary>
    internal void Check(IExceptionContext context, string option)
    {
        if (_isNumber)
        {
            return;
        }

        context.CheckUserArg(_spec is not null, option, "has a layer that is null.");
        context.CheckUserArg(_spec!.Activation is not null, option, "has an activation that is null.");
        context.CheckUserArg(
            _spec.Activation != Activation.HardLimit,
            option,
            $"{option} has the activation {_spec.Activation}, whose derivative is 0, so nothing can be learned " +
            $"through it; {Activation.Logistic} and {Activation.Tanh} are smooth steps.");
    }
}
