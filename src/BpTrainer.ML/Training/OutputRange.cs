using BpTrainer.Scalings;

namespace BpTrainer.ML.Training;

/// <summary>Warns of labels that, after scaling, are outside the range of the output units.</summary>
internal static class OutputRange
{
    /// <summary>A value that is scaled to an end of the range may differ from it by rounding.</summary>
    private const double Tolerance = 1e-6;

    public static void Check(
        WarningList warnings, string labelColumn, LearningTask task, ColumnStatistics targets, ColumnScaling? scaling)
    {
        (double lowest, double highest) = task.OutputActivation.Range;
        for (int c = 0; c < task.Outputs; c++)
        {
            double Scaled(double target) => scaling is null ? target : (target - scaling.Offsets[c]) * scaling.Scales[c];
            double least = Scaled(targets.Smallest[c]), most = Scaled(targets.Largest[c]);
            if (least < lowest - Tolerance || most > highest + Tolerance)
            {
                warnings.Add(
                    "LabelsOutOfRange",
                    $"The network cannot predict all labels of column '{labelColumn}': after its scaling, they are " +
                    FormattableString.Invariant($"from {least:G4} to {most:G4}, but outputs of {task.OutputActivation} ") +
                    FormattableString.Invariant($"are from {lowest:G4} to {highest:G4}. ") +
                    $"Set LabelScaling to a {nameof(Scaling.MinMax)} within that range.");
                return;
            }
        }
    }
}
