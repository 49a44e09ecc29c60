using BpTrainer.Numbers;

namespace BpTrainer;

/// <summary>
/// The figures of Levenberg–Marquardt. The defaults are those of MATLAB's trainlm: the damping μ falls after a step that made
/// the error smaller, and rises, with a new step from the same weights, after one that did not.
/// </summary>
public sealed record LevenbergMarquardtFigures
{
    /// <summary>The first μ; finite and above 0. Default 0.001 (mu).</summary>
    public double Damping { get; init; } = 0.001;

    /// <summary>The factor of μ after a step that made the error smaller; in (0, 1). Default 0.1 (mu_dec).</summary>
    public double Decrease { get; init; } = 0.1;

    /// <summary>The factor of μ after a step that did not; finite and above 1. Default 10 (mu_inc).</summary>
    public double Increase { get; init; } = 10;

    /// <summary>Training stops when μ is above this; finite and above 0. Default 1e10 (mu_max).</summary>
    public double MaximumDamping { get; init; } = 1e10;

    /// <summary>Training stops when the Euclidean norm of the gradient of the mean loss is at or below this; finite, 0 or more. Default 1e-7 (min_grad).</summary>
    public double MinimumGradient { get; init; } = 1e-7;

    /// <summary>
    /// The most bytes that the method may take for its matrices, above 0: some 16 for the square of the number of parameters.
    /// Null for half of the memory that the process can have. Default null.
    /// </summary>
    public long? MaximumMemory { get; init; }

    internal void Validate()
    {
        Guard.PositiveFinite(Damping);
        Guard.InnerShare(Decrease);
        if (!(Increase > 1 && double.IsFinite(Increase)))
        {
            throw Guard.OutOfRange(nameof(Increase), Increase, "a finite number above 1");
        }

        Guard.PositiveFinite(MaximumDamping);
        Guard.FiniteAtLeast(MinimumGradient, 0);
        if (MaximumMemory < 1)
        {
            throw Guard.OutOfRange(nameof(MaximumMemory), MaximumMemory, "above 0, or null");
        }
    }
}
