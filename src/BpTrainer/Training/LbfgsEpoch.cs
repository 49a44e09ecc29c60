using BpTrainer.Data;
using BpTrainer.Networks;
using BpTrainer.Optimizers;

namespace BpTrainer.Training;

/// <summary>
/// Steps w ← w − α H g, an epoch each. H approximates the inverse of the Hessian by the last changes s of w and y of g, applied by the two
/// loops over them (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.4). α comes from a <see cref="LineSearch"/>. Penalties
/// are part of the loss and of g.
/// </summary>
internal sealed class LbfgsEpoch<T> : Epoch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingParts<T> _parts;
    private readonly double _minimumGradient;
    private readonly SampleOrder<T> _order;
    private readonly BatchGradient<T> _gradient;
    private readonly AlignedBuffer<T>[] _s;
    private readonly AlignedBuffer<T>[] _y;
    private readonly AlignedBuffer<T> _direction;
    private readonly AlignedBuffer<T> _parametersBefore;
    private readonly AlignedBuffer<T> _gradientBefore;
    private readonly double[] _factors;
    private readonly LineSearch _search;

    /// <summary>The layers with a shared bias: one parameter, whose first copy is searched and followed by the others.</summary>
    private readonly LayerLayout[] _sharedBiases;

    /// <summary>1 when loss and gradient are known; the loss; the last α; the number of changes in memory; the index of the next.</summary>
    private readonly double[] _state = new double[5];

    /// <summary>1 / sᵀy of every change.</summary>
    private readonly double[] _curvatures;

    private CancellationToken _cancellationToken;
    private int _rows;
    private StopReason? _stopReason;

    public LbfgsEpoch(TrainingParts<T> parts, LbfgsOptimizer optimizer)
    {
        int history = optimizer.History;
        int length = parts.Network.Parameters.Length;
        _parts = parts;
        _minimumGradient = optimizer.MinimumGradient;
        _gradient = new BatchGradient<T>(parts, parts.Options.Regularization);
        _order = new SampleOrder<T>(parts.Pass.Rows.Block);
        _s = [.. Enumerable.Range(0, history).Select(_ => new AlignedBuffer<T>(length))];
        _y = [.. Enumerable.Range(0, history).Select(_ => new AlignedBuffer<T>(length))];
        _direction = new AlignedBuffer<T>(length);
        _parametersBefore = new AlignedBuffer<T>(length);
        _gradientBefore = new AlignedBuffer<T>(length);
        _factors = new double[history];
        _curvatures = new double[history];
        _search = new LineSearch(Evaluate);
        _sharedBiases = Array.FindAll(parts.Network.Layouts, layout => layout.Spec.Bias == BiasKind.Shared);
        Memory = [_gradient.Whole, .. _s, .. _y];
        Numbers = [_state, _curvatures];
    }

    /// <summary>α of the last step.</summary>
    public override double Rate => _state[2];

    public override double? GradientNorm => Math.Sqrt(Dot(Gradient, Gradient));

    public override StopReason? StopReason => _stopReason;

    public override IReadOnlyList<AlignedBuffer<T>> Memory { get; }

    public override IReadOnlyList<double[]> Numbers { get; }

    /// <summary>The state has indices of the history.</summary>
    public override bool NumbersMakeSense => IsIndex(Remembered, _s.Length) && IsIndex(Next, _s.Length - 1);

    private AlignedBuffer<T> Gradient => _gradient.Whole;

    private ref double Loss => ref _state[1];

    private ref double Remembered => ref _state[3];

    private ref double Next => ref _state[4];

    private double Penalty => _parts.Options.Regularization.Penalty(_parts.Network);

    /// <summary>One step. Without a lower loss the history is forgotten; if there was none, the search is over.</summary>
    public override (double Loss, bool Accepted) Run(CancellationToken cancellationToken)
    {
        _parts.Pass.Rows.Restart(isShuffled: false);
        _rows = _parts.Pass.Rows.Next(cancellationToken);
        if (_rows == 0)
        {
            return (double.NaN, true);
        }

        _cancellationToken = cancellationToken;
        if (_state[0] == 0)
        {
            Measure();
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
        _parts.Network.Parameters.Span.CopyTo(_parametersBefore.Span);
        Gradient.Span.CopyTo(_gradientBefore.Span);
        double lossBefore = Loss;
        LinePoint? found = _search.Find(new LinePoint(0, Loss + Penalty, slope), isSteepest ? Math.Min(1, 1 / norm) : 1);
        if (found is { } point)
        {
            if (point.Step != _state[2])
            {
                // Not the last step that the search tried.
                Evaluate(point.Step);
            }
            Remember();
        }
        else
        {
            _stopReason = isSteepest ? BpTrainer.StopReason.NoLowerLossFound : null;
            _parametersBefore.Span.CopyTo(_parts.Network.Parameters.Span);
            _gradientBefore.Span.CopyTo(Gradient.Span);
            _parts.BackPropagation.RefreshTransposed();
            Loss = lossBefore;
            Remembered = 0;
        }

        return (Loss, true);
    }

    /// <summary>Loss and gradient with the parameters as they are; NaN at once when cancelled.</summary>
    private void Measure()
    {
        Loss = _cancellationToken.IsCancellationRequested ? double.NaN : _gradient.Run(_order.For(_rows), 0, _rows, learningRate: T.Zero);
        foreach (LayerLayout layout in _sharedBiases)
        {
            Gradient.Span.Slice(layout.BiasOffset + 1, layout.Outputs - 1).Clear();
        }
    }

    /// <summary>−H g, or −g without a history or if −H g leads up. Returns whether the history took part.</summary>
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

    /// <summary>The loss and its slope at a step along the direction; the parameters are left there.</summary>
    private LinePoint Evaluate(double step)
    {
        Span<T> parameters = _parts.Network.Parameters.Span;
        _parametersBefore.Span.CopyTo(parameters);
        Combine(_parts.Network.Parameters, step, _direction, 1);
        foreach (LayerLayout layout in _sharedBiases)
        {
            parameters.Slice(layout.BiasOffset, layout.Outputs).Fill(parameters[layout.BiasOffset]);
        }

        _parts.BackPropagation.RefreshTransposed();
        Measure();
        _state[2] = step;
        return new LinePoint(step, Loss + Penalty, Dot(Gradient, _direction));
    }

    /// <summary>Remembers the changes of parameters and gradient if the curvature along them is above 0.</summary>
    private void Remember()
    {
        int k = (int)Next;
        _parts.Network.Parameters.Span.CopyTo(_s[k].Span);
        Combine(_s[k], -1, _parametersBefore, 1);
        Gradient.Span.CopyTo(_y[k].Span);
        Combine(_y[k], -1, _gradientBefore, 1);
        double curvature = Dot(_s[k], _y[k]);
        double lowest = double.CreateTruncating(T.BitIncrement(T.One) - T.One) * Dot(_y[k], _y[k]);
        if (curvature > lowest)
        {
            _curvatures[k] = 1 / curvature;
            Next = (k + 1) % _s.Length;
            Remembered = Math.Min(Remembered + 1, _s.Length);
        }
        else if (Remembered == _s.Length)
        {
            // The oldest change was in its place.
            Remembered--;
        }
    }

    /// <summary>to ← a·x + b·to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine(AlignedBuffer<T> to, double a, AlignedBuffer<T> x, double b)
    {
        Span<T> target = to.Span;
        Span<T> source = x.Span[..target.Length];
        T factor = T.CreateTruncating(a);
        T kept = T.CreateTruncating(b);
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = (factor * source[i]) + (kept * target[i]);
        }
    }

    /// <summary>xᵀy, in double and in the order of memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(AlignedBuffer<T> x, AlignedBuffer<T> y)
    {
        double sum = 0;
        Span<T> left = x.Span;
        Span<T> right = y.Span[..left.Length];
        for (int i = 0; i < left.Length; i++)
        {
            sum += double.CreateTruncating(left[i]) * double.CreateTruncating(right[i]);
        }

        return sum;
    }
}
