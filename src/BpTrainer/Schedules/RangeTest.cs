namespace BpTrainer.Schedules;

/// <summary>The rates of a range test, which grow by a constant factor from update to update, and the resulting losses.</summary>
internal sealed class RangeTest : RateCourse
{
    /// <summary>The test ends when the smoothed loss is above this many times its lowest value: the training diverges.</summary>
    private const double Runaway = 4;

    /// <summary>The maximum number of batches; more would not improve the curve.</summary>
    private const int MostUpdates = 1_000_000;

    /// <summary>The weight of the smoothed loss so far in the next one: about ten batches count.</summary>
    private const double Smoothing = 0.9;

    private readonly List<(double Rate, double Loss, double SmoothedLoss)> _points = [];
    private readonly double _lowest;
    private readonly double _highest;
    private readonly int _updates;
    private readonly CancellationTokenSource _end;
    private double _sum;
    private double _weight;
    private double _least = double.PositiveInfinity;

    /// <summary>Creates a test with this number of batches; it cancels <paramref name="end"/> when it is over.</summary>
    public RangeTest(double lowest, double highest, int updates, CancellationTokenSource end)
    {
        _end = end;
        _lowest = Guard.PositiveFinite(lowest);
        _highest = highest > lowest && double.IsFinite(highest)
            ? highest
            : throw Guard.OutOfRange(
                nameof(highest), highest, FormattableString.Invariant($"a finite number above the lowest rate, {lowest}"));
        _updates = updates is >= 10 and <= MostUpdates
            ? updates
            : throw Guard.OutOfRange(nameof(updates), updates, $"from 10 to {MostUpdates}");
    }

    public override bool ChangesInEpochs => true;

    public override bool WatchesBatches => true;

    public LearningRateCurve Curve => new(_points);

    public override double RateAt(long update) => _lowest * Math.Pow(_highest / _lowest, update / (_updates - 1.0));

    /// <summary>Adds the loss of a batch, before its update.</summary>
    public override void EndStretch(double loss)
    {
        if (!double.IsFinite(loss))
        {
            _end.Cancel();
            return;
        }

        _sum = (Smoothing * _sum) + loss;
        _weight = (Smoothing * _weight) + 1;
        double smoothed = _sum / _weight;
        _points.Add((RateAt(_points.Count), loss, smoothed));
        _least = Math.Min(_least, smoothed);
        if (_points.Count == _updates || smoothed > Runaway * _least)
        {
            _end.Cancel();
        }
    }
}
