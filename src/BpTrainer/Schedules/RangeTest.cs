using System.Numerics;
using BpTrainer.Training;

namespace BpTrainer.Schedules;

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

/// <summary>Batches with the rates of a range test, whatever rate they are given.</summary>
/// <param name="step">What learns.</param>
/// <param name="test">The test.</param>
/// <param name="end">Cancelled when the test is over.</param>
internal sealed class RangeTestStep<T>(BatchStep<T> step, RangeTest test, CancellationTokenSource end) : BatchStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override double Run(int[] order, int first, int count, T learningRate)
    {
        double rate = test.Rate;
        double loss = step.Run(order, first, count, T.CreateChecked(rate));
        test.Note(rate, loss);
        if (test.IsOver)
        {
            end.Cancel();
        }

        return loss;
    }

    public override void Finish() => step.Finish();
}
