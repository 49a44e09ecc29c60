using System.Globalization;
using BpTrainer.Examples.Compare;

namespace BpTrainer.Benchmarks;

/// <summary>What one trainer reached over all tables, beside the reference.</summary>
/// <remarks>
/// Error is the RMSE of a regression, and of a classification the share of wrong classes + 0.01 + ½ / test rows, so that a table on which
/// nearly all is right does not decide; for the same reason 0.02 is added to a log-loss. Both are logarithms of the ratio to the
/// reference: −0.1 is about 10 % less. Log-loss and calibration are of the tables with classes alone.
/// </remarks>
internal sealed class AblationRow(string name)
{
    private readonly List<double> _errors = [];
    private readonly List<double> _logLosses = [];
    private readonly List<double> _calibrationErrors = [];
    private readonly List<double> _seconds = [];

    /// <summary>The two lines above the rows of a report.</summary>
    public const string Header =
        "| variant | RMSE or error | difference | won–lost | log-loss | difference | won–lost | calibration | seconds |\n" +
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|";

    /// <summary>Adds a table.</summary>
    /// <param name="problem">The table.</param>
    /// <param name="testRows">The rows of a test part.</param>
    /// <param name="result">What the trainer reached on it.</param>
    /// <param name="reference">What the reference reached on it.</param>
    public void Add(Problem problem, int testRows, TrainerResult result, TrainerResult reference)
    {
        _seconds.Add(result.FitSeconds);
        _errors.Add(Math.Log(Error(result) / Error(reference)));
        if (problem.Task != LearningTask.Regression)
        {
            _logLosses.Add(Math.Log(LogLoss(result) / LogLoss(reference)));
            _calibrationErrors.Add(result.Reliability!.CalibrationError);
        }

        double Error(TrainerResult one) =>
            problem.Task == LearningTask.Regression ? one.Mean(0) : 1 - one.Mean(0) + 0.01 + (0.5 / testRows);
        double LogLoss(TrainerResult one) => one.Mean(Metric.For(problem.Task).ToList().IndexOf(Metric.LogLoss)) + 0.02;
    }

    /// <summary>
    /// A line of the report: mean ± standard error over the tables, the same of the difference to a base, tables won and lost against the
    /// reference; mean calibration error, mean seconds of a fit.
    /// </summary>
    public string ToMarkdown(AblationRow @base) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {Ratios(_errors, @base._errors)} | {Ratios(_logLosses, @base._logLosses)} | {Calibration} | " +
        $"{_seconds.Average():0.00} |");

    private string Calibration =>
        _calibrationErrors.Count > 0 ? _calibrationErrors.Average().ToString("0.000", CultureInfo.InvariantCulture) : "–";

    private static string Ratios(List<double> values, List<double> baseValues) =>
        $"{Mean(values)} | {Mean([.. values.Zip(baseValues, (value, other) => value - other)])} | " +
        $"{values.Count(value => value < 0)}–{values.Count(value => value > 0)}";

    private static string Mean(List<double> values)
    {
        if (values.Count == 0)
        {
            return "–";
        }

        double mean = values.Average();
        double variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        string figure = string.Create(CultureInfo.InvariantCulture, $"{mean:+0.000;−0.000;0.000}");
        return values.Count == 1
            ? figure
            : string.Create(CultureInfo.InvariantCulture, $"{figure} ± {Math.Sqrt(variance / values.Count):0.000}");
    }
}
