using BpTrainer.Optimizers;
using static BpTrainer.Optimizers.ParameterVector;

namespace BpTrainer.Training;

/// <summary>
/// A step of scaled conjugate gradient, the nine steps of Møller (Neural Networks 6, 1993); each step is an epoch. Along a direction p, the
/// curvature δ = pᵀHp + λ|p|² is computed from a second gradient at w + σp/|p|, and the length α = μ/δ, with μ = −pᵀg, needs no line
/// search. The ratio Δ of the decrease of the loss to that of the quadratic model determines how λ changes. A step to a higher loss, with Δ
/// below 0, is undone and tried again with a larger λ within the epoch.
/// </summary>
/// <remarks>
/// The gradient at the end of a step is computed together with its loss, because most steps are accepted and the next step starts with it.
/// After every N accepted steps, for N parameters, the direction restarts at −g.
/// </remarks>
internal sealed class ScaledConjugateGradientEpoch<T> : Epoch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>λ does not decrease below this value, because no factor could increase it again from 0.</summary>
    private const double LowestLambda = 1e-30;

    /// <summary>
    /// Smaller values of Δ are replaced by this one, also if the loss is not finite: the next step then has at least a hundredth of the
    /// length, 1 / (2 − Δ). If the loss grows exponentially, the parabola of the paper would make the step so short that λ needs hundreds
    /// of steps to decrease again.
    /// </summary>
    private const double LowestComparison = -98;

    private readonly ScaledConjugateGradientOptimizer _optimizer;
    private readonly LossOnLine<T> _line;
    private readonly AlignedBuffer<T> _direction;
    private readonly int _stepsToRestart;

    /// <summary>1 if loss and gradient are known; the loss; the last α; λ; the number of steps since the direction was −g.</summary>
    private readonly double[] _state;

    private StopReason? _stopReason;

    public ScaledConjugateGradientEpoch(TrainingParts<T> parts, ScaledConjugateGradientOptimizer optimizer)
    {
        _optimizer = optimizer;
        _line = new LossOnLine<T>(parts);
        _direction = new AlignedBuffer<T>(parts.Network.Parameters.Length);
        _stepsToRestart = Unknowns.CountOf(parts.Network.Layouts);
        _state = [0, 0, 0, optimizer.Lambda, 0];
        Memory = [_line.Gradient, _direction];
        Numbers = [_state];
    }

    /// <summary>α of the last step.</summary>
    public override double Rate => _state[2];

    public override double? GradientNorm => Norm(_line.Gradient);

    public override StopReason? StopReason => _stopReason;

    public override IReadOnlyList<AlignedBuffer<T>> Memory { get; }

    public override IReadOnlyList<double[]> Numbers { get; }

    public override bool NumbersMakeSense => double.IsFinite(Lambda) && Lambda > 0 && double.IsInteger(Steps) && Steps >= 0;

    private ref double Loss => ref _state[1];

    private ref double Lambda => ref _state[3];

    private ref double Steps => ref _state[4];

    /// <summary>Runs one step. If every step increases the loss, the direction restarts; if it was already −g, the search ends.</summary>
    public override (double Loss, bool Accepted) Run(CancellationToken cancellationToken)
    {
        if (!_line.Load(cancellationToken))
        {
            return (double.NaN, true);
        }

        if (_state[0] == 0)
        {
            Loss = _line.Measure();
            Restart();
            _state[0] = 1;
        }

        _stopReason = ReasonAt(Loss, GradientNorm!.Value, _optimizer.MinimumGradient);
        if (_stopReason is not null)
        {
            return (Loss, true);
        }

        if (Dot(_direction, _line.Gradient) == 0)
        {
            Restart();
        }

        _line.Start();
        double lossBefore = Loss;
        if (!FindStep(cancellationToken))
        {
            _stopReason = Steps == 0 ? BpTrainer.StopReason.NoLowerLossFound : null;
            _line.Return();
            Loss = lossBefore;
            Lambda = _optimizer.Lambda;
            Restart();
        }

        return (Loss, true);
    }

    /// <summary>Takes the first step that is accepted; false if there is none, or if cancelled.</summary>
    private bool FindStep(CancellationToken cancellationToken)
    {
        double errorBefore = Loss + _line.Penalty;
        double squares = Dot(_direction, _direction);
        double mu = -Dot(_direction, _line.Gradient);
        double delta = Curvature(squares) + (Lambda * squares);
        if (delta <= 0)
        {
            // The Hessian is not positive definite: a larger λ makes it so.
            double raised = 2 * (Lambda - (delta / squares));
            delta = (Lambda * squares) - delta;
            Lambda = raised;
        }

        while (true)
        {
            double alpha = mu / delta;
            if (!double.IsFinite(alpha))
            {
                return false;
            }

            Loss = _line.MoveTo(alpha, _direction);
            bool hasMoved = !_line.Parameters.Span.SequenceEqual(_line.ParametersBefore.Span);
            if (!hasMoved || cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            double comparison = 2 * delta * (errorBefore - Loss - _line.Penalty) / (mu * mu);
            comparison = comparison > LowestComparison ? comparison : LowestComparison;
            double more = delta * (1 - comparison) / squares;
            if (comparison >= 0)
            {
                Lambda = comparison >= 0.75 ? Math.Max(Lambda / 4, LowestLambda) : comparison < 0.25 ? Lambda + more : Lambda;
                _state[2] = alpha;
                Turn(mu);
                return true;
            }

            Lambda += more;
            delta += more * squares;
        }
    }

    /// <summary>
    /// Computes pᵀHp from the change of the gradient over a distance of σ along p. In float, the distance is increased to the square root
    /// of the precision, because otherwise the rounding of the gradient would hide its change.
    /// </summary>
    private double Curvature(double squares)
    {
        double distance = Math.Max(_optimizer.Sigma, Math.Sqrt(Epsilon<T>()) * (1 + Norm(_line.ParametersBefore)));
        double sigma = distance / Math.Sqrt(squares);
        _line.MoveTo(sigma, _direction);
        double curvature = (Dot(_direction, _line.Gradient) - Dot(_direction, _line.GradientBefore)) / sigma;
        return double.IsFinite(curvature) ? curvature : 0;
    }

    /// <summary>Computes the next direction, −g + βp with β = (|g|² − gᵀg₋₁) / μ for the gradient g₋₁ before the step.</summary>
    private void Turn(double mu)
    {
        Steps++;
        if (Steps >= _stepsToRestart)
        {
            Restart();
            return;
        }

        double beta = (Dot(_line.Gradient, _line.Gradient) - Dot(_line.Gradient, _line.GradientBefore)) / mu;
        Combine(_direction, -1, _line.Gradient, beta);
    }

    private void Restart()
    {
        _direction.Span.Clear();
        Combine(_direction, -1, _line.Gradient, 1);
        Steps = 0;
    }
}
