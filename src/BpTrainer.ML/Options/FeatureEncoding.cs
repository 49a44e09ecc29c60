using BpTrainer.Numbers;

namespace BpTrainer.ML;

/// <summary>
/// Whether networks read codes of the features in addition to the features: <see cref="PiecewiseLinearEncoding"/>. With codes, a network
/// learns steps, thresholds and bends of single features more easily; without codes, smooth relations between several features.
/// </summary>
public sealed class FeatureEncoding
{
    /// <summary>
    /// The maximum number of codes that <see cref="Auto"/> gives a network: with 128 units, the weights of 8,192 codes take 4 MB, and more
    /// would be slow to train.
    /// </summary>
    private const int MostCodes = 8192;

    private FeatureEncoding(int bins, bool isAuto) => (Bins, IsAuto) = (bins, isAuto);

    /// <summary>
    /// In an ensemble, the first, third, fifth … network reads codes and the others do not; the kind with the lower validation loss gets
    /// more weight. A single network reads codes. No network reads them if features are stored without their zeros, or if there would be
    /// more than 8,192 codes.
    /// </summary>
    public static FeatureEncoding Auto { get; } = new(PiecewiseLinearEncoding.DefaultBins, isAuto: true);

    /// <summary>No network reads codes.</summary>
    public static FeatureEncoding None { get; } = new(0, isAuto: false);

    /// <summary>The maximum number of bins of a feature; 0 for <see cref="None"/>.</summary>
    public int Bins { get; }

    /// <summary>Whether this is <see cref="Auto"/>.</summary>
    internal bool IsAuto { get; }

    /// <summary>
    /// Every network reads the codes of every feature with more than two values. The edges of its bins lie where a tree on that feature
    /// splits the training rows: see <see cref="PiecewiseLinearEncoding.FromTrees"/>.
    /// </summary>
    /// <param name="bins">The maximum number of bins of a feature, from 2 to <see cref="PiecewiseLinearEncoding.MostBins"/>. Default:
    /// 16.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bins"/> is out of its range.</exception>
    public static FeatureEncoding PiecewiseLinear(int bins = PiecewiseLinearEncoding.DefaultBins) =>
        bins is >= 2 and <= PiecewiseLinearEncoding.MostBins
            ? new(bins, isAuto: false)
            : throw Guard.OutOfRange(nameof(bins), bins, $"from 2 to {PiecewiseLinearEncoding.MostBins}");

    /// <summary>A text such as <c>Auto</c>, <c>None</c> or <c>PiecewiseLinear(16)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => IsAuto ? nameof(Auto) : Bins == 0 ? nameof(None) : $"{nameof(PiecewiseLinear)}({Bins})";

    /// <summary>Whether a network of an ensemble reads codes.</summary>
    internal bool Encodes(int network) => Bins > 0 && (!IsAuto || network % 2 == 0);

    /// <summary>Whether an encoding has no more codes than allowed.</summary>
    internal bool Allows(PiecewiseLinearEncoding encoding) => encoding.Codes > 0 && (!IsAuto || encoding.Codes <= MostCodes);
}
