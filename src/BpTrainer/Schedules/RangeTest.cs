namespace BpTrainer;

/// <summary>The rates of a range test and what they led to.</summary>
internal sealed class RangeTest(double lowest, double highest, int updates, double runaway)
{
    /// <summary>The share of the smoothed loss that the next one keeps: about ten batches count.</summary>
    private const double Smoothing = 0.9;

    private readonly List<LearningRatePoint> _points = [];
    private double _sum;
    private double _weight;
    private double _least = double.PositiveInfinity;

    /// <summary>Whether nothing is left to see.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The rate of the next update.</summary>
    public double Rate => lowest * Math.Pow(highest / lowest, _points.Count / (updates - 1.0));

    public LearningRateCurve Curve => new(_points);

    /// <summary>Takes note of the loss of a batch whose update had the rate.</summary>
    public void Note(double rate, double loss)
    {
        if (!double.IsFinite(loss))
        {
            IsOver = true;
            return;
        }

        _sum = (Smoothing * _sum) + loss;
        _weight = (Smoothing * _weight) + 1;
        double smoothed = _sum / _weight;
        _points.Add(new LearningRatePoint(rate, loss, smoothed));
        _least = Math.Min(_least, smoothed);
        IsOver = _points.Count == updates || smoothed > runaway * _least;
    }
}
