using System.Numerics;
using BpTrainer.Numbers;
using BpTrainer.Schedules;

namespace BpTrainer;

/// <summary>
/// The range test for learning rates (Smith, Cyclical Learning Rates for Training Neural Networks, arXiv 1506.01186): a short
/// training whose rate grows from batch to batch by a constant factor, from far too small to far too large.
/// </summary>
public static class LearningRateFinder
{
    /// <summary>The test is over when the smoothed loss is above this times its lowest: the training runs away.</summary>
    private const double Runaway = 4;

    /// <summary>The most batches: more make no better curve.</summary>
    private const int MostUpdates = 1_000_000;

    /// <summary>What a point of the curve takes: its three numbers, the header of an object and the reference to it.</summary>
    private const double BytesOfPoint = 48;

    /// <summary>Runs a range test. The network stays as it is.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="network">The network; a copy of it is trained.</param>
    /// <param name="options">How it is to be trained. Rate, schedule, average and rules for stopping have no part in the test.</param>
    /// <param name="training">The samples to learn.</param>
    /// <param name="lowest">The first rate; finite and above 0. Default 0.000001.</param>
    /// <param name="highest">The last rate; finite and above the first. Default 10.</param>
    /// <param name="updates">The batches of the test, in as many epochs as they take; from 10 to 1,000,000. Default 200.</param>
    /// <param name="cancellationToken">Ends the test within one batch; what it saw so far is the result.</param>
    /// <returns>The loss at every rate, up to where the training ran away, and a suggestion.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A figure is out of its range.</exception>
    /// <exception cref="ArgumentException">The optimizer has no learning rate that can be looked for, or network, options and data do not fit each other.</exception>
    public static LearningRateCurve Find<T>(
        Network<T> network,
        TrainingOptions options,
        DataSet<T> training,
        double lowest = 1e-6,
        double highest = 10,
        int updates = 200,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(training);
        Guard.PositiveFinite(lowest);
        if (updates is < 10 or > MostUpdates)
        {
            throw Guard.OutOfRange(nameof(updates), updates, $"from 10 to {MostUpdates}; the curve would take {TrainingMemory.Text(updates * BytesOfPoint)}");
        }

        if (!(highest > lowest && double.IsFinite(highest)))
        {
            throw Guard.OutOfRange(nameof(highest), highest, FormattableString.Invariant($"a finite number above the lowest rate, {lowest}"));
        }

        if (!options.Optimizer.TakesSchedule)
        {
            throw new ArgumentException(
                $"The {nameof(options.Optimizer)} {options.Optimizer} has no learning rate to look for: it finds its steps or its rate itself.", nameof(options));
        }

        return new NetworkTrainer<T>(network.Clone(), options with { Schedule = LearningRateSchedule.Constant, Averaging = null, MaximumUpdates = null })
            .FindRate(training, new RangeTest(lowest, highest, updates, Runaway), cancellationToken);
    }
}
