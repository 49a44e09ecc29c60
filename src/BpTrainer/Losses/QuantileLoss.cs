namespace BpTrainer;

/// <summary>With e = y − a: (1/m) Σ max(τe, (τ − 1)e); ∂/∂a = −τ/m where e &gt; 0, (1 − τ)/m where e &lt; 0, 0 where a = y.</summary>
internal sealed record QuantileLoss(double Tau) : Loss("quantile")
{
    private protected override string Parameters => FormattableString.Invariant($"tau={Tau}");

    /// <summary>The same quantile for each of the outputs.</summary>
    internal override LossFunction<T> CreateFunction<T>(LayerSpec output) =>
        new QuantilesLoss([.. Enumerable.Repeat(Tau, output.Units)]).CreateFunction<T>(output);
}
