using System.Numerics;

namespace BpTrainer.Tests;

/// <summary>The gradient of a network's loss over a data set: as the engine computes it, and by differences.</summary>
internal static class Gradient
{
    /// <summary>
    /// ∂E/∂w of every trained parameter, in the order of <see cref="Parameter.Trained"/>: what one full-batch step of
    /// gradient descent with η = 1 takes off, w − w⁺. Penalties and dropout are those of the options.
    /// </summary>
    public static double[] Computed<T>(Network<T> network, Loss loss, DataSet<T> data, Dropout? dropout = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> after = network.Clone();
        Step(after, loss, data, dropout);
        return [.. Parameter.Trained(network).Select(p => p.Get(network) - p.Get(after))];
    }

    /// <summary>The mean loss, as the engine reports it for the weights as they are; with dropout under the masks of the first update.</summary>
    public static double LossOf<T>(Network<T> network, Loss loss, DataSet<T> data, Dropout? dropout = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Step(network.Clone(), loss, data, dropout).History[0].TrainingLoss;

    /// <summary>
    /// Asserts that the computed gradient agrees with differences to a relative error of 1e-6; slopes below 1e-4 to 1e-10
    /// times the error if that is above 1, the noise of the differences. Of more than 100 parameters a random 100 are looked at.
    /// </summary>
    public static void AssertRight(Network<double> network, Loss loss, DataSet<double> data, Dropout? dropout = null)
    {
        (Parameter Of, double Slope)[] gradient = [.. Parameter.Trained(network).Zip(Computed(network, loss, data, dropout))];
        double floor = 1e-4 * Math.Max(1, LossOf(network, loss, data, dropout));
        new Random(1).Shuffle(gradient);
        foreach ((Parameter parameter, double slope) in gradient.Take(100))
        {
            Close.Relative(ByDifference(network, parameter, loss, data, dropout), slope, 1e-6, $"∂E/∂({parameter})", floor);
        }
    }

    /// <summary>
    /// ∂E/∂w ≈ (8(E(w + h) − E(w − h)) − (E(w + 2h) − E(w − 2h))) / 12h: its error falls with h⁴, so that h can be large
    /// enough for the rounding of E not to count.
    /// </summary>
    private static double ByDifference(Network<double> network, Parameter parameter, Loss loss, DataSet<double> data, Dropout? dropout)
    {
        const double H = 5e-5;
        double value = parameter.Get(network);
        double Difference(double h)
        {
            parameter.Set(moved, value + h);
            double above = LossOf(moved, loss, data, dropout);
            parameter.Set(moved, value - h);
            return above - LossOf(moved, loss, data, dropout);
        }

        double slope = ((8 * Difference(H)) - Difference(2 * H)) / (12 * H);
        parameter.Set(network, value);
        return slope;
    }

    private static TrainingResult Step<T>(Network<T> network, Loss loss, DataSet<T> data, Dropout? dropout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var options = new TrainingOptions
        {
            Loss = loss,
            Dropout = dropout ?? new Dropout(),
            UpdateRule = UpdateRule.GradientDescent,
            LearningRate = 1,
            BatchSize = TrainingOptions.FullBatch,
            Epochs = 1,
        }).Train(data);
}
