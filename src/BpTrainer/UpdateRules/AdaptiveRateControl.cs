namespace BpTrainer;

/// <summary>A learning rate that watches the error: the judgement of MATLAB's traingda.</summary>
internal sealed class AdaptiveRateControl(AdaptiveRate figures, double initialRate)
{
    /// <summary>All that is remembered: <see cref="Rate"/> and <see cref="Error"/>.</summary>
    public double[] Numbers { get; } = [initialRate, double.NaN];

    public double Rate => Numbers[0];

    /// <summary>The error after the last step that stayed; NaN before the first step.</summary>
    public double Error => Numbers[1];

    /// <summary>Takes note of the error before the first step; NaN if it has to be measured.</summary>
    public void Begin(double error) => Numbers[1] = error;

    /// <summary>Compares the errors before and after a step, and adapts the rate.</summary>
    /// <param name="after">The error after the step; one that is not finite is a rise.</param>
    /// <returns>Whether the step stays; false means that it is to be undone.</returns>
    public bool Accept(double after)
    {
        if (!double.IsFinite(after) || after > Error * figures.ToleratedRise)
        {
            Numbers[0] *= figures.Decrease;
            return false;
        }

        if (after < Error)
        {
            Numbers[0] *= figures.Increase;
        }

        Numbers[1] = after;
        return true;
    }
}
