namespace BpTrainer.Examples.Textbook;

/// <summary>
/// Function approximation: a 1-10-1 network with Bayesian regularization learns y = f(x) from 60 noisy points. The page writes a picture of
/// the points, the function and the learned curve.
/// </summary>
internal static class FittedCurve
{
    /// <summary>The name of the picture file, which is written to the current directory.</summary>
    public const string Picture = "fitted-curve.svg";

    private const int Points = 60;

    public static void Run(TextWriter to)
    {
        to.WriteLine("y = sin x + ½ sin 3x on [−3, 3], 60 points disturbed by up to 0.15: 1-10-1, tanh, Bayesian regularization");
        (double[] x, double[] y) = Samples();
        var data = new DataSet<double>(x, 1, y, 1);
        Network<double> network = new NetworkBuilder(1)
            .ScaleInputs(ColumnScaling.MinMax<double>(x, columns: 1, low: -1, high: 1))
            .Add(new LayerSpec(10, Activation.Tanh) { Initializer = Initializer.NguyenWidrow })
            .Add(1, Activation.Linear)
            .ScaleOutputs(ColumnScaling.StandardizeTargets(data))
            .Build<double>(seed: 1);
        TrainingResult result = new NetworkTrainer<double>(network, new TrainingOptions
        {
            Optimizer = Optimizer.BayesianRegularization(),
            BatchSize = TrainingOptions.FullBatch,
            Epochs = 100,
        }).Train(data);

        BayesianFigures found = result.BayesianRegularization!;
        to.WriteLine($"{result.StopReason} after {result.History.Count} epochs; {found.EffectiveParameters:F1} of " +
            $"{found.Parameters} parameters count");
        to.WriteLine("   x      f(x)   network");
        for (double at = -3; at <= 3; at++)
        {
            to.WriteLine($"{at,5:F1}  {F(at),7:F3}  {network.OutputsOf([at])[0],7:F3}");
        }

        double[] grid = [.. Enumerable.Range(0, 121).Select(k => -3 + (k * 0.05))];
        double error = Math.Sqrt(grid.Average(at => Math.Pow(network.OutputsOf([at])[0] - F(at), 2)));
        to.WriteLine($"root of the mean squared difference from f on [−3, 3]: {error:F2}");
        File.WriteAllText(Picture, CurvePicture.Draw(x, y, grid, F, at => network.OutputsOf([at])[0]));
        to.WriteLine($"The picture is {Picture}.");
    }

    private static double F(double x) => Math.Sin(x) + (0.5 * Math.Sin(3 * x));

    /// <summary>Evenly spaced points, each disturbed by at most 0.15 independently of f.</summary>
    private static (double[] X, double[] Y) Samples()
    {
        double[] x = [.. Enumerable.Range(0, Points).Select(k => -3 + (6.0 * k / (Points - 1)))];
        return (x, [.. x.Select((at, k) => F(at) + (0.15 * Math.Sin(k * k)))]);
    }
}
