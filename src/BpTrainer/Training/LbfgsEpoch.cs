using BpTrainer.Optimizers;
using static BpTrainer.Optimizers.ParameterVector;

namespace BpTrainer.Training;

/// <summary>
/// Steps w ← w − α H g, each of which is an epoch. H approximates the inverse Hessian from the last changes s of w and y of g, and is
/// applied by two loops over them (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.4). α comes from a
/// <see cref="LineSearch"/>. Penalties are part of the loss and of g.
/// </summary>
internal sealed class LbfgsEpoch<T> : Epoch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _minimumGradient;
    private readonly LossOnLine<T> _line;
    private readonly AlignedBuffer<T>[] _s;
    private readonly AlignedBuffer<T>[] _y;
    private readonly AlignedBuffer<T> _direction;
    private readonly double[] _factors;
    private readonly LineSearch _search;

    /// <summary>1 if loss and gradient are known; the loss; the last α; the number of changes in memory; the index of the next
    /// change.</summary>
    private readonly double[] _state = new double[5];

    /// <summary>1 / sᵀy of every change.</summary>
    private readonly double[] _curvatures;

    private StopReason? _stopReason;

    public LbfgsEpoch(TrainingParts<T> parts, LbfgsOptimizer optimizer)
    {
        int history = optimizer.History;
        int length = parts.Network.Parameters.Length;
        _minimumGradient = optimizer.MinimumGradient;
        _line = new LossOnLine<T>(parts);
        _s = [.. Enumerable.Range(0, history).Select(_ => new AlignedBuffer<T>(length))];
        _y = [.. Enumerable.Range(0, history).Select(_ => new AlignedBuffer<T>(length))];
        _direction = new AlignedBuffer<T>(length);
        _factors = new double[history];
        _curvatures = new double[history];
        _search = new LineSearch(Evaluate);
        Memory = [_line.Gradient, .. _s, .. _y];
        Numbers = [_state, _curvatures];
    }

    /// <summary>α of the last step.</summary>
    public override double Rate => _state[2];

    public override double? GradientNorm => Norm(Gradient);

    public override StopReason? StopReason => _stopReason;

    public override IReadOnlyList<AlignedBuffer<T>> Memory { get; }

    public override IReadOnlyList<double[]> Numbers { get; }

    /// <summary>The indices in the state must be valid for the history.</summary>
    public override bool NumbersMakeSense => IsIndex(Remembered, _s.Length) && IsIndex(Next, _s.Length - 1);

    private AlignedBuffer<T> Gradient => _line.Gradient;

    private ref double Loss => ref _state[1];

    private ref double Remembered => ref _state[3];

    private ref double Next => ref _state[4];

    /// <summary>Runs one step. If no lower loss is found, the history is cleared; if it was already empty, the search ends.</summary>
    public override (double Loss, bool Accepted) Run(CancellationToken cancellationToken)
    {
        if (!_line.Load(cancellationToken))
        {
            return (double.NaN, true);
        }

        if (_state[0] == 0)
        {
            Loss = _line.Measure();
            _state[0] = 1;
        }

        double norm = GradientNorm!.Value;
        _stopReason = ReasonAt(Loss, norm, _minimumGradient);
        if (_stopReason is not null)
        {
            return (Loss, true);
        }

        bool isSteepest = !FindDirection();
        double slope = Dot(Gradient, _direction);
        _line.Start();
        double lossBefore = Loss;
        LinePoint? found = _search.Find(new LinePoint(0, Loss + _line.Penalty, slope), isSteepest ? Math.Min(1, 1 / norm) : 1);
        if (found is { } point)
        {
            if (point.Step != _state[2])
            {
                // This is not the last step that the search tried.
                Evaluate(point.Step);
            }

            Remember();
        }
        else
        {
            _stopReason = isSteepest ? BpTrainer.StopReason.NoLowerLossFound : null;
            _line.Return();
            Loss = lossBefore;
            Remembered = 0;
        }

        return (Loss, true);
    }

    /// <summary>Sets the direction to −H g, or to −g without a history or if −H g points uphill. Returns whether the history was
    /// used.</summary>
    private bool FindDirection()
    {
        Combine(_direction, -1, Gradient, 0);
        if (Remembered == 0)
        {
            return false;
        }

        for (int age = 0; age < Remembered; age++)
        {
            int k = IndexOf(age);
            _factors[k] = _curvatures[k] * Dot(_s[k], _direction);
            Combine(_direction, -_factors[k], _y[k], 1);
        }

        int last = IndexOf(0);
        Combine(_direction, 0, _y[last], 1 / (_curvatures[last] * Dot(_y[last], _y[last])));
        for (int age = (int)Remembered - 1; age >= 0; age--)
        {
            int k = IndexOf(age);
            Combine(_direction, _factors[k] - (_curvatures[k] * Dot(_y[k], _direction)), _s[k], 1);
        }

        if (Dot(Gradient, _direction) < 0)
        {
            return true;
        }

        Combine(_direction, -1, Gradient, 0);
        return false;
    }

    private static bool IsIndex(double value, int most) => double.IsInteger(value) && value >= 0 && value <= most;

    private int IndexOf(int age) => ((int)Next - 1 - age + (2 * _s.Length)) % _s.Length;

    /// <summary>Returns the loss and its slope at a step along the direction. The parameters stay there.</summary>
    private LinePoint Evaluate(double step)
    {
        Loss = _line.MoveTo(step, _direction);
        _state[2] = step;
        return new LinePoint(step, Loss + _line.Penalty, Dot(Gradient, _direction));
    }

    /// <summary>Stores the changes of parameters and gradient if the curvature along them is positive.</summary>
    private void Remember()
    {
        int k = (int)Next;
        _line.Parameters.Span.CopyTo(_s[k].Span);
        Combine(_s[k], -1, _line.ParametersBefore, 1);
        Gradient.Span.CopyTo(_y[k].Span);
        Combine(_y[k], -1, _line.GradientBefore, 1);
        double curvature = Dot(_s[k], _y[k]);
        double lowest = Epsilon<T>() * Dot(_y[k], _y[k]);
        if (curvature > lowest)
        {
            _curvatures[k] = 1 / curvature;
            Next = (k + 1) % _s.Length;
            Remembered = Math.Min(Remembered + 1, _s.Length);
        }
        else if (Remembered == _s.Length)
        {
            // It has overwritten the oldest change.
            Remembered--;
        }
    }
}
