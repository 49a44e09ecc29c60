using BpTrainer.Networks;

namespace BpTrainer.Ensembles;

/// <summary>
/// The weights of networks of several kinds: where one kind has a validation loss well below that of another, it decides alone; where both
/// are about as good, the mean of both is better than either.
/// </summary>
internal static class EnsembleMixing
{
    /// <summary>
    /// The power of the loss in the weight of a kind, chosen on development tables: see docs/defaults.md. A kind with a loss 10 % above
    /// that of the best gets less than half of its weight, one with twice the loss 1 in 256.
    /// </summary>
    public const double Power = 8;

    /// <summary>
    /// The weight of each network, together 1: with L the mean loss of the networks of a kind, they share L^(−<see cref="Power"/>), divided
    /// by the sum of that over the kinds.
    /// </summary>
    /// <param name="kinds">The kind of each network.</param>
    /// <param name="losses">The loss of each on its validation samples, 0 or more; kinds with the loss 0 share all of the weight.</param>
    public static double[] Weights(IReadOnlyList<string> kinds, IReadOnlyList<double> losses)
    {
        ILookup<string, double> ofKind = Enumerable.Range(0, kinds.Count).ToLookup(k => kinds[k], k => losses[k]);
        double lowest = ofKind.Min(kind => kind.Average());

        // As a ratio to the lowest the power neither overflows nor becomes 0 for all.
        double Share(IEnumerable<double> kind) => kind.Average() == lowest ? 1 : Math.Pow(lowest / kind.Average(), Power);

        double sum = ofKind.Sum(Share);
        return [.. kinds.Select(kind => Share(ofKind[kind]) / sum / ofKind[kind].Count())];
    }

    /// <summary>Equal weights.</summary>
    public static double[] Equal(int networks) => [.. Enumerable.Repeat(1.0 / networks, networks)];

    /// <summary>
    /// The same text for networks of the same layers whose inputs are encoded, or are not, whatever the codes are. How far networks have
    /// grown is chance and makes no difference.
    /// </summary>
    public static string KindOf(LayerLayout[] layouts, bool hasGrown = false)
    {
        string Shape(LayerLayout layout) => hasGrown ? "" : $"{layout.DenseInputs} {layout.Outputs} ";

        return (layouts[0].Codes > 0 ? "encoded " : "")
            + string.Join("; ", layouts.Select(layout => $"{Shape(layout)}{layout.Spec.Activation} {layout.Spec.Bias}"));
    }
}
