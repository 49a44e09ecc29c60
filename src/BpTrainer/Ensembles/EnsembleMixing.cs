using BpTrainer.Networks;

namespace BpTrainer.Ensembles;

/// <summary>
/// The weights of networks of several kinds. A kind whose validation loss is well below that of another gets nearly all the weight; if both
/// are about equally good, the mean of both is better than either.
/// </summary>
internal static class EnsembleMixing
{
    /// <summary>
    /// The power of the loss in the weight of a kind, chosen on development sets: see docs/defaults.md. A kind whose loss is 10 % above
    /// that of the best kind gets less than half of its weight; a kind with twice the loss gets 1/256 of it.
    /// </summary>
    public const double Power = 8;

    /// <summary>
    /// The weight of each network; the weights sum to 1. If L is the mean loss of the networks of a kind, they share the weight
    /// L^(−<see cref="Power"/>), divided by the sum of these over the kinds.
    /// </summary>
    /// <param name="kinds">The kind of each network.</param>
    /// <param name="losses">The loss of each network on its validation samples, 0 or more; kinds with the loss 0 share all of the
    /// weight.</param>
    public static double[] Weights(IReadOnlyList<string> kinds, IReadOnlyList<double> losses)
    {
        ILookup<string, double> ofKind = Enumerable.Range(0, kinds.Count).ToLookup(k => kinds[k], k => losses[k]);
        double lowest = ofKind.Min(kind => kind.Average());

        // As a ratio to the lowest loss, the power neither overflows nor becomes 0 for all kinds.
        double Share(IEnumerable<double> kind) => kind.Average() == lowest ? 1 : Math.Pow(lowest / kind.Average(), Power);

        double sum = ofKind.Sum(Share);
        return [.. kinds.Select(kind => Share(ofKind[kind]) / sum / ofKind[kind].Count())];
    }

    /// <summary>Equal weights.</summary>
    public static double[] Equal(int networks) => [.. Enumerable.Repeat(1.0 / networks, networks)];

    /// <summary>
    /// A text that is the same for networks with the same layers, all with or all without encoded inputs; the codes themselves do not
    /// matter. How far networks have grown depends on chance and does not matter either.
    /// </summary>
    public static string KindOf(LayerLayout[] layouts, bool hasGrown = false)
    {
        string Shape(LayerLayout layout) => hasGrown ? "" : $"{layout.DenseInputs} {layout.Outputs} ";

        return (layouts[0].Codes > 0 ? "encoded " : "")
            + string.Join("; ", layouts.Select(layout => $"{Shape(layout)}{layout.Spec.Activation} {layout.Spec.Bias}"));
    }
}
