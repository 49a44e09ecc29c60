namespace BpTrainer.Optimizers;

/// <summary>
/// The weights of the objective β E_D + α E_W, where E_D is the sum of n squared errors and E_W the sum of the squares of N parameters, and
/// the effective number of parameters γ (MacKay, Neural Computation 4, 1992). γ starts at N, as in MATLAB's trainbr.
/// </summary>
/// <param name="parameters">N.</param>
internal sealed class BayesianWeights(int parameters)
{
    /// <summary>α, β, which is 0 before the start, and γ.</summary>
    public double[] Numbers { get; } = new double[3];

    /// <summary>Whether the numbers are ones that a training can produce.</summary>
    public bool MakeSense => Alpha >= 0 && double.IsFinite(Alpha) && Beta > 0 && double.IsFinite(Beta) && double.IsFinite(Effective);

    public bool HasStarted => Beta > 0;

    /// <summary>α / β.</summary>
    public double Ratio => Alpha / Beta;

    public ref double Beta => ref Numbers[1];

    public BayesianFigures Figures => new(Alpha, Beta, Effective, parameters);

    private ref double Alpha => ref Numbers[0];

    private ref double Effective => ref Numbers[2];

    /// <summary>Sets the initial weights from E_D, n and E_W; if they are not finite or β is not positive, α is 0 and β is 1.</summary>
    public void Start(double errorSquares, int errors, double parameterSquares)
    {
        Effective = parameters;
        double alpha = Effective / (2 * parameterSquares);
        double beta = (errors - Effective) / (2 * errorSquares);
        Alpha = double.IsFinite(alpha) ? alpha : 0;
        Beta = double.IsFinite(beta) && beta > 0 ? beta : 1;
    }

    /// <summary>
    /// Sets the weights after a step, from E_D, n and E_W after the step and the trace of (JᵀJ + α/β I)⁻¹ before it: with H = 2β JᵀJ + 2α
    /// I, 2α tr(H⁻¹) is α/β times this trace. The weights do not change if the new ones are not finite or not in range, for example for
    /// errors of 0.
    /// </summary>
    public void Update(double errorSquares, int errors, double parameterSquares, double traceOfInverse)
    {
        double effective = parameters - (Ratio * traceOfInverse);
        double alpha = effective / (2 * parameterSquares);
        double beta = (errors - effective) / (2 * errorSquares);
        if (alpha >= 0 && double.IsFinite(alpha) && beta > 0 && double.IsFinite(beta))
        {
            (Alpha, Beta, Effective) = (alpha, beta, effective);
        }
    }
}
