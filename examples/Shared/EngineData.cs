namespace BpTrainer.Examples;

/// <summary>Converts rows of a problem to the two matrices of floats that the engine needs.</summary>
internal static class EngineData
{
    /// <summary>
    /// Converts rows. The inputs are the numeric columns. The target is the number to predict; with two classes 0 or 1; with more classes a
    /// one-hot row.
    /// </summary>
    public static DataSet<float> From(Problem problem, ReadOnlySpan<int> rows)
    {
        int columns = problem.NumberColumns.Count;
        int outputs = OutputsOf(problem);
        var inputs = new float[rows.Length * columns];
        var targets = new float[rows.Length * outputs];
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            problem.Numbers[row].CopyTo(inputs, i * columns);
            switch (problem.Task)
            {
                case LearningTask.Regression:
                    targets[i] = problem.Targets[row];
                    break;
                case LearningTask.Binary:
                    targets[i] = problem.Classes[row];
                    break;
                default:
                    targets[(i * outputs) + problem.Classes[row]] = 1;
                    break;
            }
        }

        return new DataSet<float>(inputs, columns, targets, outputs);
    }

    /// <summary>The number of outputs of a network for the problem: one per class if there are more than two classes, otherwise
    /// one.</summary>
    public static int OutputsOf(Problem problem) => problem.Task == LearningTask.Multiclass ? problem.ClassNames.Count : 1;
}
