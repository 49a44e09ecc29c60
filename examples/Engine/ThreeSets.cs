using System.Diagnostics;

namespace BpTrainer.Examples.Engine;

/// <summary>
/// Iris, breast cancer and diabetes, each on the 10 splits that examples/Compare makes when it is run without arguments.
/// </summary>
internal static class ThreeSets
{
    private const int Splits = 10;
    private const double TestFraction = 0.2;
    private const int Seed = 1;

    public static void Run(TextWriter to)
    {
        to.WriteLine($"Three sets, mean ± standard deviation over {Splits} splits, a fifth of the rows to test");
        foreach (Problem problem in ExampleSets.OneATask())
        {
            long start = Stopwatch.GetTimestamp();
            double[] scores = [.. Enumerable.Range(0, Splits).Select(index => OnSplit(problem, index))];
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / Splits;

            double mean = scores.Average();
            double spread = Math.Sqrt(scores.Sum(score => (score - mean) * (score - mean)) / (Splits - 1));
            (string metric, string format) = problem.Task == LearningTask.Regression ? ("RMSE", "F2") : ("accuracy", "F4");
            to.WriteLine(
                $"  {problem.Name,-13} {metric,-8} {mean.ToString(format),7} ± {spread.ToString(format),6}   {seconds:F3} s a split");
        }

        to.WriteLine();
    }

    private static double OnSplit(Problem problem, int index)
    {
        Split split = Split.Of(problem, TestFraction, Seed, index);
        (Network<float> network, _) = Recipe.Learn(problem, split.Training, Seed);
        return Score.Of(network, problem, split.Test);
    }
}
