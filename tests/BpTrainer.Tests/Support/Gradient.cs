using System.Numerics;

namespace BpTrainer.Tests;

/// <summary>The gradient of a network's loss over a data set: as the engine computes it, and by differences.</summary>
internal static class Gradient
{
    /// <summary>
    /// ∂E/∂w of every trained parameter, in the order of <see cref="Parameter.Trained"/>: what one full-batch step of
    /// gradient descent with η = 1 takes off, w − w⁺. Penalties and dropout are those of the options.
    /// </summary>
    public static double[] Computed<T>(Network<T> network, Loss loss, DataSet<T> data, TrainingOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> after = network.Clone();
        Step(after, loss, data, options);
        return [.. Parameter.Trained(network).Select(p => p.Get(network) - p.Get(after))];
    }

    /// <summary>
    /// The mean loss, as the engine reports it for the weights as they are; with dropout under the masks of the first update.
    /// </summary>
    public static double LossOf<T>(Network<T> network, Loss loss, DataSet<T> data, TrainingOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Step(network.Clone(), loss, data, options).History[0].TrainingLoss;

    /// <summary>
    /// Asserts that the computed gradient agrees with differences to a relative error of 1e-6; slopes below 1e-4 to 1e-10
    /// times the error if that is above 1, the noise of the differences. Of more than 100 parameters a random 100 are looked at.
    /// </summary>
    public static void AssertRight(Network<double> network, Loss loss, DataSet<double> data, TrainingOptions? options = null)
    {
        options ??= new TrainingOptions();
        Network<double> moved = network.Clone();
        using var probe = new LossProbe(moved, loss, data);
        double Error() => options.Regularization.Penalty(moved)
            + (options.Regularization.HasDropout ? LossOf(moved, loss, data, options) : probe.Measure());

        (Parameter Of, double Slope)[] gradient = [.. Parameter.Trained(network).Zip(Computed(network, loss, data, options))];
        double floor = 1e-4 * Math.Max(1, Error());
        new Random(1).Shuffle(gradient);
        foreach ((Parameter parameter, double slope) in gradient.Take(100))
        {
            Close.Relative(ByDifference(moved, parameter, Error), slope, 1e-6, $"∂E/∂({parameter})", floor);
        }
    }

    /// <summary>
    /// ∂E/∂w ≈ (8(E(w + h) − E(w − h)) − (E(w + 2h) − E(w − 2h))) / 12h: its error falls with h⁴, so that h can be large
    /// enough for the rounding of E not to count.
    /// </summary>
    public static double ByDifference(Network<double> network, Parameter parameter, Func<double> error)
    {
        const double H = 5e-5;
        double value = parameter.Get(network);
        double Difference(double h)
        {
            parameter.Set(network, value + h);
            double above = error();
            parameter.Set(network, value - h);
            return above - error();
        }

        double slope = ((8 * Difference(H)) - Difference(2 * H)) / (12 * H);
        parameter.Set(network, value);
        return slope;
    }

    private static TrainingResult Step<T>(Network<T> network, Loss loss, DataSet<T> data, TrainingOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new NetworkTrainer<T>(network, (options ?? new TrainingOptions()) with
        {
            Loss = loss,
            Optimizer = Optimizer.GradientDescent(1),
            BatchSize = TrainingOptions.FullBatch,
            Epochs = 1,
        }).Train(data);
}
