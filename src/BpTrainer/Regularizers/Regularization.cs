using System.Numerics;
using BpTrainer.Networks;
using BpTrainer.Numbers;

namespace BpTrainer;

/// <summary>
/// What holds weights and gradients back. Penalties and norms concern weights; biases are left out. The losses of the history
/// are those of the data, without penalties.
/// </summary>
public sealed record Regularization
{
    /// <summary>λ₁ of the penalty λ₁ Σ|w|, which adds λ₁·sign(w) to the gradient; finite, 0 or more. Default 0.</summary>
    public double L1 { get; init; }

    /// <summary>λ₂ of the penalty ½ λ₂ Σw², which adds λ₂·w to the gradient; finite, 0 or more. Default 0.</summary>
    public double L2 { get; init; }

    /// <summary>
    /// Decoupled weight decay: every update begins with w ← w − η·decay·w, past the memory of the rule (Loshchilov and
    /// Hutter, ICLR 2019); finite, 0 or more. Default 0.
    /// </summary>
    public double WeightDecay { get; init; }

    /// <summary>
    /// The largest Euclidean norm of the weights into a unit, which are scaled down to it after an update (Srivastava et al.,
    /// JMLR 15, 2014); above 0, or null for any. Default null.
    /// </summary>
    public double? MaxNorm { get; init; }

    /// <summary>
    /// The largest Euclidean norm of the whole gradient, which is scaled down to it (Pascanu, Mikolov and Bengio, ICML 2013);
    /// above 0, or null for any. Penalties are part of the gradient. Default null.
    /// </summary>
    public double? ClipNorm { get; init; }

    /// <summary>The largest magnitude of a number of the gradient, beyond which it is cut off, before <see cref="ClipNorm"/>; above 0, or null for any. Default null.</summary>
    public double? ClipValue { get; init; }

    internal bool IsActive => this != new Regularization();

    /// <summary>The penalties λ₁ Σ|w| + ½ λ₂ Σw² of a network's weights as they are.</summary>
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

    /// <summary>Checks every figure.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A figure is out of its range; the message names it, its value and the range.</exception>
    public void Validate()
    {
        Guard.FiniteAtLeast(L1, 0);
        Guard.FiniteAtLeast(L2, 0);
        Guard.FiniteAtLeast(WeightDecay, 0);
        CheckBound(MaxNorm, nameof(MaxNorm));
        CheckBound(ClipNorm, nameof(ClipNorm));
        CheckBound(ClipValue, nameof(ClipValue));
    }

    private static void CheckBound(double? value, string name)
    {
        if (value is { } bound)
        {
            Guard.PositiveFinite(bound, name);
        }
    }
}
