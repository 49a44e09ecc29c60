using System.Runtime.InteropServices;
using BpTrainer.Files;

namespace BpTrainer.Losses;

/// <summary>
/// The binary format of a loss, in the body of a <see cref="ChecksummedBlock"/>.
/// <code>
/// text     name
/// int32    number of parameters
/// double   parameters: δ, τ, several τ, or label smoothing and class weights
/// </code>
/// </summary>
internal static class LossFile
{
    public static void Write(BinaryWriter writer, Loss loss)
    {
        double[] figures = loss switch
        {
            HuberLoss huber => [huber.Delta],
            QuantileLoss quantile => [quantile.Tau],
            QuantilesLoss quantiles => [.. quantiles.Taus],
            CrossEntropyLoss { ClassWeights: { } weights } entropy => [entropy.LabelSmoothing, .. weights],
            CrossEntropyLoss entropy => [entropy.LabelSmoothing],
            _ => [],
        };
        writer.Write(loss.Name);
        writer.Write(figures.Length);
        writer.Write(MemoryMarshal.AsBytes(figures.AsSpan()));
    }

    public static Loss Read(BlockReader reader)
    {
        string name = reader.ReadText();
        double[] figures = reader.ReadArray<double>("parameters of the loss");
        return reader.Make(() => Create(name, figures));
    }

    private static Loss Create(string name, double[] figures) => (name, figures) switch
    {
        ("half-squared-error", []) => Loss.HalfSquaredError,
        ("mean-squared-error", []) => Loss.MeanSquaredError,
        ("mean-absolute-error", []) => Loss.MeanAbsoluteError,
        ("poisson", []) => Loss.Poisson,
        ("huber", [var delta]) => Loss.Huber(delta),
        ("quantile", [var tau]) => Loss.Quantile(tau),
        ("quantiles", _) => Loss.Quantiles(figures),
        ("binary-cross-entropy", [var smoothing, .. var weights]) => Loss.BinaryCrossEntropy(smoothing, NullIfNone(weights)),
        ("categorical-cross-entropy", [var smoothing, .. var weights]) => Loss.CategoricalCrossEntropy(smoothing, NullIfNone(weights)),
        _ => throw new FormatException($"there is no loss {name} with {figures.Length} parameters"),
    };

    private static double[]? NullIfNone(double[] weights) => weights is [] ? null : weights;
}
