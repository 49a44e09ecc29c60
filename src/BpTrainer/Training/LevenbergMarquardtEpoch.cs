using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>
/// Steps w ← w − (JᵀJ + μI)⁻¹ Jᵀe, each of which is an epoch, for the errors e of all samples and outputs and J = ∂e/∂w. Jᵀe is the
/// gradient and JᵀJ approximates the Hessian of ½|e|², which is the sum of the losses. As in Hagan and Menhaj, μ is relative to this sum,
/// not to the mean of the losses. μ decreases after a step that lowers the loss; other steps are undone and tried again with a larger μ.
/// </summary>
/// <remarks>
/// Everything is computed in double on a copy of the network. A step is rounded to the precision of the network before it is measured, so
/// that the measured weights are the weights that are kept.
/// <para>
/// Bayesian regularization minimizes β E_D + α E_W (Foresee and Hagan, ICNN 1997). Divided by β, this is a penalty with the factor α / β on
/// every parameter, with μ / β instead of μ. After a step, α and β are updated with the JᵀJ of that step, as in MATLAB's trainbr.
/// </para>
/// </remarks>
internal sealed class LevenbergMarquardtEpoch<T> : Epoch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The smallest normal number. μ does not decrease below it, because no factor could increase it again from 0.</summary>
    private const double LowestDamping = 2.2250738585072014e-308;

    private readonly LevenbergMarquardtOptimizer _optimizer;
    private readonly RowParts<T> _parts;
    private readonly Unknowns _unknowns;
    private readonly ErrorJacobian<T> _errors;
    private readonly NormalEquations _equations;
    private readonly double[] _before;
    private readonly double[] _after;
    private readonly double[] _step;
    private readonly double[] _damping;
    private readonly double _l2;

    /// <summary>The weights of Bayesian regularization; null without it.</summary>
    private readonly BayesianWeights? _bayesian;

    private double? _gradientNorm;
    private StopReason? _stopReason;

    public LevenbergMarquardtEpoch(RowParts<T> parts, LevenbergMarquardtOptimizer optimizer)
    {
        _optimizer = optimizer;
        _parts = parts;
        _unknowns = new Unknowns(parts.Network.Layouts);
        _equations = new NormalEquations(_unknowns.Count, parts.Kernel, parts.Pass.Team);
        _errors = new ErrorJacobian<T>(parts, _equations);
        _before = new double[_unknowns.Count];
        _after = new double[_unknowns.Count];
        _step = new double[_unknowns.Count];
        _damping = [optimizer.Damping];
        _l2 = parts.Options.Regularization.L2;
        _bayesian = optimizer is BayesianRegularizationOptimizer ? new BayesianWeights(_unknowns.Count) : null;
        Numbers = _bayesian is null ? [_damping] : [_damping, _bayesian.Numbers];
    }

    /// <summary>μ.</summary>
    public override double Rate => _damping[0];

    /// <summary>The norm at the weights before the last step.</summary>
    public override double? GradientNorm => _gradientNorm;

    public override StopReason? StopReason => _stopReason;

    public override IReadOnlyList<AlignedBuffer<T>> Memory => [];

    public override IReadOnlyList<double[]> Numbers { get; }

    /// <summary>The search for a step raises the damping up to a maximum: this does not work from NaN, infinity or 0.</summary>
    public override bool NumbersMakeSense =>
        double.IsFinite(_damping[0]) && _damping[0] > 0 && _bayesian is null or { MakeSense: true };

    public override BayesianFigures? Bayesian => _bayesian?.Figures;

    private int NumberOfErrors => _errors.Samples * _parts.Network.Outputs;

    /// <summary>λ₂ of the penalty ½ λ₂ Σw² that is added to the mean loss.</summary>
    private double L2 => _bayesian is null ? _l2 : _bayesian.Ratio / _errors.Samples;

    /// <summary>Makes one step that lowers the loss. If there is none, the weights do not change and the search ends.</summary>
    public override (double Loss, bool Accepted) Run(CancellationToken cancellationToken)
    {
        Span<T> parameters = _parts.Network.Parameters.Span;
        _unknowns.Read<T>(parameters, _before);
        if (!_errors.Load(cancellationToken))
        {
            return (double.NaN, true);
        }

        double loss = _errors.Measure(_before, cancellationToken, assembles: true);
        if (_bayesian is { HasStarted: false })
        {
            _bayesian.Start(SquaresOfErrors(loss), NumberOfErrors, SumOfSquares(_before));
        }

        double error = loss + AddPenalties();
        double norm = Math.Sqrt(_equations.Gradient.Sum(g => g * g)) / _errors.Samples;
        _gradientNorm = norm;
        _stopReason = ReasonAt(error, norm, _optimizer.MinimumGradient);
        if (_stopReason is not null)
        {
            return (loss, true);
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            if (_equations.Solve(_damping[0] / (_bayesian?.Beta ?? 1), _step))
            {
                double lossAfter = TryStep(parameters, cancellationToken);
                if (lossAfter + Penalty(_after) < error)
                {
                    _damping[0] = Math.Max(_damping[0] * _optimizer.Decrease, LowestDamping);
                    _bayesian?.Update(
                        SquaresOfErrors(lossAfter), NumberOfErrors, SumOfSquares(_after), _equations.TraceOfInverse());
                    _parts.BackPropagation.RefreshTransposed();
                    return (lossAfter, true);
                }
            }

            _damping[0] *= _optimizer.Increase;
            if (_damping[0] > _optimizer.MaximumDamping)
            {
                _stopReason = BpTrainer.StopReason.MaximumDampingReached;
                break;
            }
        }

        _unknowns.Write<T>(_before, parameters);
        return (loss, true);
    }

    /// <summary>Takes the step, rounded to the precision of the network, and returns the loss after it.</summary>
    private double TryStep(Span<T> parameters, CancellationToken cancellationToken)
    {
        for (int k = 0; k < _step.Length; k++)
        {
            _after[k] = _before[k] + _step[k];
        }

        _unknowns.Write<T>(_after, parameters);
        _unknowns.Read<T>(parameters, _after);
        return _errors.Measure(_after, cancellationToken);
    }

    private double AddPenalties()
    {
        for (int k = 0; k < _before.Length && L2 > 0; k++)
        {
            if (IsPenalized(k))
            {
                _equations.AddPenalty(k, L2 * _errors.Samples, _before[k]);
            }
        }

        return Penalty(_before);
    }

    private double Penalty(double[] values) => L2 > 0 ? 0.5 * L2 * SumOfSquares(values) : 0;

    /// <summary>Returns E_D for a mean loss.</summary>
    private double SquaresOfErrors(double loss) => 2 * loss * _errors.Samples;

    /// <summary>Returns Σw² over the penalized parameters.</summary>
    private double SumOfSquares(double[] values)
    {
        double squares = 0;
        for (int k = 0; k < values.Length; k++)
        {
            squares += IsPenalized(k) ? values[k] * values[k] : 0;
        }

        return squares;
    }

    /// <summary>Whether a parameter is penalized: normally only weights; with Bayesian regularization all parameters.</summary>
    private bool IsPenalized(int unknown) => _bayesian is not null || _unknowns.IsWeight[unknown];
}
