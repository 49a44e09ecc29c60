using BpTrainer.Numbers;

namespace BpTrainer;

/// <summary>By which figures a learning rate adapts to the error. The defaults are those of MATLAB's traingda and traingdx.</summary>
public sealed record AdaptiveRate
{
    /// <summary>The factor of the rate after the error fell; finite, 1 or more. Default 1.05 (lr_inc).</summary>
    public double Increase { get; init; } = 1.05;

    /// <summary>The factor of the rate after a rejected step; in (0, 1). Default 0.7 (lr_dec).</summary>
    public double Decrease { get; init; } = 0.7;

    /// <summary>A step is rejected when the new error is above this times the old one; finite, 1 or more. Default 1.04 (max_perf_inc).</summary>
    public double ToleratedRise { get; init; } = 1.04;

    internal void Validate()
    {
        Guard.FiniteAtLeast(Increase, 1);
        Guard.InnerShare(Decrease);
        Guard.FiniteAtLeast(ToleratedRise, 1);
    }
}
