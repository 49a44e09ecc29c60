using System.Numerics;
using BpTrainer.Numbers;
using BpTrainer.Training;

namespace BpTrainer.Schedules;

/// <summary>The rates of a range test, which grow by a constant factor from update to update, and the losses they lead to.</summary>
internal sealed class RangeTest
{
    /// <summary>The test is over when the smoothed loss is above this times its lowest: the training diverges.</summary>
    private const double Runaway = 4;

    /// <summary>The most batches: more make no better curve.</summary>
    private const int MostUpdates = 1_000_000;

    /// <summary>The three numbers of a point, twice while the list grows.</summary>
    private const double BytesOfPoint = 48;

    /// <summary>The share of the smoothed loss that the next one keeps: about ten batches count.</summary>
    private const double Smoothing = 0.9;

    private readonly List<(double Rate, double Loss, double SmoothedLoss)> _points = [];
    private readonly double _lowest;
    private readonly double _highest;
    private readonly int _updates;
    private double _sum;
    private double _weight;
    private double _least = double.PositiveInfinity;

    public RangeTest(double lowest, double highest, int updates)
    {
        _lowest = Guard.PositiveFinite(lowest);
        _highest = highest > lowest && double.IsFinite(highest)
            ? highest
            : throw Guard.OutOfRange(nameof(highest), highest, FormattableString.Invariant($"a finite number above the lowest rate, {lowest}"));
        _updates = updates is >= 10 and <= MostUpdates
            ? updates
            : throw Guard.OutOfRange(nameof(updates), updates, $"from 10 to {MostUpdates}; the curve would take {TrainingMemory.Text(updates * BytesOfPoint)}");
    }

    public bool IsOver { get; private set; }

    /// <summary>The rate of the next update.</summary>
    public double Rate => _lowest * Math.Pow(_highest / _lowest, _points.Count / (_updates - 1.0));

    public LearningRateCurve Curve => new(_points);

    /// <summary>Adds the loss of a batch, before its update with the rate.</summary>
    public void Add(double rate, double loss)
    {
        if (!double.IsFinite(loss))
        {
            IsOver = true;
            return;
        }

        _sum = (Smoothing * _sum) + loss;
        _weight = (Smoothing * _weight) + 1;
        double smoothed = _sum / _weight;
        _points.Add((rate, loss, smoothed));
        _least = Math.Min(_least, smoothed);
        IsOver = _points.Count == _updates || smoothed > Runaway * _least;
    }
}

/// <summary>Batch steps at the rates of a range test; <paramref name="end"/> is cancelled when it is over.</summary>
internal sealed class RangeTestStep<T>(BatchStep<T> step, RangeTest test, CancellationTokenSource end) : BatchStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override double Run(int[] order, int first, int count, T learningRate)
    {
        double rate = test.Rate;
        double loss = step.Run(order, first, count, T.CreateChecked(rate));
        test.Add(rate, loss);
        if (test.IsOver)
        {
            end.Cancel();
        }

        return loss;
    }

    public override void Finish() => step.Finish();
}
