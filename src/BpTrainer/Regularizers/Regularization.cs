using BpTrainer.Networks;

namespace BpTrainer;

/// <summary>
/// Penalties and bounds for weights, clipping of gradients, and dropout. Penalties and norms apply to weights only, not to biases. The
/// losses of the history are those of the data, without penalties.
/// </summary>
/// <remarks>
/// With dropout (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, JMLR 15, 2014) each unit is dropped with the probability p of
/// its layer, drawn again for every sample of every update. For a dropped unit the next layer reads 0, otherwise a / (1 − p), so that the
/// mean is a (inverted dropout). No error term is propagated through a dropped unit. Predictions, validation losses and the losses that an
/// adaptive rate compares use all units. All other training losses of the history are those of the batches during training, with dropout.
/// The seed of the training determines which units are dropped, for any number of threads.
/// </remarks>
public sealed record Regularization
{
    private readonly ValueList _hiddenDropout = new([]);

    /// <summary>λ₁ of the penalty λ₁ Σ|w|, which adds λ₁·sign(w) to the gradient; finite, 0 or more. Default: 0.</summary>
    public double L1 { get; init; }

    /// <summary>λ₂ of the penalty ½ λ₂ Σw², which adds λ₂·w to the gradient; finite, 0 or more. Default: 0.</summary>
    public double L2 { get; init; }

    /// <summary>
    /// Decoupled weight decay: every update begins with w ← w − η·decay·w, independent of the state of the optimizer (Loshchilov and
    /// Hutter, ICLR 2019); finite, 0 or more. Default: 0.
    /// </summary>
    public double WeightDecay { get; init; }

    /// <summary>
    /// The largest Euclidean norm of the weights into a unit; after an update, larger weights are scaled down to it (Srivastava et al.,
    /// JMLR 15, 2014). Above 0, or null for no bound. Default: null.
    /// </summary>
    public double? MaxNorm { get; init; }

    /// <summary>
    /// The largest Euclidean norm of the whole gradient; a larger gradient is scaled down to it (Pascanu, Mikolov and Bengio, ICML 2013).
    /// Above 0, or null for no bound. Penalties are part of the gradient. Default: null.
    /// </summary>
    public double? ClipNorm { get; init; }

    /// <summary>
    /// The largest magnitude of an element of the gradient; larger elements are limited to it, before <see cref="ClipNorm"/> is applied.
    /// Above 0, or null for no bound. Default: null.
    /// </summary>
    public double? ClipValue { get; init; }

    /// <summary>The dropout rate of the inputs of the network, after their scaling; at least 0 and below 1. Default: 0.</summary>
    public double InputDropout { get; init; }

    /// <summary>
    /// The dropout rates of the hidden layers, each at least 0 and below 1: one for all layers, or one for each, from the inputs to the
    /// outputs. The list is copied. Default: none.
    /// </summary>
    public IReadOnlyList<double> HiddenDropout
    {
        get => _hiddenDropout;
        init => _hiddenDropout = new ValueList(value ?? throw new ArgumentNullException(nameof(HiddenDropout)));
    }

    /// <summary>Whether penalties, bounds or clipping change gradients or weights.</summary>
    internal bool ChangesUpdates => this with { InputDropout = 0, HiddenDropout = [] } != new Regularization();

    internal bool HasDropout => InputDropout > 0 || HiddenDropout.Any(rate => rate > 0);

    /// <summary>Computes the penalties λ₁ Σ|w| + ½ λ₂ Σw² of the current weights of a network.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="network">The network.</param>
    /// <returns>The sum of the penalties.</returns>
    public double Penalty<T>(Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        if (L1 == 0 && L2 == 0)
        {
            return 0;
        }

        double absolute = 0;
        double squares = 0;
        foreach (LayerLayout layout in network.Layouts)
        {
            foreach (T weight in network.Parameters.Span.Slice(layout.WeightOffset, layout.Rows * layout.RowStride))
            {
                double w = double.CreateTruncating(weight);
                absolute += Math.Abs(w);
                squares += w * w;
            }
        }

        return (L1 * absolute) + (0.5 * L2 * squares);
    }

    /// <summary>The settings that differ from their defaults, in the invariant culture.</summary>
    /// <returns>A text such as <c>none</c> or <c>L2 = 0.1, HiddenDropout = [0.2, 0.5]</c>.</returns>
    public override string ToString()
    {
        string hidden = HiddenDropout.Count == 0 ? "" : $"[{HiddenDropout}]";
        (string Name, object? Value)[] settings =
        [
            (nameof(L1), L1), (nameof(L2), L2), (nameof(WeightDecay), WeightDecay), (nameof(MaxNorm), MaxNorm),
            (nameof(ClipNorm), ClipNorm), (nameof(ClipValue), ClipValue), (nameof(InputDropout), InputDropout),
            (nameof(HiddenDropout), hidden),
        ];
        string text = string.Join(", ", settings
            .Where(setting => setting.Value is not (null or 0.0 or ""))
            .Select(setting => FormattableString.Invariant($"{setting.Name} = {setting.Value}")));
        return text.Length == 0 ? "none" : text;
    }

    internal void Validate()
    {
        Guard.FiniteAtLeast(L1, 0);
        Guard.FiniteAtLeast(L2, 0);
        Guard.FiniteAtLeast(WeightDecay, 0);
        CheckBound(MaxNorm, nameof(MaxNorm));
        CheckBound(ClipNorm, nameof(ClipNorm));
        CheckBound(ClipValue, nameof(ClipValue));
        Guard.InRange(InputDropout, 0, 1);
        foreach (double rate in HiddenDropout)
        {
            Guard.InRange(rate, 0, 1, nameof(HiddenDropout));
        }
    }

    internal void CheckDropout(int hiddenLayers)
    {
        Guard.Require(
            HiddenDropout.Count <= 1 || HiddenDropout.Count == hiddenLayers,
            $"{nameof(HiddenDropout)} has {HiddenDropout.Count} rates, but there are "
            + $"{hiddenLayers} hidden layers: give one rate for all, or one for each.");

        Guard.Require(
            hiddenLayers > 0 || HiddenDropout.All(rate => rate == 0),
            $"{nameof(HiddenDropout)} is [{HiddenDropout}], but there is no hidden layer whose units could be dropped.");
    }

    /// <summary>The dropout rate of the inputs of a layer: layer 0 reads the inputs of the network, layer k reads hidden layer k −
    /// 1.</summary>
    internal double DropoutBefore(int layer) =>
        layer == 0 ? InputDropout : HiddenDropout.Count == 0 ? 0 : HiddenDropout[HiddenDropout.Count == 1 ? 0 : layer - 1];

    private static void CheckBound(double? value, string name)
    {
        if (value is { } bound)
        {
            Guard.PositiveFinite(bound, name);
        }
    }
}
