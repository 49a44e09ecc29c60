namespace BpTrainer.Optimizers;

/// <summary>A point on the line of a <see cref="LineSearch"/>: α, φ(α) and φ′(α).</summary>
internal readonly record struct LinePoint(double Step, double Value, double Slope);

/// <summary>
/// A search along a line for a point that meets the strong Wolfe conditions, φ(α) ≤ φ(0) + c₁ α φ′(0) and |φ′(α)| ≤ c₂ |φ′(0)|, by
/// bracketing and cubic interpolation (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithms 3.5 and 3.6).
/// </summary>
internal sealed class LineSearch(Func<double, LinePoint> evaluate)
{
    /// <summary>c₁, the usual value for quasi-Newton methods.</summary>
    private const double SufficientDecrease = 1e-4;

    /// <summary>c₂, the usual value for quasi-Newton methods.</summary>
    private const double Curvature = 0.9;

    /// <summary>The factor of the next step if φ still falls steeply.</summary>
    private const double Growth = 2;

    /// <summary>The minimum distance of an interpolated step from the ends of the interval, as a share of the interval.</summary>
    private const double Margin = 0.1;

    private const int MostEvaluations = 25;

    private LinePoint _start;
    private int _evaluations;

    /// <summary>
    /// A point that meets both conditions or, after too many evaluations, the lowest point that meets the first; null if no point does. The
    /// slope at the start must be below 0.
    /// </summary>
    public LinePoint? Find(LinePoint start, double firstStep)
    {
        _start = start;
        _evaluations = 0;
        LinePoint before = start;
        for (double step = firstStep; _evaluations < MostEvaluations; step *= Growth)
        {
            LinePoint point = Evaluate(step);
            if (IsTooHigh(point) || (before.Step > 0 && point.Value >= before.Value))
            {
                return Zoom(before, point);
            }

            if (IsFlat(point))
            {
                return point;
            }

            if (point.Slope >= 0)
            {
                return Zoom(point, before);
            }

            before = point;
        }

        return before.Step > 0 ? before : null;
    }

    /// <summary>Narrows an interval that contains suitable points: <paramref name="low"/> is the lowest point so far, and φ falls from it
    /// towards the other end.</summary>
    private LinePoint? Zoom(LinePoint low, LinePoint high)
    {
        while (_evaluations < MostEvaluations)
        {
            double step = Between(low, high);
            if (step == low.Step || step == high.Step)
            {
                break;
            }

            LinePoint point = Evaluate(step);
            if (IsTooHigh(point) || point.Value >= low.Value)
            {
                high = point;
                continue;
            }

            if (IsFlat(point))
            {
                return point;
            }

            if (point.Slope * (high.Step - low.Step) >= 0)
            {
                high = low;
            }

            low = point;
        }

        return low.Step > 0 ? low : null;
    }

    private LinePoint Evaluate(double step)
    {
        _evaluations++;
        return evaluate(step);
    }

    private bool IsTooHigh(LinePoint point) => !(point.Value <= _start.Value + (SufficientDecrease * point.Step * _start.Slope));

    private bool IsFlat(LinePoint point) => Math.Abs(point.Slope) <= -Curvature * _start.Slope;

    /// <summary>The minimum of the cubic through two points if it is far enough from both, otherwise the middle between them.</summary>
    private static double Between(LinePoint a, LinePoint b)
    {
        double d1 = a.Slope + b.Slope - (3 * (a.Value - b.Value) / (a.Step - b.Step));
        double d2 = Math.Sign(b.Step - a.Step) * Math.Sqrt((d1 * d1) - (a.Slope * b.Slope));
        double cubic = b.Step - ((b.Step - a.Step) * (b.Slope + d2 - d1) / (b.Slope - a.Slope + (2 * d2)));
        double margin = Margin * Math.Abs(b.Step - a.Step);
        return cubic >= Math.Min(a.Step, b.Step) + margin && cubic <= Math.Max(a.Step, b.Step) - margin ? cubic : 0.5 * (a.Step + b.Step);
    }
}
