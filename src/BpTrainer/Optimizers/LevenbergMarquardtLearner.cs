using System.Numerics;
using BpTrainer.Kernels;
using BpTrainer.Losses;
using BpTrainer.Networks;
using BpTrainer.Numbers;
using BpTrainer.Training;

namespace BpTrainer.Optimizers;

/// <summary>
/// Steps w ← w − (JᵀJ + μI)⁻¹ Jᵀe, an epoch each: e are the errors of all samples and outputs, J is ∂e/∂w, Jᵀe the gradient
/// and JᵀJ nearly the Hessian of ½|e|², the sum of the losses (not their mean, as Hagan and Menhaj have it: that is what μ is
/// measured by). μ falls after a step that made the error smaller; else the step is taken back and tried with a larger one.
/// </summary>
/// <remarks>
/// Everything is computed in double, on a copy of the network, whatever its numbers are. A step is rounded to the numbers of
/// the network before it is judged, so that what is judged is what stays.
/// </remarks>
internal sealed class LevenbergMarquardtLearner<T> : Learner<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The smallest normal number: μ falls no further, because no factor makes 0 larger again.</summary>
    private const double LowestDamping = 2.2250738585072014e-308;

    private readonly LevenbergMarquardtOptimizer _figures;
    private readonly TrainingParts<T> _parts;
    private readonly Unknowns _unknowns;
    private readonly ErrorJacobian<T> _errors;
    private readonly NormalEquations _equations;
    private readonly double[] _before;
    private readonly double[] _after;
    private readonly double[] _step;
    private readonly double[] _damping;
    private readonly double _l2;
    private StopReason? _stopReason;

    public LevenbergMarquardtLearner(TrainingParts<T> parts, LevenbergMarquardtOptimizer figures)
    {
        _figures = figures;
        _parts = parts;
        _unknowns = new Unknowns(parts.Network.Layouts);
        _equations = new NormalEquations(_unknowns.Count, parts.Kernel, parts.Team);
        _errors = new ErrorJacobian<T>(parts, _equations);
        _before = new double[_unknowns.Count];
        _after = new double[_unknowns.Count];
        _step = new double[_unknowns.Count];
        _damping = [figures.Damping];
        _l2 = parts.Options.Regularization.L2;
        Numbers = [_damping];
    }

    /// <summary>μ.</summary>
    public override double Rate => _damping[0];

    public override StopReason? StopReason => _stopReason;

    public override IReadOnlyList<AlignedBuffer<T>> Memory => [];

    public override IReadOnlyList<double[]> Numbers { get; }

    /// <summary>A search that raises the damping until it finds a step ends only so.</summary>
    public override bool NumbersMakeSense => double.IsFinite(_damping[0]) && _damping[0] > 0;

    /// <summary>One step that makes the error smaller; when none is found, the weights stay and the search is over.</summary>
    public override (double Loss, bool Accepted) Run(CancellationToken cancellationToken)
    {
        Span<T> parameters = _parts.Network.Parameters.Span;
        _unknowns.Read<T>(parameters, _before);
        if (!_errors.Load(cancellationToken))
        {
            return (double.NaN, true);
        }

        double loss = _errors.Assemble(_before, cancellationToken);
        double error = loss + AddPenalties();
        double norm = Math.Sqrt(_equations.Gradient.Sum(g => g * g)) / _errors.Samples;
        _stopReason = ReasonAt(error, norm, _figures.MinimumGradient);
        if (_stopReason is not null)
        {
            return (loss, true);
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            if (_equations.Solve(_damping[0], _step))
            {
                double lossAfter = TryStep(parameters, cancellationToken);
                if (lossAfter + Penalty(_after) < error)
                {
                    _damping[0] = Math.Max(_damping[0] * _figures.Decrease, LowestDamping);
                    _parts.BackPropagation.RefreshTransposed();
                    return (lossAfter, true);
                }
            }

            _damping[0] *= _figures.Increase;
            if (_damping[0] > _figures.MaximumDamping)
            {
                _stopReason = BpTrainer.StopReason.MaximumDampingReached;
                break;
            }
        }

        _unknowns.Write<T>(_before, parameters);
        return (loss, true);
    }

    /// <summary>Takes the step, rounded to the numbers of the network.</summary>
    /// <returns>The loss behind it.</returns>
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
        for (int k = 0; k < _before.Length && _l2 > 0; k++)
        {
            if (_unknowns.IsWeight[k])
            {
                _equations.AddPenalty(k, _l2 * _errors.Samples, _before[k]);
            }
        }

        return Penalty(_before);
    }

    private double Penalty(double[] values)
    {
        double squares = 0;
        for (int k = 0; k < values.Length && _l2 > 0; k++)
        {
            squares += _unknowns.IsWeight[k] ? values[k] * values[k] : 0;
        }

        return 0.5 * _l2 * squares;
    }
}

/// <summary>Levenberg–Marquardt; see <see cref="LevenbergMarquardtLearner{T}"/>.</summary>
internal sealed record LevenbergMarquardtOptimizer(
    double Damping, double Decrease, double Increase, double MaximumDamping, double MinimumGradient, long? MaximumMemory) : SolverOptimizer
{
    public override string Name => "levenberg-marquardt";

    internal override void Validate()
    {
        base.Validate();
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

    internal override void Check(TrainingOptions options)
    {
        base.Check(options);
        Refuse(options.Loss is not SquaredErrorLoss, nameof(options.Loss), options.Loss, $"{Loss.HalfSquaredError} or {Loss.MeanSquaredError}", "which works on squared errors");
    }

    internal override void CheckSize<T>(LayerLayout[] layouts)
    {
        int unknowns = Unknowns.CountOf(layouts);
        long needed = NormalEquations.Bytes(unknowns);
        long limit = MaximumMemory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        if (needed > limit || !NormalEquations.FitsAnArray(unknowns))
        {
            throw new ArgumentException(
                $"The optimizer {Name} needs {needed} bytes ({TrainingMemory.Text(needed)}) for the {unknowns} parameters of this network, but may take {limit} ({TrainingMemory.Text(limit)}), " +
                $"and no matrix of more than {NormalEquations.MostUnknowns} rows. {nameof(Lbfgs)} trains large networks on full batches.",
                nameof(layouts));
        }
    }

    internal override long Bytes<T>(LayerLayout[] layouts) => NormalEquations.Bytes(Unknowns.CountOf(layouts));

    internal override Learner<T> CreateLearner<T>(TrainingParts<T> parts) => new LevenbergMarquardtLearner<T>(parts, this);
}
