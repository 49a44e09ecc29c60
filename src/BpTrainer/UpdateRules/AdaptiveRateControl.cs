namespace BpTrainer;

/// <summary>A learning rate that watches the error: the judgement of MATLAB's traingda.</summary>
internal sealed class AdaptiveRateControl(AdaptiveRate figures, double initialRate)
{
    public double Rate { get; private set; } = initialRate;

    /// <summary>Compares the errors before and after a step, and adapts the rate.</summary>
    /// <param name="before">The error before the step; finite.</param>
    /// <param name="after">The error after the step; one that is not finite is a rise.</param>
    /// <returns>Whether the step stays; false means that it is to be undone.</returns>
    public bool Accept(double before, double after)
    {
        if (!double.IsFinite(after) || after > before * figures.ToleratedRise)
        {
            Rate *= figures.Decrease;
            return false;
        }

        if (after < before)
        {
            Rate *= figures.Increase;
        }

        return true;
    }
}
